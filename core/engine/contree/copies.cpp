#include "core/engine/contree/copies.h"

#include "core/context/copypatterns.h"
#include "core/context/modechange.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/unpack.h"
#include "core/engine/contree/waiting.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSet>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

// Applies what the COPY says about owner and mode to one thing of the source.
static StagedEntry entryOf(const UnpackedItem &item, const StagedEntry &copy)
{
    StagedEntry entry{.type = item.type, .path = copy.path};
    if (!item.path.isEmpty())
        entry.path += (copy.path.endsWith(u'/') ? u""_s : u"/"_s) + item.path;
    entry.uid = copy.setOwner ? copy.uid : item.uid;
    entry.gid = copy.setOwner ? copy.gid : item.gid;
    entry.mode = copy.setMode ? copy.mode : item.mode;
    if (const auto change = context::ModeChange::parse(copy.modeChange); change && !copy.modeChange.isEmpty())
        entry.mode = change->apply(item.mode, item.type == StagedEntry::Type::Folder);
    entry.mtimeNs = copy.mtimeNs ? copy.mtimeNs : item.mtimeNs;
    entry.localPath = item.localPath;
    entry.sha256 = item.sha256;
    entry.size = item.size;
    entry.linkTarget = item.linkTarget;
    return entry;
}

// What the patterns of a copy leave of its source: parents come with what is below them.
static Result<QList<UnpackedItem>> wanted(const QList<UnpackedItem> &items, const StagedEntry &copy)
{
    const auto patterns = context::CopyPatterns::compile(copy.include, copy.exclude);
    if (!patterns)
        return std::unexpected(patterns.error());
    QSet<QString> parents;
    QList<UnpackedItem> result;
    for (qsizetype i = items.size() - 1; i >= 0; --i) { // Parents stand before what they hold.
        const UnpackedItem &item = items[i];
        const auto wants = item.path.isEmpty() ? Result<bool>(true) : patterns->wants(item.path);
        if (!wants)
            return std::unexpected(wants.error());
        if (!*wants && !parents.contains(item.path))
            continue;
        const qsizetype slash = item.path.lastIndexOf(u'/');
        if (slash > 0)
            parents.insert(item.path.first(slash));
        result.prepend(item);
    }
    return result;
}

static Task<QList<StagedEntry>> expand(TransportPtr transport, StagedEntry copy, QString folder,
                                       std::stop_token stop)
{
    if (!QDir().mkpath(folder))
        co_return failure(ErrorKind::Failed,
                          QCoreApplication::translate("Engine", "Cannot make a temporary folder"), folder);
    const QString tarPath = folder + u"/archive.tar"_s;
    QFile tar(tarPath);
    if (!tar.open(QFile::WriteOnly))
        co_return failure(ErrorKind::Failed, tar.errorString(), tarPath);
    const auto fetched = co_await fetch(transport, copy.sourceImage, "archive", copy.sourcePath, &tar, stop);
    if (!fetched)
        co_return std::unexpected(fetched.error());
    tar.close();
    const auto items = co_await inBackground(
        [tarPath, source = copy.sourcePath, folder] { return unpackTar(tarPath, source, folder); });
    QFile::remove(tarPath);
    if (!items)
        co_return std::unexpected(items.error());
    const auto kept = wanted(*items, copy);
    if (!kept)
        co_return std::unexpected(kept.error());
    QList<StagedEntry> result;
    for (const UnpackedItem &item : *kept) {
        result.append(entryOf(item, copy));
        // A folder that is there keeps its own, but for what is below it.
        result.last().overwriteAttributes = !item.path.isEmpty() && copy.include.isEmpty();
    }
    co_return result;
}

Task<QList<StagedEntry>> expandCopies(TransportPtr transport, QList<StagedEntry> entries, QString folder,
                                      std::stop_token stop)
{
    QList<StagedEntry> result;
    int count = 0;
    for (const StagedEntry &entry : entries) {
        if (entry.type != StagedEntry::Type::CopyFrom) {
            result.append(entry);
            continue;
        }
        const auto expanded = co_await expand(transport, entry, u"%1/%2"_s.arg(folder).arg(count++), stop);
        if (!expanded)
            co_return std::unexpected(expanded.error());
        result += *expanded;
    }
    co_return result;
}

} // namespace cooperage::engine::contree
