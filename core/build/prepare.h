#pragma once

#include "core/build/plan.h"
#include "core/build/steporder.h"
#include "core/engine/engine.h"

#include <memory>

namespace cooperage::build {

/// The image that a FROM names.
struct BaseImage
{
    QString uuid;
    std::optional<QJsonObject> config{}; ///< Absent where the engine keeps none.
    bool imported = false;               ///< It had to be fetched from a registry just now.
};

/// What a finished stage leaves.
struct StageEnd
{
    StageState state;
    QByteArray key;
    QString image; ///< Empty: an empty file system (or not known, in a forecast).
};

/// What the preparation of a step asks of its surroundings. The builder answers from the engine, a forecast
/// from memory.
class Surroundings
{
public:
    virtual ~Surroundings() = default;
    /// A stage of the same file, when it is finished.
    [[nodiscard]] virtual engine::Task<StageEnd> stage(int fileIndex) = 0;
    [[nodiscard]] virtual engine::Task<BaseImage> base(QString reference, PlannedStep step) = 0;
    /// A content of digest `expected` (64 hex digits; empty: any) may be taken without asking the server.
    [[nodiscard]] virtual engine::Task<AddedUrl> url(QString url, QByteArray expected, PlannedStep step) = 0;
    /// The commit that it stands for now.
    [[nodiscard]] virtual engine::Task<QString> commit(context::GitSource source, PlannedStep step) = 0;
};

/// What is known before a step.
struct StepPosition
{
    StageState state;
    QByteArray key; ///< Of the last step that made a layer.
    // On engines that cannot commit files alone, since then:
    QJsonArray pending{};  ///< Files staged.
    QStringList folders{}; ///< WORKDIRs, to be made.
};

struct Preparation
{
    const BuildPlan *plan = nullptr;
    std::shared_ptr<const context::FolderContext> context;
    Surroundings *surroundings = nullptr;
    bool commits = true; ///< The engine makes layers of files alone.
    std::stop_token stop{};
};

/// Prepares any step but FROM. Changes nothing but what is pending at `position`, and that only when it
/// succeeds. Errors carry the step's place.
[[nodiscard]] engine::Task<PreparedStep> prepareStep(const Preparation *preparation, PlannedStep step,
                                                     StepPosition *position);

/// Key of the layer that holds what was staged after the last RUN, where the engine cannot commit files
/// alone.
[[nodiscard]] QByteArray trailingKey(const StepPosition &position);

/// The name that ADD gives to a URL's content in a folder (spec 3.9): the last component of its path.
[[nodiscard]] QString urlFileName(const QString &url);

/// RUN in each of its forms (spec 3.2, 1.9), without its mounts.
[[nodiscard]] RunOrder runOrder(const BuildPlan &plan, const PlannedStep &step, const StageState &state);

} // namespace cooperage::build
