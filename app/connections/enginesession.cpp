#include "app/connections/enginesession.h"

#include "core/engine/localengine.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

EngineSession::EngineSession(QObject *parent)
    : QObject(parent), m_engine(std::make_unique<engine::LocalEngine>())
{
}

EngineSession::~EngineSession() = default;

Result<sessions::SessionStore *> EngineSession::store()
{
    if (!m_store) {
        auto opened = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), u"embedded"_s);
        if (!opened)
            return std::unexpected(opened.error());
        m_store = std::move(*opened);
    }
    return m_store.get();
}

void EngineSession::connectEngine()
{
    if (m_connecting)
        return;
    m_connecting = true;
    set(State::Starting);
    QCoro::connect(m_engine->info(), this, [this](const Result<engine::EngineInfo> &info) {
        m_connecting = false;
        if (!info) {
            m_problem = info.error();
            set(State::Unreachable);
            return;
        }
        m_info = *info;
        set(State::Ready);
    });
}

void EngineSession::report(const Error &error)
{
    if (error.kind != ErrorKind::Unreachable || m_connecting)
        return;
    m_problem = error;
    set(State::Unreachable);
}

void EngineSession::set(State state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

} // namespace cooperage::gui
