#include "core/embedded/archive/layertar.h"

#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/layerform.h"

#include <QCoreApplication>

#include <algorithm>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <sys/sysmacros.h>

namespace cooperage::embedded {

namespace {

struct LayerTarText
{
    Q_DECLARE_TR_FUNCTIONS(LayerTar)
};

// Deeper trees exist only to harm: each level keeps a folder open.
constexpr int deepest = 900;
constexpr qsizetype bufferSize = 1024 * 1024;

std::unexpected<Error> readError(const std::string &path)
{
    return std::unexpected(systemError(errno, LayerTarText::tr("A layer cannot be read"), shownPath(path)));
}

std::unexpected<Error> changed(const std::string &path)
{
    return failure(ErrorKind::Failed, LayerTarText::tr("A file of a layer changed while it was read"),
                   shownPath(path), LayerTarText::tr("Nothing but the engine may write to its store."));
}

/// A capability as it is meant for any machine: the form that user namespaces get carries this machine's id
/// of their root (engine-notes 3.5).
std::string portable(const std::string &name, std::string value)
{
    constexpr size_t versionByte = 3;
    constexpr size_t sizeOfThird = 24;
    constexpr size_t sizeOfSecond = 20;
    if (name == "security.capability" && value.size() == sizeOfThird && value[versionByte] == 3) {
        value[versionByte] = 2;
        value.resize(sizeOfSecond);
    }
    return value;
}

} // namespace

Result<std::vector<LayerTar::Name>> LayerTar::namesIn(int folder, const std::string &path)
{
    // Of its own, because closing the stream closes the descriptor.
    const int listed = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(listed < 0 ? nullptr : ::fdopendir(listed), ::closedir);
    if (!stream)
        return readError(path);
    std::vector<Name> names;
    for (errno = 0; const dirent *found = ::readdir(stream.get()); errno = 0) {
        Name name{found->d_name};
        if (name.name == "." || name.name == "..")
            continue;
        if (::fstatat(folder, name.name.c_str(), &name.info, AT_SYMLINK_NOFOLLOW) < 0)
            return readError(joinPath(path, name.name));
        names.push_back(std::move(name));
    }
    if (errno != 0)
        return readError(path);
    std::ranges::sort(names, {}, &Name::name);
    return names;
}

Result<> LayerTar::write(const std::string &folder)
{
    m_buffer.resize(bufferSize);
    const Fd root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!root)
        return readError(folder);
    return addRoot(root.get()).and_then([&] { return addContents(root.get(), {}, !m_lowers.isEmpty(), 0); });
}

// Consumers give the root 0755 and root's ownership unless told otherwise.
Result<> LayerTar::addRoot(int root)
{
    struct stat info{};
    if (::fstat(root, &info) < 0)
        return readError("/");
    const auto own = metadataOf(root);
    Result<EntryMetadata> expected = EntryMetadata{};
    if (const auto lower = m_lowers.find({}))
        expected = metadataOf(lower->folder.get());
    if (!own || !expected)
        return std::unexpected(own ? expected.error() : own.error());
    if (own->uid == expected->uid && own->gid == expected->gid && own->mode == expected->mode &&
        own->xattrs == expected->xattrs)
        return {};
    (void)describe(info, ".", own->xattrs);
    return m_tar.add();
}

Result<> LayerTar::addContents(int folder, const std::string &path, bool mayHideLower, int depth)
{
    if (depth > deepest)
        return failure(ErrorKind::Unsupported, LayerTarText::tr("The folders are nested too deeply"),
                       shownPath(path.substr(0, 200)));
    const auto names = namesIn(folder, path);
    if (!names)
        return std::unexpected(names.error());
    if (mayHideLower) {
        if (Result<> added = addDeletions(*names, path); !added)
            return added;
    }
    for (const Name &name : *names) {
        if (isWhiteout(name.info) || S_ISSOCK(name.info.st_mode))
            continue;
        const std::string full = joinPath(path, name.name);
        if (name.name.starts_with(".wh."))
            return failure(
                ErrorKind::Unsupported,
                LayerTarText::tr("A file's name begins with .wh., which means a deletion in image layers"),
                shownPath(full), LayerTarText::tr("Rename it, or export the root filesystem alone."));
        if (Result<> added = addName(folder, name, full, mayHideLower, depth); !added)
            return added;
    }
    return {};
}

Result<> LayerTar::addDeletions(const std::vector<Name> &names, const std::string &path)
{
    for (const Name &name : names) {
        if (!isWhiteout(name.info) || !m_lowers.find(joinPath(path, name.name)))
            continue;
        if (Result<> added = addMark(joinPath(path, ".wh." + name.name)); !added)
            return added;
    }
    return {};
}

Result<> LayerTar::addMark(const std::string &path)
{
    archive_entry *entry = m_tar.newEntry();
    archive_entry_copy_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 0);
    archive_entry_set_mtime(entry, 0, 0);
    return m_tar.add();
}

Result<> LayerTar::addName(int folder, const Name &name, const std::string &path, bool mayHideLower,
                           int depth)
{
    if (S_ISDIR(name.info.st_mode))
        return addFolder(folder, name, path, mayHideLower, depth);
    const auto linked = addHardLink(name.info, path);
    if (!linked || *linked)
        return linked.transform([](bool) {});
    return S_ISREG(name.info.st_mode) ? addFile(folder, name, path) : addOther(folder, name, path);
}

