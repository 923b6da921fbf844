#include "core/embedded/archive/layerunpacker.h"

#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/layerform.h"
#include "core/embedded/archive/scratchfile.h"

#include <QCoreApplication>

#include <archive_entry.h>
#include <cerrno>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct UnpackText
{
    Q_DECLARE_TR_FUNCTIONS(LayerUnpacker)
};

constexpr std::string_view whiteout = ".wh.";
constexpr std::string_view opaqueMarker = ".wh..wh..opq";

std::unexpected<Error> refused(const QString &why)
{
    return failure(
        ErrorKind::BadInput, why, {},
        UnpackText::tr("Do not use this image unless you trust where it comes from; make it again."));
}

qint64 freeBytes(int fd)
{
    struct statvfs info{};
    return ::fstatvfs(fd, &info) == 0
               ? static_cast<qint64>(info.f_bavail) * static_cast<qint64>(info.f_frsize)
               : 0;
}

/// Adds where it happened to an error that does not say so yet.
Error located(Error error, const QString &archive, std::string_view entry)
{
    if (error.where.isEmpty())
        error.where = archive + u": "_s + shownPath(entry.substr(0, 300));
    else if (!error.where.startsWith(archive))
        error.where = archive + u": "_s + error.where;
    return error;
}

} // namespace

LayerUnpacker::LayerUnpacker(std::unique_ptr<TreeWriter> tree, const UnpackLimits &limits)
    : m_tree(std::move(tree)), m_limits(limits)
{
}

Result<LayerUnpacker> LayerUnpacker::open(const std::string &folder, const UnpackLimits &limits)
{
    auto tree = TreeWriter::open(folder);
    if (!tree)
        return std::unexpected(tree.error());
    return LayerUnpacker(std::move(*tree), limits);
}

Result<StreamDigests> LayerUnpacker::unpack(ByteStream &source, const QString &name)
{
    DecodedStream decoded(source, name);
    if (auto opened = decoded.open(); !opened)
        return std::unexpected(opened.error());
    if (m_limits.bytes < 0)
        m_limits.bytes = freeBytes(m_tree->root());
    TarReader reader(decoded, name);
    for (;;) {
        const auto next = reader.next();
        if (!next)
            return std::unexpected(next.error());
        if (!*next)
            break;
        if (auto done = entry(reader, *next); !done) {
            const char *entryName = archive_entry_pathname(*next);
            return std::unexpected(done.error().kind == ErrorKind::Cancelled
                                       ? done.error()
                                       : located(done.error(), name, entryName ? entryName : ""));
        }
    }
    return decoded.finish();
}

Result<> LayerUnpacker::entry(TarReader &reader, archive_entry *entry)
{
    if (++m_entries > m_limits.entries)
        return refused(UnpackText::tr("There are more than %1 entries").arg(m_limits.entries));
    if (m_tree->folders().size() + m_marks.deleted.size() > static_cast<size_t>(m_limits.kept))
        return refused(UnpackText::tr("There are more than %1 folders and deletions").arg(m_limits.kept));
    const auto path = cleanEntryPath(archive_entry_pathname(entry));
    if (!path)
        return std::unexpected(path.error());
    const auto marked = mark(*path);
    if (!marked)
        return std::unexpected(marked.error());
    if (*marked)
        return {};
    if (archive_entry_hardlink(entry))
        return hardLink(entry, *path);
    return write(reader, entry, *path);
}

Result<bool> LayerUnpacker::mark(const std::string &path)
{
    const auto [folder, name] = splitEntryPath(path);
    // Bookkeeping of aufs, which some old images still carry.
    for (const std::string &part : pathParts(path)) {
        if (part.starts_with(".wh..wh.") && part != opaqueMarker)
            return true;
    }
    if (("/" + folder).find("/.wh.") != std::string::npos)
        return refused(UnpackText::tr("A deletion mark is used as a folder"));
    if (!name.starts_with(whiteout))
        return false;
    if (name == opaqueMarker) {
        m_marks.opaque.insert(folder);
        return true;
    }
    const std::string deleted = name.substr(whiteout.size());
    if (deleted.empty() || deleted == "." || deleted == "..")
        return refused(UnpackText::tr("A deletion mark names nothing"));
    m_marks.deleted.insert(joinPath(folder, deleted));
    return true;
}

