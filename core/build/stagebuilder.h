#pragma once

#include "core/build/buildjob.h"
#include "core/build/buildsurroundings.h"
#include "core/build/placement.h"
#include "core/build/stagewalk.h"

#include <QElapsedTimer>

namespace cooperage::build {

/// Builds one stage: takes what it can from the cache, carries out the other steps one after another, and
/// remembers each layer. The target stage also gets its image config.
class StageBuilder
{
public:
    StageBuilder(BuildJob *job, BuildSurroundings *surroundings, const PlannedStage &stage);

    /// Reports every step of the stage. After a failure the steps that were not reached are reported as
    /// skipped, and the other stages are stopped.
    [[nodiscard]] engine::Task<StageEnd> build();
    [[nodiscard]] int cachedSteps() const { return m_cachedSteps; }

private:
    [[nodiscard]] engine::Task<> open();
    [[nodiscard]] engine::Task<> reuse();
    [[nodiscard]] engine::Task<> keepExisting(CachedWalk *walk);
    [[nodiscard]] engine::Task<QString> cachedFinalImage(StepPosition end);
    [[nodiscard]] engine::Task<bool> stillExists(QByteArray key, QString image);
    [[nodiscard]] engine::Task<> carryOut(PlannedStep step);
    [[nodiscard]] engine::Task<QString> imageAfter(PlannedStep step, PreparedStep prepared);
    [[nodiscard]] engine::Task<QString> runImage(PlannedStep step, PreparedStep prepared);
    [[nodiscard]] engine::Task<QString> commitPlacement(Placement placement);
    /// COPY --link: the layer by itself, made or found, on top of the image.
    [[nodiscard]] engine::Task<QString> stackLayer(PlannedStep step, PreparedStep prepared);
    [[nodiscard]] engine::Task<QString> independentLayer(PlannedStep step, PreparedStep prepared);
    [[nodiscard]] PlaceOptions placeOptions(const PlannedStep &step) const;
    [[nodiscard]] engine::Task<> commitTrailing();
    [[nodiscard]] engine::Task<> commitConfig();

    void start(const PlannedStep &step);
    void finish(const PlannedStep &step, StepState state, const QString &note = {});
    void fail(const Error &error);
    /// `step`: the one that made the layer, or the last of the stage as a whole.
    void remember(const QByteArray &key, const QString &title, const StepInfo &step);
    /// The layer of `key` was made earlier: what comes next stands on its entry in the history.
    void goOnFrom(const QByteArray &key);
    void warnAboutConfig(const PlannedStep &step);
    [[nodiscard]] bool isTarget() const { return m_stage.index == m_job->plan.target; }
    [[nodiscard]] std::optional<QString> lookup(const QByteArray &key) const;

    BuildJob *m_job;
    BuildSurroundings *m_surroundings;
    PlannedStage m_stage;
    Preparation m_preparation;
    StepPosition m_position;
    QString m_image;
    QList<engine::StagedEntry> m_staged; ///< Not yet in an image; only on engines without `commit`.
    QList<std::shared_ptr<QTemporaryDir>> m_unpacked;
    qsizetype m_next = 0; ///< The step that is next or running.
    bool m_started = false;
    std::optional<StepState> m_fromState{}; ///< While the triggers of the base are carried out.
    bool m_final = false;                   ///< The cached final image was taken.
    QElapsedTimer m_timer;
    std::optional<int> m_exitCode;
    QString m_operation;
    int m_cachedSteps = 0;
    qint64 m_history = 0;
};

} // namespace cooperage::build
