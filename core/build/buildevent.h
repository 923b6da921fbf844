#pragma once

#include "core/base/error.h"
#include "core/dockerfile/tree.h"
#include "core/engine/values.h"

#include <QMetaType>

#include <variant>

namespace cooperage::build {

/// One line of the build: an instruction of a stage that the target needs.
struct StepInfo
{
    int index = 0;     ///< Position in the plan's list of steps.
    int stage = 0;     ///< Index of the stage in the file.
    QString stageName; ///< "builder", "stage-1"
    QString title;     ///< The instruction on one line, as written: "RUN make install"
    dockerfile::Keyword keyword = dockerfile::Keyword::Unknown;
    dockerfile::SourceRange range;
};

enum class StepState {
    Waiting,
    Running,
    Cached, ///< Reused from an earlier build.
    Done,
    Failed,
    Cancelled,
    Skipped, ///< Not reached because another step failed, or without effect on this engine.
};

/// "waiting", "running"...: the state's name in machine-readable output and of its icon; not translated.
[[nodiscard]] QString stateName(StepState state);

/// All steps of the build, before the first one starts.
struct PlanReady
{
    QList<StepInfo> steps;
};

struct StepStarted
{
    int step = 0;
    QString operation{}; ///< The engine's operation, once known.
};

struct StepOutput
{
    int step = 0;
    engine::Stream stream = engine::Stream::Stdout;
    QByteArray bytes;
};

/// Bytes of an import, upload or download.
struct StepProgress
{
    int step = 0;
    qint64 done = 0;
    qint64 total = -1;
    QString what;
};

struct StepFinished
{
    int step = 0;
    StepState state = StepState::Done;
    qint64 durationMs = 0;
    QString image{}; ///< The snapshot after this step, where it made one.
    std::optional<int> exitCode{};
    std::optional<Error> error{};
    QString note{}; ///< "URL cache hit (HEAD validators match)" and the like.
};

/// A warning or a piece of information, of a step or (-1) of the whole build.
struct BuildMessage
{
    enum class Level { Info, Warning };
    Level level = Level::Info;
    int step = -1;
    QString text;
};

struct BuildResult
{
    QString image;
    QStringList tags;
    QString session; ///< "build:<sha16>"
    int steps = 0;
    int cachedSteps = 0;
    qint64 durationMs = 0;
};

/// Last event of every build.
struct BuildFinished
{
    Result<BuildResult> result = BuildResult{};
};

using BuildEvent =
    std::variant<PlanReady, StepStarted, StepOutput, StepProgress, StepFinished, BuildMessage, BuildFinished>;

} // namespace cooperage::build

Q_DECLARE_METATYPE(cooperage::build::BuildEvent)
