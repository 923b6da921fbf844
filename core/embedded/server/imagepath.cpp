#include "core/embedded/server/imagepath.h"

#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"

#include <cerrno>
#include <fcntl.h>

namespace cooperage::embedded {

Result<OpenedPath> openImagePath(const std::shared_ptr<ImageView> &view, const std::string &path)
{
    const QString shown = QString::fromStdString(path);
    if (path.find('\0') != std::string::npos)
        return failure(ErrorKind::BadInput, Text::tr("a path cannot contain a zero byte"), shown);
    OpenedPath result{view, Fd(::open(view->path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), Fd()};
    if (!result.root)
        return std::unexpected(systemError(errno, Text::tr("Cannot open the image")));
    result.fd = Fd(openInRoot(result.root.get(), path.empty() ? "/" : path, O_PATH | O_CLOEXEC));
    if (!result.fd) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG)
            return failure(ErrorKind::NotFound, Text::tr("there is no such path in the image"), shown);
        return std::unexpected(systemError(errno, Text::tr("Cannot open the path in the image"), shown));
    }
    if (::fstat(result.fd.get(), &result.info) != 0)
        return std::unexpected(systemError(errno, Text::tr("Cannot open the path in the image"), shown));
    return result;
}

Fd reopen(const Fd &fd, int flags)
{
    return Fd(::open(procPath(fd.get()).c_str(), flags | O_CLOEXEC));
}

} // namespace cooperage::embedded
