#include "app/editor/textfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

constexpr qint64 SizeLimit = 8 * 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("TextFile", text);
}

} // namespace

FileStamp FileStamp::of(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() ? FileStamp{info.lastModified(), info.size()} : FileStamp{};
}

Result<TextFile> readTextFile(const QString &path)
{
    TextFile result;
    result.stamp = FileStamp::of(path);
    QFile file(path);
    if (QFileInfo(path).isDir() || !file.open(QFile::ReadOnly))
        return failure(file.exists() ? ErrorKind::Denied : ErrorKind::NotFound,
                       tr("the file cannot be opened: %1").arg(file.errorString()), path);
    if (file.size() > SizeLimit)
        return failure(ErrorKind::Unsupported, tr("the file is larger than 8 MiB"), path,
                       tr("Open it in another program."));
    QByteArray bytes = file.readAll();
    if (bytes.contains('\0'))
        return failure(ErrorKind::Unsupported, tr("this is not a text file"), path);
    result.byteOrderMark = bytes.startsWith("\xef\xbb\xbf");
    if (result.byteOrderMark)
        bytes.remove(0, 3);
    QStringDecoder decode(QStringDecoder::Utf8);
    result.text = decode(bytes);
    if (decode.hasError())
        return failure(ErrorKind::Unsupported, tr("the text is not UTF-8; saving it would change it"), path,
                       tr("Convert it to UTF-8 first, for example with iconv."));
    const qsizetype returns = bytes.count('\r');
    result.windowsLineEnds = returns > 0;
    if (returns > 0 && (returns != bytes.count("\r\n") || returns != bytes.count('\n')))
        return failure(ErrorKind::Unsupported,
                       tr("the lines end in different ways; saving would change that"), path,
                       tr("Make them alike first, for example with dos2unix."));
    if (result.windowsLineEnds)
        result.text.replace("\r\n"_L1, "\n"_L1);
    return result;
}

Result<FileStamp> writeTextFile(const QString &path, const TextFile &file)
{
    QString text = file.text;
    if (file.windowsLineEnds)
        text.replace(u'\n', "\r\n"_L1);
    QByteArray bytes = text.toUtf8();
    if (file.byteOrderMark)
        bytes.prepend("\xef\xbb\xbf");
    QSaveFile target(path);
    if (!target.open(QSaveFile::WriteOnly) || target.write(bytes) != bytes.size() || !target.commit())
        return failure(ErrorKind::Failed, tr("the file cannot be saved: %1").arg(target.errorString()), path,
                       tr("The text is still here; save it under another name."));
    return FileStamp::of(path);
}

} // namespace cooperage::gui
