#include "app/editor/diagnosticswatcher.h"

#include "app/background.h"
#include "app/editor/document.h"
#include "core/build/buildchecks.h"

#include <QFileInfo>
#include <QMutex>

namespace cooperage::gui {

/// Used by one check at a time, on whatever thread.
struct DiagnosticsWatcher::Work
{
    QMutex mutex;
    checks::Checker checker;

    QList<dockerfile::Diagnostic> check(const QString &text, const QString &path)
    {
        const QMutexLocker locker(&mutex);
        checks::CheckSettings settings = build::checkSettings({});
        // Of another name the folder is less likely to be what a build gets.
        const QFileInfo file(path);
        if (file.fileName() == QStringLiteral("Dockerfile"))
            settings.sources = checks::CopySources::open(file.path(), path, true).value_or(nullptr);
        checker.setSettings(std::move(settings));
        return checker.check(text).diagnostics;
    }
};

DiagnosticsWatcher::DiagnosticsWatcher(Document *document, QObject *parent)
    : QObject(parent), m_document(document), m_work(std::make_shared<Work>())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(250);
    connect(&m_timer, &QTimer::timeout, this, &DiagnosticsWatcher::check);
}

void DiagnosticsWatcher::schedule()
{
    ++m_generation;
    m_timer.start();
}

void DiagnosticsWatcher::check()
{
    if (!m_document->isDockerfile()) {
        Q_EMIT diagnosticsChanged({});
        return;
    }
    const QString text = m_document->text();
    if (text.trimmed().isEmpty()) {
        Q_EMIT diagnosticsChanged({}); // an empty page is no mistake yet
        return;
    }
    inBackground(
        this, [work = m_work, text, path = m_document->path()] { return work->check(text, path); },
        [this, generation = m_generation](const QList<dockerfile::Diagnostic> &diagnostics) {
            if (generation == m_generation)
                Q_EMIT diagnosticsChanged(diagnostics);
        });
}

} // namespace cooperage::gui
