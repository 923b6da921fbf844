#include "core/embedded/runtime/initprogram.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/filecopy.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/stat.h>

// The static program made from runtime/init: it must exist as a file where the container can mount it, and
// the engine must find it wherever it was installed.
asm(".section .rodata\n"
    ".balign 16\n"
    "cooperage_init_begin:\n"
    ".incbin \"" COOPERAGE_INIT_PROGRAM "\"\n"
    "cooperage_init_end:\n"
    ".previous\n");
extern const char initBegin[] asm("cooperage_init_begin");
extern const char initEnd[] asm("cooperage_init_end");

namespace cooperage::embedded {

Result<std::string> placeInitProgram(const std::string &folder)
{
    static std::mutex mutex;
    static std::set<std::string> placed;
    const std::lock_guard lock(mutex);
    const std::string path = folder + "/cooperage-init";
    if (placed.contains(path) && ::access(path.c_str(), X_OK) == 0)
        return path;
    const QString what = RuntimeText::tr("Cannot write the engine's init program");
    const QString shown = QFile::decodeName(path.c_str());
    ::unlink(path.c_str());
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd)
        return std::unexpected(systemError(errno, what, shown));
    if (const int failed = writeBytes(fd.get(), initBegin, static_cast<std::size_t>(initEnd - initBegin), 0);
        failed != 0)
        return std::unexpected(systemError(failed, what, shown));
    if (::fchmod(fd.get(), 0555) != 0)
        return std::unexpected(systemError(errno, what, shown));
    placed.insert(path);
    return path;
}

} // namespace cooperage::embedded
