#include "core/embedded/archive/scratchfile.h"

#include <QCoreApplication>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

struct ScratchText
{
    Q_DECLARE_TR_FUNCTIONS(ScratchFile)
};

} // namespace

Result<Fd> scratchFile(const Store &store)
{
    const std::string folder = store.folder() + "/tmp";
    Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!fd && (errno == EOPNOTSUPP || errno == EISDIR)) {
        std::string path = folder + "/scratch-XXXXXX";
        fd = Fd(::mkostemp(path.data(), O_CLOEXEC));
        if (fd)
            ::unlink(path.c_str());
    }
    if (!fd)
        return std::unexpected(systemError(errno, ScratchText::tr("No temporary file can be made"),
                                           QString::fromStdString(folder)));
    return fd;
}

Result<> writeAt(int fd, QByteArrayView bytes, qint64 offset)
{
    while (!bytes.isEmpty()) {
        const ssize_t wrote = ::pwrite(fd, bytes.data(), static_cast<size_t>(bytes.size()), offset);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return std::unexpected(systemError(errno, ScratchText::tr("Writing a file failed")));
        offset += wrote;
        bytes = bytes.sliced(wrote);
    }
    return {};
}

} // namespace cooperage::embedded
