#pragma once

#include "core/engine/engine.h"
#include "core/sessions/sessionstore.h"

#include <QObject>

#include <memory>

namespace cooperage::gui {

/// The engine that the window works with, and how it is.
class EngineSession : public QObject
{
    Q_OBJECT

public:
    enum class State { Starting, Ready, Unreachable };

    /// With this machine's own engine and the user's session store. Nothing is started before
    /// `connectEngine`.
    explicit EngineSession(QObject *parent = nullptr);
    ~EngineSession() override;

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const engine::EngineInfo &info() const { return m_info; }
    /// Why the engine is unreachable.
    [[nodiscard]] const Error &problem() const { return m_problem; }

    /// Never nullptr; its calls start the engine where that is needed.
    [[nodiscard]] engine::Engine *engine() const { return m_engine.get(); }
    /// The builds' memory, opened at the first call.
    [[nodiscard]] Result<sessions::SessionStore *> store();

    /// Connects, starting the engine if need be; again after a failure.
    void connectEngine();
    /// Some call found nobody at the other end.
    void report(const Error &error);

Q_SIGNALS:
    void stateChanged(cooperage::gui::EngineSession::State state);

private:
    void set(State state);

    std::unique_ptr<engine::Engine> m_engine;
    std::unique_ptr<sessions::SessionStore> m_store;
    State m_state = State::Starting;
    engine::EngineInfo m_info;
    Error m_problem;
    bool m_connecting = false;
};

} // namespace cooperage::gui