archive_entry *LayerTar::describe(const struct stat &info, const std::string &path,
                                  const Attributes &attributes)
{
    archive_entry *entry = m_tar.newEntry();
    const bool isFolder = S_ISDIR(info.st_mode);
    archive_entry_copy_pathname(entry, (isFolder ? path + '/' : path).c_str());
    archive_entry_set_mode(entry, info.st_mode);
    archive_entry_set_uid(entry, info.st_uid);
    archive_entry_set_gid(entry, info.st_gid);
    archive_entry_set_mtime(
        entry, m_epoch ? std::min<qint64>(info.st_mtim.tv_sec, *m_epoch) : info.st_mtim.tv_sec, 0);
    archive_entry_set_size(entry, S_ISREG(info.st_mode) ? info.st_size : 0);
    for (const auto &[name, value] : attributes) {
        const std::string kept = portable(name, value);
        archive_entry_xattr_add_entry(entry, name.c_str(), kept.data(), kept.size());
    }
    return entry;
}

Result<> LayerTar::addFolder(int folder, const Name &name, const std::string &path, bool mayHideLower,
                             int depth)
{
    const Fd opened(::openat(folder, name.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!opened)
        return readError(path);
    const auto attributes = attributesOf(opened.get());
    if (!attributes)
        return std::unexpected(attributes.error());
    (void)describe(name.info, path, *attributes);
    if (Result<> added = m_tar.add(); !added)
        return added;
    if (mayHideLower && isOpaque(opened.get())) {
        mayHideLower = false;
        // A folder that is made where none was is marked too.
        const auto lower = m_lowers.find(path);
        if (lower && S_ISDIR(lower->info.st_mode)) {
            if (Result<> added = addMark(joinPath(path, ".wh..wh..opq")); !added)
                return added;
        }
    }
    return addContents(opened.get(), path, mayHideLower, depth + 1);
}

Result<bool> LayerTar::addHardLink(const struct stat &info, const std::string &path)
{
    if (info.st_nlink < 2)
        return false;
    const auto [first, isNew] = m_linked.try_emplace(info.st_ino, path);
    if (isNew)
        return false;
    archive_entry *entry = describe(info, path, {});
    archive_entry_set_size(entry, 0);
    archive_entry_copy_hardlink(entry, first->second.c_str());
    return m_tar.add().transform([] { return true; });
}

Result<> LayerTar::addFile(int folder, const Name &name, const std::string &path)
{
    const Fd file(::openat(folder, name.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file)
        return readError(path);
    const auto attributes = attributesOf(file.get());
    if (!attributes)
        return std::unexpected(attributes.error());
    (void)describe(name.info, path, *attributes);
    return m_tar.add().and_then([&] { return addContent(file.get(), name.info, path); });
}

Result<> LayerTar::addContent(int file, const struct stat &before, const std::string &path)
{
    for (qint64 left = before.st_size; left > 0;) {
        const auto wanted = static_cast<size_t>(std::min<qint64>(left, m_buffer.size()));
        const ssize_t got = ::read(file, m_buffer.data(), wanted);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return readError(path);
        if (got == 0)
            return changed(path);
        if (Result<> written = m_tar.content(QByteArrayView(m_buffer.constData(), got)); !written)
            return written;
        left -= got;
    }
    struct stat after{};
    if (::fstat(file, &after) < 0)
        return readError(path);
    if (after.st_ino != before.st_ino || after.st_size != before.st_size ||
        after.st_mtim.tv_sec != before.st_mtim.tv_sec || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
        return changed(path);
    return {};
}

Result<> LayerTar::addOther(int folder, const Name &name, const std::string &path)
{
    const auto attributes = attributesOf(folder, name.name);
    if (!attributes)
        return std::unexpected(attributes.error());
    archive_entry *entry = describe(name.info, path, *attributes);
    if (S_ISLNK(name.info.st_mode)) {
        std::array<char, PATH_MAX> target{};
        const ssize_t length = ::readlinkat(folder, name.name.c_str(), target.data(), target.size() - 1);
        if (length < 0)
            return readError(path);
        archive_entry_copy_symlink(entry, target.data());
    } else if (S_ISCHR(name.info.st_mode) || S_ISBLK(name.info.st_mode)) {
        archive_entry_set_rdevmajor(entry, ::major(name.info.st_rdev));
        archive_entry_set_rdevminor(entry, ::minor(name.info.st_rdev));
    }
    return m_tar.add();
}

Result<TarFacts> writeLayerTar(const std::string &folder, const LowerLayers &lowers,
                               std::optional<qint64> epoch, ByteSink *sink)
{
    HashedSink hashed(sink);
    TarWriter tar(hashed);
    LayerTar layer(lowers, epoch, tar);
    return layer.write(folder).and_then([&] { return tar.close(); }).transform([&] {
        return TarFacts{"sha256:" + hashed.hexDigest(), hashed.size()};
    });
}

} // namespace cooperage::embedded
