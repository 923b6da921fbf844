#include "core/embedded/runtime/init/modes.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/mount.h>

// The engine mounts the root with nodev, but a runtime binds it once more, and crun loses the flag on the
// way. No device cgroup stands behind a container: without the flag, a device node that came with an image
// would open the host's disk.
int nodevMode(const char *root)
{
    if (::mount(nullptr, root, nullptr, MS_REMOUNT | MS_BIND | MS_NODEV, nullptr) == 0)
        return 0;
    std::fprintf(stderr, "cooperage-init: %s: %s\n", root, std::strerror(errno));
    return 1;
}
