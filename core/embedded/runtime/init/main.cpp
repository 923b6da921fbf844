// A small static program that stands on both sides of the OCI runtime:
//   supervise STORE MERGED PROGRAM ARG...  starts the runtime in a pid and mount namespace that dies with the
//                                          engine
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
    std::fputs("cooperage-init is started by cooperage-engine.\n", stderr);
    return 2;
}
