#pragma once

#include "core/base/error.h"
#include "core/dockerfile/tree.h"

namespace cooperage::dockerfile {

/// One FROM and what follows it. Indices point into Dockerfile::instructions.
struct Stage
{
    int index = 0;
    QString name;          ///< Lower-cased AS name; empty if unnamed.
    qsizetype from = 0;    ///< Index of the FROM instruction.
    QList<qsizetype> body; ///< Indices of the instructions after it.

    /// The name, or "stage-N".
    [[nodiscard]] QString displayName() const;
};

/// Stages of a file that has no errors, with the global ARGs before the first FROM.
struct StageList
{
    QList<qsizetype> globalArgs;
    QList<Stage> stages;

    /// The last stage of that name (any case), as COPY --from and --target look it up; nullptr if there is
    /// none.
    [[nodiscard]] const Stage *find(const QString &name) const;
    /// The nearest stage of exactly that name before `before`, as FROM looks it up.
    [[nodiscard]] const Stage *findEarlier(const QString &name, int before) const;
};

[[nodiscard]] StageList stagesOf(const Dockerfile &file);

} // namespace cooperage::dockerfile
