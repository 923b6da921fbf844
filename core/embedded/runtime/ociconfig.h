#pragma once

#include <QByteArray>

#include <string>
#include <vector>

namespace cooperage::embedded {

/// A mount beside those that every container has, as the runtime takes it.
struct ContainerMount
{
    std::string destination;
    std::string type;
    std::string source;  ///< Of a bind: a host path.
    std::string options; ///< "bind,ro,nodev"
};

/// What differs between the containers of the engine.
struct ContainerSpec
{
    std::string root; ///< Absolute path of the mounted root filesystem.
    std::string hostname;
    bool networking = true;  ///< The host's network; else one with nothing but a loopback device.
    std::string initProgram; ///< Host paths of what is mounted into the container.
    std::string resolvConf;
    std::string hosts;
    std::vector<ContainerMount> mounts{};
};

/// config.json of an OCI bundle whose one process is our init. It is root with the container's capabilities
/// and under its seccomp filter, and so is what it starts, until that becomes another user: such a process
/// has none, as if the runtime had started it.
[[nodiscard]] QByteArray ociConfig(const ContainerSpec &spec);

} // namespace cooperage::embedded
