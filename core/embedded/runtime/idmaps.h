#pragma once

#include "core/base/error.h"

#include <sys/types.h>
#include <vector>

namespace cooperage::embedded {

/// A piece of /etc/subuid or /etc/subgid that belongs to a user.
struct IdRange
{
    unsigned long start = 0;
    unsigned long count = 0;
    bool operator==(const IdRange &) const = default;
};

/// The user's pieces in such a file; lines begin with the name or the number of the user.
[[nodiscard]] std::vector<IdRange> idRanges(const char *text, const char *name, unsigned long id);

/// Gives the process `target`, which has just entered a user namespace, the ids of this user: 0 is the user,
/// 1 and up are the subordinate ids. By newuidmap and newgidmap, from outside the namespace. No thread may
/// exist.
[[nodiscard]] Result<> mapSubordinateIds(pid_t target);

} // namespace cooperage::embedded
