#pragma once

#include "core/embedded/store/fd.h"

#include <cstdint>
#include <memory>
#include <string>

namespace cooperage::embedded {

/// Something that a command sees beside its image (docs/engine-protocol.md, mounts).
struct RunMount
{
    enum class Type {
        Bind,   ///< A file or folder that is open.
        Memory, ///< An empty folder in memory.
        File,   ///< A file in memory.
        Agent,  ///< A socket at which an SSH agent of this machine answers.
    };
    Type type = Type::Bind;
    std::string target{}; ///< Absolute; links on the way are followed inside the image.
    bool readOnly = false;
    std::shared_ptr<const Fd> source{}; ///< Bind: O_PATH.
    std::int64_t size = 0;              ///< Memory: most bytes; 0: as the kernel has it.
    std::string content{};              ///< File.
    std::string agent{};                ///< Agent: the socket's path.
    std::uint32_t uid = 0;              ///< File and Agent: owner and permission bits.
    std::uint32_t gid = 0;
    std::uint32_t mode = 0;
};

} // namespace cooperage::embedded
