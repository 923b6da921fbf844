#include "core/build/placer.h"

#include "core/build/copyorigin.h"
#include "core/build/unpack.h"
#include "core/engine/background.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using context::EntryType;
using context::ResolvedMatch;
using context::ResolvedSource;
using context::SourceItem;
using engine::StagedEntry;
using engine::Task;

Result<> Placer::add(const Result<QString> &path, StagedEntry entry)
{
    if (!path)
        return std::unexpected(path.error());
    m_placement.entries << m_to.takeFolders();
    entry.path = *path;
    m_placement.entries << entry;
    m_touched = m_touched || !m_timedFolder.isEmpty();
    return {};
}

void Placer::setFolderTime(const QString &folder, qint64 mtimeNs)
{
    m_timedFolder = folder;
    m_touched = false;
    if (!m_options.folderTimes)
        return;
    StagedEntry entry = m_to.entryAt(folder, 0755, true);
    entry.type = StagedEntry::Type::Folder;
    entry.mtimeNs = mtimeNs;
    m_placement.entries << entry;
}

Result<QString> Placer::temporaryFolder()
{
    const auto folder = std::make_shared<QTemporaryDir>();
    if (!folder->isValid())
        return failure(ErrorKind::Failed, folder->errorString(), folder->path());
    m_placement.unpacked << folder;
    return folder->path();
}

StagedEntry Placer::entryOf(const QString &path, const QString &folder, const SourceItem &item) const
{
    StagedEntry entry = m_to.entryAt(path, item.mode & 07777, item.type == EntryType::Folder);
    entry.mtimeNs = item.mtimeNs;
    entry.xattrs = item.xattrs;
    switch (item.type) {
    case EntryType::File:
        if (!item.twin.isEmpty()) {
            entry.type = StagedEntry::Type::HardLink;
            entry.linkTarget = folder + u'/' + item.twin;
            break;
        }
        entry.localPath = item.hostPath;
        entry.sha256 = item.sha256;
        entry.size = item.size;
        break;
    case EntryType::Folder:
        entry.type = StagedEntry::Type::Folder;
        entry.overwriteAttributes = !m_order.parents;
        break;
    case EntryType::Symlink:
        entry.type = StagedEntry::Type::Symlink;
        entry.linkTarget = item.linkTarget;
        break;
    case EntryType::Fifo:
    case EntryType::CharDevice:
    case EntryType::BlockDevice:
        entry.type = StagedEntry::Type::Special;
        entry.special = item.type == EntryType::Fifo         ? u"fifo"_s
                        : item.type == EntryType::CharDevice ? u"char"_s
                                                             : u"block"_s;
        entry.deviceMajor = item.deviceMajor;
        entry.deviceMinor = item.deviceMinor;
        break;
    }
    return entry;
}

Result<> Placer::placeMatch(const ResolvedMatch &match)
{
    if (!match.isFolder) {
        const Result<QString> path = m_to.file(match.baseName);
        return add(path, entryOf({}, {}, match.items.first()));
    }
    const Result<QString> folder = m_to.folder();
    if (!folder)
        return std::unexpected(folder.error());
    m_placement.entries << m_to.takeFolders();
    const QString below = *folder == "/"_L1 ? QString() : *folder;
    for (const SourceItem &item : match.items)
        m_placement.entries << entryOf(below + u'/' + item.targetPath, below, item);
    if (match.baseName.isEmpty()) // The root of a context has no time of its own.
        m_touched = !m_timedFolder.isEmpty();
    else
        setFolderTime(*folder, match.mtimeNs);
    return {};
}

Task<bool> Placer::unpack(QString archive)
{
    const std::optional<Owner> owner = m_order.chown.isEmpty() ? std::nullopt : std::optional(m_to.owner());
    Destination there = m_to;
    const Result<QString> folder = there.folder(false);
    const QString place = folder.value_or(QString());
    auto work = [archive, place, owner] { return unpackArchive(archive, place, owner); };
    Result<std::optional<Unpacked>> unpacked = co_await inBackground(std::move(work));
    if (!unpacked)
        co_return std::unexpected(unpacked.error());
    if (!*unpacked)
        co_return false;
    if (!folder)
        co_return std::unexpected(folder.error());
    m_to = there;
    m_placement.entries << m_to.takeFolders() << (*unpacked)->entries;
    m_placement.unpacked << (*unpacked)->files;
    co_return true;
}

Task<> Placer::place(ResolvedSource source)
{
    for (const ResolvedMatch &match : std::as_const(source.matches)) {
        if (m_order.unpack && !match.isFolder && match.items.first().type == EntryType::File) {
            const Result<bool> unpacked = co_await unpack(match.items.first().hostPath);
            if (!unpacked)
                co_return std::unexpected(unpacked.error());
            if (*unpacked)
                continue;
        }
        if (const Result<> placed = placeMatch(match); !placed)
            co_return placed;
    }
    co_return {};
}

Task<> Placer::place(OriginSource source)
{
    const Result<QList<OriginItem>> items =
        co_await originItems(m_tree, m_order.origin->image, source, m_options.stop);
    if (!items)
        co_return std::unexpected(items.error());
    for (const OriginItem &item : *items) {
        StagedEntry entry = m_to.entryAt({}, 0, item.isFolder);
        entry.type = StagedEntry::Type::CopyFrom;
        entry.sourceImage = m_order.origin->image;
        entry.sourcePath = item.source;
        entry.setOwner = !m_order.chown.isEmpty();
        entry.setMode = m_order.chmod && m_order.chmod->octal();
        entry.modeChange = m_order.chmod && !entry.setMode ? m_order.chmod->text() : QString();
        if (item.isFolder) {
            entry.include = source.include;
            entry.exclude = m_order.exclude;
        }
        const Result<QString> path = item.isFolder ? m_to.folder() : m_to.file(item.baseName);
        if (const Result<> added = add(path, entry); !added)
            co_return added;
        if (item.isFolder) { // The engine knows its time.
            m_timedFolder = *path;
            m_touched = false;
        }
    }
    co_return {};
}

Task<> Placer::place(InlineFile file)
{
    StagedEntry entry = m_to.entryAt({}, 0644, false);
    entry.content = file.content;
    entry.size = file.content.size();
    const Result<QString> path = m_to.file(file.name);
    co_return add(path, entry);
}

Task<Placement> Placer::place()
{
    for (const CopySource &source : std::as_const(m_order.sources)) {
        const Result<> placed =
            co_await std::visit([this](const auto &one) -> Task<> { return place(one); }, source);
        if (!placed)
            co_return std::unexpected(placed.error());
    }
    if (m_touched)
        setFolderTime(m_timedFolder, QDateTime::currentMSecsSinceEpoch() * 1'000'000);
    co_return std::move(m_placement);
}

} // namespace cooperage::build
