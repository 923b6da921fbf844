#include "core/embedded/store/ballast.h"

#include "core/embedded/store/fd.h"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace cooperage::embedded {

namespace {

// Room for SQLite's log of a few collections; less on a tiny disk.
constexpr std::uint64_t s_size = 8 * 1024 * 1024;

struct Disk
{
    std::uint64_t free = 0;
    std::uint64_t reserve = 0;
};

Disk diskOf(const std::string &path)
{
    struct statvfs info{};
    if (::statvfs(path.substr(0, path.rfind('/')).c_str(), &info) != 0)
        return {};
    return {info.f_bavail * info.f_frsize,
            std::min<std::uint64_t>(s_size, info.f_blocks * info.f_frsize / 32)};
}

} // namespace

void Ballast::release() const
{
    const Disk disk = diskOf(m_path);
    if (disk.free < disk.reserve)
        ::unlink(m_path.c_str());
}

void Ballast::restore() const
{
    const Disk disk = diskOf(m_path);
    struct stat info{};
    if (disk.free < 4 * disk.reserve || ::lstat(m_path.c_str(), &info) == 0)
        return;
    const Fd fd(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    // A file system that cannot reserve space leaves us without.
    if (fd && ::fallocate(fd.get(), 0, 0, static_cast<off_t>(disk.reserve)) != 0)
        ::unlink(m_path.c_str());
}

} // namespace cooperage::embedded
