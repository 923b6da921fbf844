#pragma once

#include "core/build/variables.h"
#include "core/dockerfile/stages.h"

#include <QMap>
#include <QSet>

namespace cooperage::build {

/// Where a stage starts from, or a COPY --from or RUN --mount takes from.
struct StageSource
{
    enum class Kind { Scratch, Stage, Image };
    Kind kind = Kind::Image;
    int stage = -1;  ///< Index of the stage in the file.
    QString image{}; ///< A reference, "tag:NAME" or uuid, variables expanded.

    bool operator==(const StageSource &) const = default;
};

/// What a build asks of its file.
struct PlanOptions
{
    QString target{};
    VariableMap buildArgs{};
    VariableMap labels{}; ///< Win over those of the file.
    /// Which stages (as they are written) the ONBUILD triggers of a base image copy from, by its reference.
    QMap<QString, QStringList> triggerSources{};
    QString created{};  ///< The image's time as OCI writes it; empty: when it was made.
    QString platform{}; ///< "linux/amd64"; empty: this machine's.
    QString fileName = QStringLiteral("Dockerfile"); ///< As error messages name it.
    QString network{}; ///< Of RUNs that do not say: "none" or "host"; empty: default. "host" is then allowed.
};

/// All stages of a file and what they take from each other and from images (spec section 4).
struct StageGraph
{
    dockerfile::StageList list;
    int target = 0;
    VariableMap globals;                    ///< Values of global and platform ARGs.
    QMap<qsizetype, StageSource> sources{}; ///< Of FROM and COPY --from, by index of the instruction.
    /// Of RUN, one for each --mount; nullopt for those without `from`.
    QMap<qsizetype, QList<std::optional<StageSource>>> mounts{};
    QMap<int, QSet<int>> edges{}; ///< Stages that a stage takes from.

    /// The stage itself and all that it needs.
    [[nodiscard]] QSet<int> reachableFrom(int stage) const;
};

/// Works on a file without errors. Fails with an unknown target, a FROM or --from that cannot be understood,
/// and a stage that copies from itself.
[[nodiscard]] Result<StageGraph> makeStageGraph(const dockerfile::Dockerfile &file,
                                                const PlanOptions &options);

/// Where `COPY --from` in a stage takes from. The error has no place.
[[nodiscard]] Result<StageSource> copySource(const dockerfile::StageList &stages,
                                             const dockerfile::Stage &stage, const QString &from);
/// Why a stage cannot copy from one behind it.
[[nodiscard]] QString laterStageMessage(const QString &later, const QString &stage);

/// "Dockerfile:12:1"
[[nodiscard]] QString placeIn(const dockerfile::Dockerfile &file, const PlanOptions &options,
                              qsizetype position);

} // namespace cooperage::build
