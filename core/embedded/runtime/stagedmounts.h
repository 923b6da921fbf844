#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/agentrelay.h"
#include "core/embedded/runtime/ociconfig.h"
#include "core/embedded/runtime/runmount.h"

#include <memory>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// The mounts of one run, made ready for the runtime: each source is attached to a place of its own below a
/// draft's folder, which only the engine can reach, so that what the runtime binds is what was opened. Files
/// are in memory and never on a disk. Everything is undone with the object.
class StagedMounts
{
public:
    /// `folder` is the draft's.
    explicit StagedMounts(const std::string &folder) : m_folder(folder + "/mounts") {}
    ~StagedMounts();
    StagedMounts(const StagedMounts &) = delete;
    StagedMounts &operator=(const StagedMounts &) = delete;

    /// `root` is the mounted root, in which all mount points are. Needs Linux 5.12.
    [[nodiscard]] Result<> make(int root, const std::vector<RunMount> &mounts);
    /// For the container, parents before what is mounted below them.
    [[nodiscard]] const std::vector<ContainerMount> &mounts() const { return m_mounts; }

private:
    [[nodiscard]] Result<ContainerMount> stage(int root, const RunMount &mount);
    [[nodiscard]] Result<ContainerMount> attach(const RunMount &mount);
    [[nodiscard]] Result<std::string> memory();

    std::string m_folder;
    std::vector<std::string> m_attached; ///< Mounted by this object, in that order.
    std::string m_memory;                ///< Where files are; empty: not needed yet.
    int m_next = 0;
    std::vector<std::unique_ptr<AgentRelay>> m_relays;
    std::vector<ContainerMount> m_mounts;
};

} // namespace cooperage::embedded
