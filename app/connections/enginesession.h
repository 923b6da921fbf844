#pragma once

#include "core/connections/connection.h"
#include "core/credentials/credentialfinder.h"
#include "core/engine/engine.h"
#include "core/sessions/sessionstore.h"

#include <QObject>

#include <map>
#include <memory>
#include <vector>

namespace cooperage::gui {

/// The engine that the window works with, and how it is.
class EngineSession : public QObject
{
    Q_OBJECT

public:
    enum class State { Starting, Ready, Unreachable };

    /// With the user's default connection, and the user's session store. Nothing is started before
    /// `connectEngine`. `secrets` holds the tokens of hosted engines and must outlive the session.
    explicit EngineSession(credentials::SecretStore *secrets, QObject *parent = nullptr);
    ~EngineSession() override;

    [[nodiscard]] credentials::SecretStore *secrets() const { return m_secrets; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const connections::ConnectionProfile &profile() const { return m_profile; }
    [[nodiscard]] const engine::EngineInfo &info() const { return m_info; }
    /// Why the engine is unreachable.
    [[nodiscard]] const Error &problem() const { return m_problem; }

    /// Never nullptr; its calls start the engine where that is needed. An engine that was given out lives as
    /// long as the session: a build or a dialog goes on with it when the window turns to another one.
    [[nodiscard]] engine::Engine *engine() const { return m_engines.back().get(); }
    /// What signs in to registries on behalf of the engine of now.
    [[nodiscard]] credentials::CredentialFinder credentialFinder() const;
    /// The builds' memory for the engine of now, opened at the first call; it lives as long as the session.
    [[nodiscard]] Result<sessions::SessionStore *> store();

    /// Turns the window to another engine, and connects to it.
    void use(const connections::ConnectionProfile &profile);
    /// Connects, starting the engine if need be; again after a failure.
    void connectEngine();
    /// Some call found nobody at the other end.
    void report(const Error &error);

Q_SIGNALS:
    /// `profile` is another one: what was known of the engine before is of no use.
    void engineChanged();
    void stateChanged(cooperage::gui::EngineSession::State state);

private:
    void set(State state);
    void fail(const Error &error);
    void askEngine(int attempt);

    credentials::SecretStore *m_secrets;
    connections::ConnectionProfile m_profile;
    std::vector<std::unique_ptr<engine::Engine>> m_engines;              ///< The one in use is the last.
    std::map<QString, std::unique_ptr<sessions::SessionStore>> m_stores; ///< By the profile's scope.
    State m_state = State::Starting;
    engine::EngineInfo m_info;
    Error m_problem;
    bool m_connecting = false;
    int m_attempt = 0; ///< Answers to earlier attempts are of another engine.
};

} // namespace cooperage::gui
