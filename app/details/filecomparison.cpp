#include "app/details/filecomparison.h"

#include "core/engine/background.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static QString tr(const char *text)
{
    return FileComparer::tr(text);
}

// Without the empty line behind the last line end.
static QStringList linesOf(const QString &text)
{
    QStringList lines = text.split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

static FileComparison compareTexts(const FileText &before, const FileText &after)
{
    FileComparison result{.diff = diffLines(linesOf(before.text), linesOf(after.text))};
    const int changed = result.diff.added + result.diff.removed;
    result.isEqual = before.text == after.text;
    if (changed == 0)
        result.summary = result.isEqual ? tr("Both files hold the same text.")
                                        : tr("Only the line end at the end of the file differs.");
    else
        result.summary = tr("%1 lines added, %2 removed").arg(result.diff.added).arg(result.diff.removed);
    if (before.isLossy || after.isLossy)
        result.note = before.isLossy ? before.note() : after.note();
    else if (!result.diff.isShortest)
        result.note = tr("The files differ so much that what differs is shown as a whole.");
    return result;
}

static FileComparison compareDigests(const engine::FileDigest &before, const engine::FileDigest &after,
                                     bool isBinary)
{
    FileComparison result{.isText = false, .isEqual = before.sha256 == after.sha256};
    const auto size = [](qint64 bytes) { return QLocale().formattedDataSize(bytes); };
    result.summary =
        result.isEqual ? tr("Both files hold the same %1.").arg(size(before.size))
                       : tr("The files differ: %1 before, %2 now.").arg(size(before.size), size(after.size));
    result.note = isBinary ? tr("Binary files are compared byte by byte.")
                           : tr("Files above %1 are compared byte by byte.").arg(size(shownBytes));
    return result;
}

engine::Task<FileComparison> FileComparer::compare(ImageFile before, ImageFile after)
{
    const std::stop_token stop = m_stop.get_token();
    const auto old =
        co_await engine::readHead(before.side.engine, before.side.uuid, before.path, shownBytes, stop);
    if (!old)
        co_return std::unexpected(old.error());
    const auto now =
        co_await engine::readHead(after.side.engine, after.side.uuid, after.path, shownBytes, stop);
    if (!now)
        co_return std::unexpected(now.error());
    const bool isBinary = old->bytes.contains('\0') || now->bytes.contains('\0');
    if (!isBinary && old->isWhole && now->isWhole)
        co_return co_await cooperage::inBackground(
            [old = *old, now = *now] { return compareTexts(decoded(old), decoded(now)); });
    const auto oldDigest =
        co_await engine::digestFile(before.side.engine, before.side.uuid, before.path, stop);
    if (!oldDigest)
        co_return std::unexpected(oldDigest.error());
    const auto nowDigest = co_await engine::digestFile(after.side.engine, after.side.uuid, after.path, stop);
    if (!nowDigest)
        co_return std::unexpected(nowDigest.error());
    co_return compareDigests(*oldDigest, *nowDigest, isBinary);
}

FileComparer::FileComparer(ImageFile before, ImageFile after, QObject *parent) : QObject(parent)
{
    QCoro::connect(compare(std::move(before), std::move(after)), this,
                   [this](const Result<FileComparison> &comparison) {
                       if (comparison)
                           Q_EMIT compared(*comparison);
                       else if (comparison.error().kind != ErrorKind::Cancelled)
                           Q_EMIT failed(comparison.error());
                   });
}

FileComparer::~FileComparer()
{
    m_stop.request_stop();
}

static QChar sign(DiffLine::Kind kind)
{
    return kind == DiffLine::Kind::Added ? u'+' : kind == DiffLine::Kind::Removed ? u'-' : u' ';
}

static QString hunkHeading(const LineDiff &diff, const DiffHunk &hunk)
{
    int before = 0;
    int after = 0;
    int firstBefore = 0;
    int firstAfter = 0;
    for (qsizetype i = hunk.first; i < hunk.first + hunk.count; ++i) {
        const DiffLine &line = diff.lines[i];
        before += line.before > 0 ? 1 : 0;
        after += line.after > 0 ? 1 : 0;
        firstBefore = firstBefore > 0 ? firstBefore : line.before;
        firstAfter = firstAfter > 0 ? firstAfter : line.after;
    }
    return u"@@ -%1,%2 +%3,%4 @@"_s.arg(firstBefore).arg(before).arg(firstAfter).arg(after);
}

QString FileComparison::unified(const ImageFile &before, const ImageFile &after, bool everything) const
{
    if (diff.added + diff.removed == 0)
        return {};
    const auto name = [](const ImageFile &file) { return u"%1 (%2)"_s.arg(file.path, file.side.name); };
    QStringList lines{u"--- "_s + name(before), u"+++ "_s + name(after)};
    const QList<DiffHunk> hunks = everything ? QList<DiffHunk>{{0, diff.lines.size()}} : hunksOf(diff);
    for (const DiffHunk &hunk : hunks) {
        lines.append(hunkHeading(diff, hunk));
        for (qsizetype i = hunk.first; i < hunk.first + hunk.count; ++i)
            lines.append(sign(diff.lines[i].kind) + diff.lines[i].text);
    }
    return lines.join(u'\n');
}

} // namespace cooperage::gui
