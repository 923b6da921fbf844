#pragma once

#include <QByteArray>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// What differs between the containers of the engine.
struct ContainerSpec
{
    std::string root;                 ///< Absolute path of the mounted root filesystem.
    std::vector<std::string> command; ///< Run by the init program.
    std::map<std::string, std::string> env;
    std::string cwd = "/";
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups{};
    std::string hostname;
    bool networking = true;  ///< The host's network; else one with nothing but a loopback device.
    std::string initProgram; ///< Host paths of what is mounted into the container.
    std::string resolvConf;
    std::string hosts;
};

/// config.json of an OCI bundle.
[[nodiscard]] QByteArray ociConfig(const ContainerSpec &spec);

} // namespace cooperage::embedded
