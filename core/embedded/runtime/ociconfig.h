#pragma once

#include <QByteArray>

#include <string>

namespace cooperage::embedded {

/// What differs between the containers of the engine.
struct ContainerSpec
{
    std::string root; ///< Absolute path of the mounted root filesystem.
    std::string hostname;
    bool networking = true;  ///< The host's network; else one with nothing but a loopback device.
    std::string initProgram; ///< Host paths of what is mounted into the container.
    std::string resolvConf;
    std::string hosts;
};

/// config.json of an OCI bundle whose one process is our init. It is root with the container's capabilities
/// and under its seccomp filter, and so is what it starts, until that becomes another user: such a process
/// has none, as if the runtime had started it.
[[nodiscard]] QByteArray ociConfig(const ContainerSpec &spec);

} // namespace cooperage::embedded
