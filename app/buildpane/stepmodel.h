#pragma once

#include "core/build/buildevent.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QTimer>

namespace cooperage::gui {

/// The steps of a build, a row each, brought up to date by the build's events.
class StepModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StateColumn, StageColumn, InstructionColumn, TimeColumn, ColumnCount };
    enum Role { StateRole = Qt::UserRole, StepRole, LineRole };

    struct Step
    {
        build::StepInfo info;
        build::StepState state = build::StepState::Waiting;
        qint64 durationMs = 0;
        QDateTime startedAt{};
        build::StepProgress progress{};
        std::optional<int> exitCode{};
        std::optional<Error> error{};
        QString note{};
    };

    explicit StepModel(QObject *parent = nullptr);

    void clear();
    void apply(const build::BuildEvent &event);

    [[nodiscard]] const QList<Step> &steps() const { return m_steps; }
    [[nodiscard]] const Step *failedStep() const; ///< nullptr if none failed.
    [[nodiscard]] int finishedCount() const;
    [[nodiscard]] int stageCount() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void stepStarted(int row);
    void stepFailed(int row);
    void progressed();

private:
    [[nodiscard]] int rowOf(int step) const;
    [[nodiscard]] QString display(const Step &step, int column) const;
    void start(const build::StepStarted &event);
    void finish(const build::StepFinished &event);
    void refreshRow(int row);
    void tick();

    QList<Step> m_steps;
    QTimer m_clock; ///< Renews the times of running steps.
};

/// The word for a state: "cached".
[[nodiscard]] QString stateWord(build::StepState state);
/// "340 ms", "2.4 s", "3 min 05 s".
[[nodiscard]] QString durationText(qint64 milliseconds);

} // namespace cooperage::gui
