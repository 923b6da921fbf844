// A small static program that stands on both sides of the OCI runtime:
//   supervise STORE MERGED PROGRAM ARG...  starts the runtime in namespaces that die with the engine
//   nodev ROOT                             the runtime's hook: makes the devices of an image useless
//   init                                   is process 1 in the container: starts processes, reaps, reports
//   true                                   does nothing (the probe's trial run)
#include "core/embedded/runtime/init/modes.h"

#include <cstdio>
#include <cstring>

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (std::strcmp(mode, "true") == 0)
        return 0;
    if (std::strcmp(mode, "init") == 0)
        return initMode();
    if (std::strcmp(mode, "supervise") == 0 && argc > 4)
        return superviseMode(argv[2], argv[3], argv + 4);
    if (std::strcmp(mode, "nodev") == 0 && argc == 3)
        return nodevMode(argv[2]);
    std::fputs("cooperage-init is started by cooperage-engine.\n", stderr);
    return 2;
}
