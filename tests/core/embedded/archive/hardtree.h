#pragma once

#include "tests/core/embedded/archive/tarbuilder.h"

#include <sys/sysmacros.h>

namespace cooperage::test {

/// security.capability of version 2 with cap_net_bind_service, as `setcap` writes it.
inline std::string bindCapability()
{
    std::string value(20, '\0');
    value[0] = 1; // effective
    value[3] = 2; // version
    value[5] = 4; // CAP_NET_BIND_SERVICE, bit 10
    return value;
}

/// user::rw-, user:1000:rwx, group::r--, mask::rwx, other::r-- as the kernel keeps it.
inline std::string accessList()
{
    const unsigned char bytes[] = {2,    0,    0,    0, //
                                   0x01, 0,    6,    0,    0xff, 0xff, 0xff, 0xff, 0x02, 0,    7,    0,
                                   0xe8, 3,    0,    0, //
                                   0x04, 0,    4,    0,    0xff, 0xff, 0xff, 0xff, 0x10, 0,    7,    0,
                                   0xff, 0xff, 0xff, 0xff, 0x20, 0,    4,    0,    0xff, 0xff, 0xff, 0xff};
    return {reinterpret_cast<const char *>(bytes), sizeof bytes};
}

/// Two layers of everything that gets lost easily.
inline std::vector<TarEntry> hardBase()
{
    const std::string longName = "long/" + std::string(200, 'a') + '/' + std::string(200, 'b');
    std::vector<TarEntry> entries{folder("tmp", 01777),
                                  folder("shared", 02775),
                                  folder("closed", 0700),
                                  folder("d"),
                                  folder("d/sub"),
                                  file("d/old", "old"),
                                  file("d/sub/older", "older"),
                                  file("gone", "gone"),
                                  file("kept", "kept"),
                                  folder("lost"),
                                  file("lost/x", "x"),
                                  folder("long"),
                                  folder("long/" + std::string(200, 'a')),
                                  file(longName, "long"),
                                  file("na\xc3\xafve.txt", "utf-8"),
                                  file("latin-\xe9.txt", "not utf-8"),
                                  file("one", "same"),
                                  hardLink("two", "one"),
                                  hardLink("d/three", "one"),
                                  softLink("loop-a", "loop-b"),
                                  softLink("loop-b", "loop-a"),
                                  softLink("out", "../../../../etc/passwd"),
                                  softLink("nowhere", std::string(300, 'n'))};
    TarEntry setuid = file("setuid", "#!");
    setuid.mode = 06755;
    TarEntry owned = file("owned", "far");
    owned.uid = 4'000'000;
    owned.gid = 3'000'000'000;
    TarEntry capable = file("capable", "bin");
    capable.mode = 0755;
    capable.xattrs = {{"security.capability", bindCapability()}, {"user.note", std::string("a\0b", 3)}};
    TarEntry listed = file("listed", "acl");
    listed.mode = 0674;
    listed.xattrs = {{"system.posix_acl_access", accessList()}};
    TarEntry sparse = file("sparse", "begin");
    sparse.sparseSize = 3'000'000;
    TarEntry old = file("old-time", "1969");
    old.mtime = -5;
    TarEntry future = file("future", "2100");
    future.mtime = 4'102'444'800;
    TarEntry pipe{.name = "pipe", .type = AE_IFIFO, .mode = 0620};
    for (const TarEntry &entry : {setuid, owned, capable, listed, sparse, old, future, pipe})
        entries.push_back(entry);
    return entries;
}

inline std::vector<TarEntry> hardDevices()
{
    return {{.name = "null", .type = AE_IFCHR, .mode = 0666, .device = ::makedev(1, 3)},
            {.name = "disk", .type = AE_IFBLK, .mode = 0660, .gid = 6, .device = ::makedev(259, 300'000)}};
}

inline std::vector<TarEntry> hardSecond()
{
    return {file(".wh.gone", ""),
            folder("d", 0711),
            file("d/.wh..wh..opq", ""),
            file("d/new", "new"),
            file("lost", "a file now"),
            file(".wh.never", ""),
            file("kept/inside", "a folder now")};
}

} // namespace cooperage::test
