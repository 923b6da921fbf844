#include "core/embedded/archive/layerform.h"

#include <QCoreApplication>

#include <cerrno>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

namespace cooperage::embedded {

namespace {

struct LayerFormText
{
    Q_DECLARE_TR_FUNCTIONS(LayerForm)
};

std::unexpected<Error> attributeError(int errnoValue)
{
    return std::unexpected(systemError(
        errnoValue, LayerFormText::tr("The store's file system does not take overlay attributes")));
}

} // namespace

bool isWhiteout(const struct stat &info)
{
    return S_ISCHR(info.st_mode) && info.st_rdev == ::makedev(0, 0);
}

bool isOpaque(int folder)
{
    char value = 0;
    return ::fgetxattr(folder, opaqueAttribute(), &value, 1) == 1 && value == 'y';
}

Result<> makeWhiteout(int folder, const std::string &name)
{
    if (::mknodat(folder, name.c_str(), S_IFCHR, ::makedev(0, 0)) < 0)
        return std::unexpected(systemError(errno, LayerFormText::tr("A deletion cannot be stored"),
                                           QString::fromStdString(name)));
    return {};
}

Result<> makeOpaque(int folder)
{
    if (::fsetxattr(folder, opaqueAttribute(), "y", 1, 0) < 0)
        return attributeError(errno);
    return {};
}

} // namespace cooperage::embedded
