#include "app/buildpane/buildcontroller.h"

#include "app/connections/enginesession.h"

#include <utility>

namespace cooperage::gui {

BuildController::BuildController(EngineSession *session, QObject *parent)
    : QObject(parent), m_session(session)
{
}

BuildController::~BuildController() = default;

void BuildController::start(const build::BuildRequest &request)
{
    if (m_running)
        return;
    m_request = request;
    m_request.credentials = m_session->credentialFinder();
    m_running = true;
    m_stopping = false;
    Q_EMIT started();
    Q_EMIT stateChanged();
    if (const Result<> ready = prepare(); !ready) {
        // Not from inside the call: whoever started the build may still be connecting.
        QMetaObject::invokeMethod(
            this, [this, error = ready.error()] { finish(std::unexpected(error)); }, Qt::QueuedConnection);
        return;
    }
    QCoro::connect(m_builder->build(m_request), this,
                   [this](const Result<build::BuildResult> &result) { finish(result); });
}

Result<> BuildController::prepare()
{
    m_profile = m_session->profile();
    if (m_builder && m_engine == m_session->engine())
        return {};
    const auto store = m_session->store();
    if (!store)
        return std::unexpected(store.error());
    m_engine = m_session->engine();
    m_builder = std::make_unique<build::Builder>(m_engine, *store);
    connect(m_builder.get(), &build::Builder::signInNeeded, this, &BuildController::signInNeeded);
    connect(m_builder.get(), &build::Builder::event, this, &BuildController::event);
    return {};
}

bool BuildController::isElsewhere() const
{
    return m_profile != m_session->profile();
}

void BuildController::goOn()
{
    m_goesOn = m_running;
    if (!m_running)
        start(m_request);
}

credentials::SecretStore *BuildController::secrets() const
{
    return m_session->secrets();
}

void BuildController::stop()
{
    if (!m_running || m_stopping || !m_builder)
        return;
    m_stopping = true;
    m_goesOn = false;
    Q_EMIT stateChanged();
    m_builder->stop();
}

void BuildController::finish(const Result<build::BuildResult> &result)
{
    m_running = false;
    m_stopping = false;
    if (!result && !isElsewhere())
        m_session->report(result.error());
    Q_EMIT stateChanged();
    Q_EMIT finished({result});
    if (std::exchange(m_goesOn, false))
        start(m_request);
}

} // namespace cooperage::gui
