#pragma once

#include "core/build/builder.h"
#include "core/connections/connectionprofile.h"

#include <QObject>

#include <memory>

namespace cooperage::credentials {
class SecretStore;
}

namespace cooperage::gui {

class EngineSession;

/// The build that is going on. It belongs to the program, not to a pane: hiding or closing a view changes
/// nothing.
class BuildController : public QObject
{
    Q_OBJECT

public:
    explicit BuildController(EngineSession *session, QObject *parent = nullptr);
    ~BuildController() override;

    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] bool isStopping() const { return m_stopping; }
    [[nodiscard]] credentials::SecretStore *secrets() const;
    /// Of the build that runs or ran last.
    [[nodiscard]] const build::BuildRequest &request() const { return m_request; }

    /// Name of the engine of the build that runs or ran last.
    [[nodiscard]] QString engineName() const { return m_profile.displayName(); }
    /// The window has turned to another engine since that build began.
    [[nodiscard]] bool isElsewhere() const;

    /// Does nothing while a build runs. A build stays with the engine of its beginning.
    void start(const build::BuildRequest &request);
    /// The last request once more, as soon as a build that still runs is over: steps that were finished are
    /// found.
    void goOn();
    void stop();

Q_SIGNALS:
    void started();
    void event(const cooperage::build::BuildEvent &event);
    void finished(const cooperage::build::BuildFinished &outcome);
    /// The base image at this registry was refused; another account may help.
    void signInNeeded(const QString &host);
    /// isRunning or isStopping changed.
    void stateChanged();

private:
    [[nodiscard]] Result<> prepare();
    void finish(const Result<build::BuildResult> &result);

    EngineSession *m_session;
    engine::Engine *m_engine = nullptr; ///< The builder's.
    connections::ConnectionProfile m_profile;
    std::unique_ptr<build::Builder> m_builder;
    build::BuildRequest m_request;
    bool m_running = false;
    bool m_stopping = false;
    bool m_goesOn = false; ///< goOn() waits for the end of a build.
};

} // namespace cooperage::gui
