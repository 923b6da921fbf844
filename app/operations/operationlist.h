#pragma once

#include "core/build/buildevent.h"
#include "core/engine/operationdetails.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <stop_token>

namespace cooperage::gui {

class BuildController;
class EngineSession;

/// Something that goes on or went on: an import or a run of the engine, or a build of this program.
struct Activity
{
    QString id;   ///< The operation's uuid; "build-N" for a build.
    QString kind; ///< "instance", "image_import", "build"
    build::StepState state = build::StepState::Waiting;
    QString subject{};
    QDateTime startedAt{};
    qint64 durationMs = 0;
    QString image{}; ///< What came of it.
    QString error{};
    std::optional<int> exitCode{}; ///< Of a run that ended by itself.

    [[nodiscard]] bool isOver() const;
    bool operator==(const Activity &) const = default;
};

/// What the engine and this program do and did, the newest first. The engine is asked every other second
/// while somebody looks; what a run's command was and printed is asked for one by one.
class OperationList : public QObject
{
    Q_OBJECT

public:
    OperationList(EngineSession *session, BuildController *builds, QObject *parent = nullptr);
    ~OperationList() override;

    [[nodiscard]] EngineSession *session() const { return m_session; }
    [[nodiscard]] const QList<Activity> &activities() const { return m_activities; }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }

    void setWatched(bool watched);
    void refresh();
    /// Reads an operation's output; again with every refresh while it runs. An empty id ends that.
    void showOutput(const QString &id);
    void cancel(const QString &id);

Q_SIGNALS:
    void changed();
    void failed(const cooperage::Error &error);
    void outputRead(const QString &id, const cooperage::engine::OperationDetails &details);

private:
    void take(const QList<engine::OperationRecord> &operations);
    void followBuilds();
    void readOutput();
    void publish();

    EngineSession *m_session;
    BuildController *m_builds;
    QTimer m_poll;
    QList<Activity> m_operations;
    QList<Activity> m_localBuilds; ///< The newest first.
    QList<Activity> m_activities;
    QHash<QString, engine::OperationDetails> m_details; ///< Without what was printed.
    QSet<QString> m_final;                              ///< Whose details will not change any more.
    QString m_shown;
    QElapsedTimer m_buildTime;
    std::stop_source m_stop;
    bool m_loaded = false;
    bool m_loading = false;
};

} // namespace cooperage::gui
