#include "app/editor/document.h"

#include "app/background.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

bool isDockerfileName(const QString &fileName)
{
    static const QRegularExpression pattern(
        u"^((docker|container)file(\\..+)?|.+\\.(docker|container)file)$"_s,
        QRegularExpression::CaseInsensitiveOption);
    return pattern.match(fileName).hasMatch() && !fileName.endsWith(".dockerignore"_L1);
}

Document::Document(QTextDocument *text, QObject *parent) : QObject(parent), m_document(text)
{
    connect(text, &QTextDocument::modificationChanged, this, &Document::modifiedChanged);
}

QString Document::fileName() const
{
    return m_path.isEmpty() ? tr("New Dockerfile") : QFileInfo(m_path).fileName();
}

QString Document::folder() const
{
    return m_path.isEmpty() ? QString() : QFileInfo(m_path).absolutePath();
}

QString Document::title() const
{
    return m_path.isEmpty() ? fileName() : u"%1 — %2"_s.arg(fileName(), QDir(folder()).dirName());
}

bool Document::isModified() const
{
    return m_document->isModified();
}

bool Document::isDockerfile() const
{
    return m_path.isEmpty() || isDockerfileName(fileName());
}

QString Document::text() const
{
    // Not toPlainText(): that turns no-break spaces into ordinary ones.
    QString text = m_document->toRawText();
    text.replace(QChar::ParagraphSeparator, u'\n');
    text.replace(QChar::LineSeparator, u'\n');
    return text;
}

void Document::load(const QString &path)
{
    m_path = QFileInfo(path).absoluteFilePath();
    Q_EMIT titleChanged();
    inBackground(
        this, [path = m_path] { return readTextFile(path); },
        [this](const Result<TextFile> &file) {
            if (!file) {
                Q_EMIT loadFailed(file.error());
                return;
            }
            m_file = *file;
            m_file.text.clear();
            m_document->setPlainText(file->text);
            m_document->setModified(false);
            Q_EMIT loaded();
        });
}

void Document::saveAs(const QString &path)
{
    const QString target = QFileInfo(path).absoluteFilePath();
    if (target != m_path) {
        write(target);
        return;
    }
    inBackground(
        this, [target] { return FileStamp::of(target); },
        [this, target](const FileStamp &stamp) {
            if (stamp != m_file.stamp && stamp != FileStamp())
                Q_EMIT changedOutside();
            else
                write(target);
        });
}

void Document::overwrite()
{
    write(m_path);
}

void Document::write(const QString &path)
{
    TextFile file = m_file;
    file.text = text();
    const int revision = m_document->revision();
    inBackground(
        this, [path, file] { return writeTextFile(path, file); },
        [this, path, revision](const Result<FileStamp> &stamp) {
            if (!stamp) {
                Q_EMIT saveFailed(stamp.error());
                return;
            }
            m_file.stamp = *stamp;
            const bool renamed = m_path != path;
            m_path = path;
            if (m_document->revision() == revision)
                m_document->setModified(false);
            if (renamed)
                Q_EMIT titleChanged();
            Q_EMIT saved();
        });
}

void Document::checkOutside()
{
    if (m_path.isEmpty() || m_file.stamp == FileStamp())
        return;
    inBackground(
        this, [path = m_path] { return FileStamp::of(path); },
        [this, path = m_path](const FileStamp &stamp) {
            if (path == m_path && stamp != m_file.stamp && stamp != FileStamp())
                Q_EMIT changedOutside();
        });
}

} // namespace cooperage::gui
