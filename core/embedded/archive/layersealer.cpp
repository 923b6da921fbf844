#include "core/embedded/archive/layersealer.h"

#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/layerform.h"

#include <QCoreApplication>

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/sendfile.h>

namespace cooperage::embedded {

namespace {

struct SealText
{
    Q_DECLARE_TR_FUNCTIONS(LayerSealer)
};

timespec now()
{
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return time;
}

} // namespace

Result<QStringList> LayerSealer::seal()
{
    for (auto step : {&LayerSealer::copyBorrowed, &LayerSealer::hideRoot, &LayerSealer::hideFolders,
                      &LayerSealer::hideNames, &LayerSealer::finishFolders}) {
        if (auto done = (this->*step)(); !done)
            return std::unexpected(done.error());
    }
    return m_notes;
}

Result<> LayerSealer::copyBorrowed()
{
    for (const auto &[path, target] : m_marks.borrowed) {
        const auto found = m_lowers.find(target);
        if (!found || !S_ISREG(found->info.st_mode))
            return failure(
                ErrorKind::BadInput,
                SealText::tr("A hard link names %1, which is no file of the image").arg(shownPath(target)),
                shownPath(path), SealText::tr("Make the image again."));
        const auto place = m_tree.place(path);
        if (!place)
            return std::unexpected(place.error());
        if (auto copied = copyFile(*found, *place); !copied)
            return copied;
    }
    return {};
}

Result<> LayerSealer::copyFile(const LowerLayers::Found &from, const Place &to)
{
    const Fd source(::openat(from.folder.get(), from.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    const auto metadata = source
                              ? metadataOf(source.get())
                              : std::unexpected(systemError(errno, SealText::tr("A layer cannot be read")));
    if (!metadata)
        return std::unexpected(metadata.error());
    const auto target = m_tree.addFile(to);
    if (!target)
        return std::unexpected(target.error());
    off_t offset = 0;
    while (offset < from.info.st_size) {
        const ssize_t sent = ::sendfile(target->get(), source.get(), &offset, 1 << 30);
        if (sent < 0 && errno != EINTR)
            return std::unexpected(
                systemError(errno, SealText::tr("Unpacking failed"), shownPath(to.path())));
        if (sent == 0)
            break;
    }
    return applyMetadata(target->get(), *metadata).transform([](int) {});
}

bool LayerSealer::isHidden(const std::string &path) const
{
    for (std::string above = splitEntryPath(path).first; !above.empty();
         above = splitEntryPath(above).first) {
        if (m_hidden.contains(above))
            return true;
    }
    return false;
}

Result<> LayerSealer::hide(const std::string &path)
{
    if (isHidden(path) || !m_lowers.find(path))
        return {};
    const auto place = m_tree.place(path);
    if (!place)
        return std::unexpected(place.error());
    const std::string resolved = place->path();
    if (m_tree.folders().contains(resolved)) {
        const auto folder = m_tree.openFolder(resolved);
        m_hidden.insert(resolved);
        return folder ? makeOpaque(folder->get()) : std::unexpected(folder.error());
    }
    struct stat info{};
    if (::fstatat(place->folder, place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0)
        return {}; // This layer's own file hides the lower one.
    m_hidden.insert(resolved);
    return makeWhiteout(place->folder, place->name);
}

// overlayfs takes no notice of an opaque mark on a layer's root.
Result<> LayerSealer::hideRoot()
{
    if (!m_marks.opaque.contains(std::string()))
        return {};
    for (const std::string &name : m_lowers.rootNames()) {
        if (auto hidden = hide(name); !hidden)
            return hidden;
    }
    return {};
}

Result<> LayerSealer::hideFolders()
{
    for (const std::string &path : m_marks.opaque) {
        if (path.empty() || m_lowers.isEmpty())
            continue;
        const auto place = m_tree.place(path + "/.");
        if (!place)
            return std::unexpected(place.error());
        if (auto marked = makeOpaque(place->folder); !marked)
            return marked;
        m_hidden.insert(place->folderPath);
    }
    return {};
}

// In order of their paths: a folder that goes takes what was in it along.
Result<> LayerSealer::hideNames()
{
    for (const std::string &path : m_marks.deleted) {
        if (auto hidden = hide(path); !hidden)
            return hidden;
    }
    return {};
}

Result<EntryMetadata> LayerSealer::impliedMetadata(const std::string &path)
{
    const auto found = isHidden(path) || m_marks.deleted.contains(path) ? std::nullopt : m_lowers.find(path);
    if (found && S_ISDIR(found->info.st_mode)) {
        const Fd folder(::openat(found->folder.get(), found->name.c_str(),
                                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder)
            return std::unexpected(
                systemError(errno, SealText::tr("A layer cannot be read"), shownPath(path)));
        return metadataOf(folder.get());
    }
    if (found && S_ISLNK(found->info.st_mode))
        m_notes.append(
            SealText::tr("A folder takes the place of the link /%1 of a lower layer.").arg(shownPath(path)));
    return EntryMetadata{.mtime = now()};
}

Result<> LayerSealer::finishFolders()
{
    // Deepest first: a mode may close a folder, and writing into one changes its time.
    for (auto at = m_tree.folders().rbegin(); at != m_tree.folders().rend(); ++at) {
        const auto &[path, own] = *at;
        const auto metadata = own ? Result<EntryMetadata>(*own) : impliedMetadata(path);
        if (!metadata)
            return std::unexpected(metadata.error());
        const auto folder = m_tree.openFolder(path);
        if (!folder)
            return std::unexpected(folder.error());
        if (auto applied = applyMetadata(folder->get(), *metadata); !applied)
            return std::unexpected(
                Error{applied.error().kind, applied.error().what, shownPath(path), applied.error().next});
    }
    return {};
}

} // namespace cooperage::embedded
