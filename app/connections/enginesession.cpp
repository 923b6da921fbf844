#include "app/connections/enginesession.h"

#include "core/connections/profilestore.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using connections::ConnectionProfile;

static ConnectionProfile defaultProfile()
{
    return connections::ProfileStore::profile(connections::ProfileStore::defaultName())
        .value_or(ConnectionProfile::embedded());
}

EngineSession::EngineSession(credentials::SecretStore *secrets, QObject *parent)
    : QObject(parent), m_secrets(secrets), m_profile(defaultProfile())
{
    m_engines.push_back(connections::makeEngine(m_profile, {}));
}

EngineSession::~EngineSession() = default;

credentials::CredentialFinder EngineSession::credentialFinder() const
{
    using Places = credentials::CredentialFinder::Places;
    const bool here = m_profile.kind == ConnectionProfile::Kind::Embedded;
    return credentials::CredentialFinder(m_secrets, here ? Places::All : Places::Ours);
}

Result<sessions::SessionStore *> EngineSession::store()
{
    auto &store = m_stores[m_profile.scope()];
    if (!store) {
        auto opened = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), m_profile.scope());
        if (!opened)
            return std::unexpected(opened.error());
        store = std::move(*opened);
    }
    return store.get();
}

void EngineSession::use(const ConnectionProfile &profile)
{
    m_profile = profile;
    m_info = {};
    m_connecting = false;
    // At once, without its token: a call that comes before it is known must not reach the other engine.
    m_engines.push_back(connections::makeEngine(m_profile, {}));
    m_state = State::Starting;
    Q_EMIT engineChanged();
    connectEngine();
}

void EngineSession::connectEngine()
{
    if (m_connecting)
        return;
    m_connecting = true;
    set(State::Starting);
    const int attempt = ++m_attempt;
    if (m_profile.kind == ConnectionProfile::Kind::Embedded) {
        askEngine(attempt);
        return;
    }
    QCoro::connect(connections::tokenOf(m_secrets, m_profile), this,
                   [this, attempt](const Result<credentials::Secret> &token) {
                       if (attempt != m_attempt)
                           return;
                       if (!token) {
                           fail(token.error());
                           return;
                       }
                       m_engines.push_back(connections::makeEngine(m_profile, *token));
                       askEngine(attempt);
                   });
}

void EngineSession::askEngine(int attempt)
{
    QCoro::connect(engine()->info(), this, [this, attempt](const Result<engine::EngineInfo> &info) {
        if (attempt != m_attempt)
            return;
        if (!info) {
            fail(info.error());
            return;
        }
        m_connecting = false;
        m_info = *info;
        set(State::Ready);
    });
}

void EngineSession::fail(const Error &error)
{
    m_connecting = false;
    m_problem = error;
    set(State::Unreachable);
}

void EngineSession::report(const Error &error)
{
    if (error.kind == ErrorKind::Unreachable && !m_connecting)
        fail(error);
}

void EngineSession::set(State state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

} // namespace cooperage::gui
