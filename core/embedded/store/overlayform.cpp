#include "core/embedded/store/overlayform.h"

#include <cstdio>

namespace cooperage::embedded {

static bool mapsAllIds()
{
    std::FILE *map = std::fopen("/proc/self/uid_map", "re");
    if (map == nullptr)
        return true; // A kernel without user namespaces.
    unsigned long inside = 1;
    unsigned long outside = 1;
    unsigned long count = 0;
    const int got = std::fscanf(map, "%lu %lu %lu", &inside, &outside, &count);
    std::fclose(map);
    return got == 3 && inside == 0 && outside == 0 && count == 4294967295UL;
}

bool inInitialUserNamespace()
{
    static const bool initial = mapsAllIds();
    return initial;
}

const char *opaqueAttribute()
{
    return inInitialUserNamespace() ? "trusted.overlay.opaque" : "user.overlay.opaque";
}

const char *attributeKind()
{
    return inInitialUserNamespace() ? "trusted" : "user";
}

} // namespace cooperage::embedded
