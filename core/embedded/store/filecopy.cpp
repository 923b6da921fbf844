#include "core/embedded/store/filecopy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cooperage::embedded {

// Up to here one read and one write are faster than asking the kernel for anything clever.
static constexpr off_t s_small = 64 * 1024;

int writeBytes(int to, const char *bytes, std::size_t size, off_t offset)
{
    while (size > 0) {
        const ssize_t written = ::pwrite(to, bytes, size, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes += written;
        offset += written;
        size -= static_cast<std::size_t>(written);
    }
    return 0;
}

int FileCopier::readAndWrite(int from, int to, off_t begin, off_t end)
{
    std::array<char, s_small> buffer;
    while (begin < end) {
        const auto wanted = static_cast<std::size_t>(std::min<off_t>(end - begin, s_small));
        const ssize_t got = ::pread(from, buffer.data(), wanted, begin);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            return 0; // Shorter than it was: the caller compares sizes.
        if (const int failed = writeBytes(to, buffer.data(), static_cast<std::size_t>(got), begin);
            failed != 0)
            return failed;
        begin += got;
    }
    return 0;
}

int FileCopier::copyData(int from, int to, off_t begin, off_t end)
{
    off_t in = begin;
    off_t out = begin;
    while (m_range && in < end) {
        const ssize_t copied = ::copy_file_range(from, &in, to, &out, static_cast<std::size_t>(end - in), 0);
        if (copied > 0 || (copied < 0 && errno == EINTR))
            continue;
        if (copied < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO))
            return errno;
        if (copied < 0)
            m_range = false; // EXDEV, EOPNOTSUPP, ENOSYS...
        break;               // 0 may come early on some file systems: the rest is read.
    }
    return readAndWrite(from, to, in, end);
}

int FileCopier::copy(int from, int to, off_t size)
{
    if (size <= s_small)
        return readAndWrite(from, to, 0, size);
    if (m_reflink && ::ioctl(to, FICLONE, from) == 0)
        return 0;
    m_reflink = false;
    off_t at = 0;
    while (at < size) {
        const off_t data = ::lseek(from, at, SEEK_DATA);
        if (data < 0 && errno == ENXIO)
            break; // Only a hole is left.
        const off_t hole = data < 0 ? size : ::lseek(from, data, SEEK_HOLE);
        const off_t end = hole < 0 ? size : std::min(hole, size);
        if (const int failed = copyData(from, to, data < 0 ? at : data, end); failed != 0)
            return failed;
        at = end;
    }
    return ::ftruncate(to, size) == 0 ? 0 : errno;
}

} // namespace cooperage::embedded
