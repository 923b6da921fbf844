#include "core/embedded/archive/layerfolder.h"

#include "core/embedded/store/rootpath.h"

#include <QCoreApplication>

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

namespace cooperage::embedded {

static std::unexpected<Error> unreadable(const std::string &path)
{
    return std::unexpected(
        systemError(errno, QCoreApplication::translate("LayerFolder", "Cannot read a layer's folder"),
                    QString::fromStdString(path.empty() ? "/" : path)));
}

Result<Fd> openLayerFolder(const std::string &layer, const std::string &path)
{
    const Fd root(::open(layer.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    Fd folder(root ? openInRoot(root.get(), path.empty() ? "." : path,
                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                   : -1);
    if (!folder)
        return unreadable(path);
    return folder;
}

Result<std::vector<std::string>> namesIn(const Fd &folder, const std::string &path)
{
    Fd copy(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(copy ? ::fdopendir(copy.get()) : nullptr, ::closedir);
    if (!stream)
        return unreadable(path);
    (void)copy.release(); // Now the stream's.
    std::vector<std::string> names;
    errno = 0;
    for (const dirent *found = ::readdir(stream.get()); found; found = ::readdir(stream.get())) {
        const std::string name = found->d_name;
        if (name != "." && name != "..")
            names.push_back(name);
    }
    if (errno != 0)
        return unreadable(path);
    return names;
}

} // namespace cooperage::embedded