Result<> LayerUnpacker::write(TarReader &reader, archive_entry *entry, const std::string &path)
{
    const auto metadata = metadataOf(entry);
    if (!metadata)
        return std::unexpected(metadata.error());
    m_skippedAttributes += metadata->lost;
    if (auto room = reserve(archive_entry_size(entry)); !room)
        return room;
    const auto place = m_tree->place(path);
    if (!place)
        return std::unexpected(place.error());
    switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
        return m_tree->addFolder(*place, *metadata);
    case AE_IFREG: {
        const auto file = m_tree->addFile(*place);
        if (!file)
            return std::unexpected(file.error());
        if (auto filled = content(reader, entry, file->get()); !filled)
            return filled;
        return applyMetadata(file->get(), *metadata).transform([this](int skipped) {
            m_skippedAttributes += skipped;
        });
    }
    case AE_IFLNK: {
        const char *target = archive_entry_symlink(entry);
        if (!target || !*target || std::string_view(target).size() > 4095)
            return refused(UnpackText::tr("A link has no usable target"));
        if (auto linked = m_tree->addLink(*place, target); !linked)
            return linked;
        return applyMetadata(place->folder, place->name, *metadata).transform([this](int skipped) {
            m_skippedAttributes += skipped;
        });
    }
    default:
        return node(entry, *place, *metadata);
    }
}

Result<> LayerUnpacker::hardLink(archive_entry *entry, const std::string &path)
{
    const auto target = cleanEntryPath(archive_entry_hardlink(entry));
    if (!target)
        return std::unexpected(target.error());
    if (path.empty() || target->empty())
        return refused(UnpackText::tr("A hard link names the root"));
    const auto linked = m_tree->addHardLink(path, *target);
    if (!linked)
        return std::unexpected(linked.error());
    if (!*linked)
        m_marks.borrowed.emplace_back(path, *target);
    return {};
}

Result<> LayerUnpacker::node(archive_entry *entry, const Place &place, const EntryMetadata &metadata)
{
    const auto type = archive_entry_filetype(entry);
    const bool isDevice = type == AE_IFCHR || type == AE_IFBLK;
    const auto major = archive_entry_rdevmajor(entry);
    const auto minor = archive_entry_rdevminor(entry);
    if (!isDevice && type != AE_IFIFO)
        return refused(UnpackText::tr("An entry is of an unknown type"));
    if (type == AE_IFCHR && major == 0 && minor == 0)
        return refused(UnpackText::tr("A device 0:0 is a deletion in disguise"));
    if (isDevice && (major > 0xfff || minor > 0xfffff))
        return refused(UnpackText::tr("A device has impossible numbers"));
    if (isDevice && !inInitialUserNamespace()) {
        ++m_skippedDevices;
        return {};
    }
    const dev_t device = isDevice ? ::makedev(static_cast<unsigned>(major), static_cast<unsigned>(minor)) : 0;
    if (auto made = m_tree->addNode(place, type, device); !made)
        return made;
    return applyMetadata(place.folder, place.name, metadata).transform([this](int skipped) {
        m_skippedAttributes += skipped;
    });
}

Result<> LayerUnpacker::content(TarReader &reader, archive_entry *entry, int fd)
{
    const qint64 size = archive_entry_size(entry);
    qint64 end = 0;
    for (;;) {
        const auto block = reader.block();
        if (!block)
            return std::unexpected(block.error());
        if (block->end)
            break;
        if (block->offset < 0 || block->bytes.size() > size - block->offset)
            return refused(UnpackText::tr("A file is longer than its entry says"));
        end = block->offset + block->bytes.size();
        if (auto wrote = writeAt(fd, block->bytes, block->offset); !wrote)
            return wrote;
    }
    if (end < size && ::ftruncate(fd, size) < 0)
        return std::unexpected(systemError(errno, UnpackText::tr("Writing a file failed")));
    return {};
}

Result<> LayerUnpacker::reserve(qint64 bytes)
{
    if (bytes < 0 || bytes > m_limits.bytes - m_bytes)
        return failure(ErrorKind::Full,
                       UnpackText::tr("The layer's files need more than the %1 MB that are free")
                           .arg(m_limits.bytes / 1'000'000),
                       {}, UnpackText::tr("Free some space where images are kept, then try again."));
    m_bytes += bytes;
    return {};
}

Result<> LayerUnpacker::seal(const LowerLayers &lowers)
{
    auto sealed = LayerSealer(*m_tree, m_marks, lowers).seal();
    if (!sealed)
        return std::unexpected(sealed.error());
    m_notes += *sealed;
    return {};
}

QStringList LayerUnpacker::notes() const
{
    QStringList notes = m_notes;
    if (m_skippedDevices > 0)
        notes += UnpackText::tr("%n device(s) left out: only the system's root may make them.", nullptr,
                                m_skippedDevices);
    if (m_skippedAttributes > 0)
        notes += UnpackText::tr("%n extended attribute(s) could not be kept.", nullptr, m_skippedAttributes);
    return notes;
}

} // namespace cooperage::embedded
