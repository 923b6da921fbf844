#pragma once

#include "core/embedded/store/fd.h"

#include <optional>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace cooperage::embedded {

/// What shows through from the layers below one: read without mounting (engine-notes 2.8).
class LowerLayers
{
public:
    struct Found
    {
        Fd folder; ///< The folder it lies in.
        std::string name;
        struct stat info{};
    };

    /// Folders of layers in overlayfs form, the topmost first.
    explicit LowerLayers(std::vector<std::string> topToBottom) : m_layers(std::move(topToBottom)) {}

    [[nodiscard]] bool isEmpty() const { return m_layers.empty(); }
    /// What is visible at a path below the root; links on the way are not followed.
    [[nodiscard]] std::optional<Found> find(const std::string &path) const;
    /// The visible names in the root.
    [[nodiscard]] std::set<std::string> rootNames() const;

private:
    std::vector<std::string> m_layers;
};

} // namespace cooperage::embedded
