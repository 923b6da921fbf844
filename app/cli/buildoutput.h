#pragma once

#include "core/build/buildevent.h"

#include <memory>
#include <optional>

namespace cooperage::cli {

enum class BuildProgress {
    Plain, ///< Lines for people on standard error, a table at the end on standard output.
    Json,  ///< One JSON object per event and line on standard output.
    Quiet, ///< The image's uuid at the end.
};

/// Shows a build as it goes on.
class BuildOutput
{
public:
    virtual ~BuildOutput() = default;
    virtual void show(const build::BuildEvent &event) = 0;

    [[nodiscard]] static std::unique_ptr<BuildOutput> make(BuildProgress progress);
    /// "plain", "json" or "quiet".
    [[nodiscard]] static std::optional<BuildProgress> progressNamed(const QString &name);
};

} // namespace cooperage::cli
