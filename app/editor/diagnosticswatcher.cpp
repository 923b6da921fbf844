#include "app/editor/diagnosticswatcher.h"

#include "app/background.h"
#include "app/editor/document.h"
#include "core/dockerfile/parser.h"

namespace cooperage::gui {

DiagnosticsWatcher::DiagnosticsWatcher(Document *document, QObject *parent)
    : QObject(parent), m_document(document)
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
        this, [text] { return dockerfile::parse(text).diagnostics; },
        [this, generation = m_generation](const QList<dockerfile::Diagnostic> &diagnostics) {
            if (generation == m_generation)
                Q_EMIT diagnosticsChanged(diagnostics);
        });
}

} // namespace cooperage::gui
