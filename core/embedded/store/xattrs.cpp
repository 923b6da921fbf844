#include "core/embedded/store/xattrs.h"

#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"

#include <cerrno>
#include <cstring>
#include <sys/xattr.h>
#include <vector>

namespace cooperage::embedded {

bool isImageXattr(const std::string &name)
{
    if (name.find(".overlay.") != std::string::npos)
        return false;
    return name == "security.capability" || name.starts_with("user.") ||
           name.starts_with("system.posix_acl_");
}

std::map<std::string, std::string> imageXattrs(int fd)
{
    // By way of /proc: an O_PATH descriptor cannot be asked.
    const std::string path = procPath(fd);
    std::vector<char> names(64 * 1024);
    std::vector<char> value(64 * 1024);
    std::map<std::string, std::string> found;
    const ssize_t length = ::listxattr(path.c_str(), names.data(), names.size());
    for (const char *name = names.data(); length > 0 && name < names.data() + length;
         name += std::strlen(name) + 1) {
        const ssize_t size =
            isImageXattr(name) ? ::getxattr(path.c_str(), name, value.data(), value.size()) : -1;
        if (size >= 0)
            found.emplace(name, std::string(value.data(), static_cast<std::size_t>(size)));
    }
    return found;
}

Result<> copyXattrs(int from, int to, const std::string &where)
{
    const ssize_t length = ::flistxattr(from, nullptr, 0);
    if (length <= 0)
        return {};
    std::vector<char> names(static_cast<std::size_t>(length) + 1, '\0');
    const ssize_t got = ::flistxattr(from, names.data(), static_cast<std::size_t>(length));
    std::vector<char> value(64 * 1024);
    for (const char *name = names.data(); got > 0 && name < names.data() + got;
         name += std::strlen(name) + 1) {
        if (!isImageXattr(name))
            continue;
        const ssize_t size = ::fgetxattr(from, name, value.data(), value.size());
        if (size < 0 || ::fsetxattr(to, name, value.data(), static_cast<std::size_t>(size), 0) == 0 ||
            errno == EOPNOTSUPP)
            continue;
        return pathFailure(
            errno, StoreText::tr("Cannot set the extended attribute %1").arg(QString::fromLocal8Bit(name)),
            where);
    }
    return {};
}

} // namespace cooperage::embedded
