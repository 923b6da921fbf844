#include "tests/fuzz/targets/scratch.h"

#include "core/embedded/store/fd.h"
#include "core/embedded/store/trash.h"
#include "tests/fuzz/targets/targets.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cooperage::fuzz {

static const char s_parent[] = "/dev/shm/";

// An input may ask for a file of any size: writing it fails instead of filling the memory.
static void limitFiles()
{
    static const bool limited = [] {
        const rlimit limit{64 << 20, 64 << 20};
        return ::signal(SIGXFSZ, SIG_IGN) != SIG_ERR && ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
    }();
    must(limited, "files are limited");
}

Scratch::Scratch()
{
    limitFiles();
    std::array<char, 64> path{"/dev/shm/cooperage-fuzz-XXXXXX"};
    must(::mkdtemp(path.data()) != nullptr, "a scratch folder can be made");
    m_name = path.data() + sizeof s_parent - 1;
}

Scratch::~Scratch()
{
    const embedded::Fd parent(::open(s_parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    embedded::removeTree(parent.get(), m_name.c_str());
}

std::string Scratch::path(const std::string &below) const
{
    return s_parent + m_name + (below.empty() ? "" : "/" + below);
}

void Scratch::makeFolder(const std::string &below) const
{
    must(::mkdir(path(below).c_str(), 0755) == 0, "a scratch folder can be made");
}

void Scratch::write(const std::string &below, const QByteArray &bytes) const
{
    const embedded::Fd file(::open(path(below).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    must(::write(file.get(), bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size(),
         "a scratch file can be written");
}

int fileOf(const QByteArray &bytes)
{
    limitFiles();
    const int fd = ::memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && ::write(fd, bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size(),
         "an input can be written");
    return fd;
}

} // namespace cooperage::fuzz
