#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// What an image's own /etc/passwd and /etc/group say about a user.
struct ImageUser
{
    std::string name{}; ///< Empty if the image does not know the id.
    std::string home = "/";
    std::vector<std::uint32_t> groups{}; ///< Supplementary groups; always holds the primary one.
};

/// Looks a user up in a root filesystem, without NSS: that would load libraries of the image.
[[nodiscard]] ImageUser lookUpUser(int root, std::uint32_t uid, std::uint32_t gid);

} // namespace cooperage::embedded
