#pragma once

#include "core/build/imageconfigs.h"
#include "core/build/prepare.h"
#include "core/context/foldercontext.h"

#include <qcorotask.h>

#include <memory>
#include <stop_token>

namespace cooperage::sessions {
class SessionStore;
}

namespace cooperage::build {

/// What a build would do with a step now.
struct StepForecast
{
    enum class State { Cached, WillRun, Unknown };
    State state = State::Unknown;
    QString reason{}; ///< In words, except for cached steps: "never built", "an earlier step runs"...

    bool operator==(const StepForecast &) const = default;
};

struct ForecastOptions
{
    bool commits = true;     ///< The engine makes layers of files alone (extension `commit`).
    bool keepsConfig = true; ///< It keeps OCI configs (extension `image-config`).
    ImageConfigs configs{};
    std::stop_token stop{};
};

/// Predicts, for every step of the plan in order, whether a build would reuse it. Asks no engine and no
/// network; files are hashed on a pool thread. `plan` and `sessions` must live until it ends.
[[nodiscard]] QCoro::Task<QList<StepForecast>> predict(const BuildPlan *plan,
                                                       std::shared_ptr<const context::FolderContext> context,
                                                       sessions::SessionStore *sessions,
                                                       ForecastOptions options = {});

} // namespace cooperage::build
