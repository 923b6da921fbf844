#include "app/connections/switchnotice.h"

#include "app/buildpane/buildcontroller.h"
#include "app/transfers/transferqueue.h"

namespace cooperage::gui {

SwitchNotice::SwitchNotice(EngineSession *session, BuildController *builds, TransferQueue *transfers,
                           QObject *parent)
    : QObject(parent), m_session(session), m_builds(builds), m_transfers(transfers)
{
    connect(session, &EngineSession::engineChanged, this, &SwitchNotice::tell);
    connect(builds, &BuildController::finished, this, [this](const build::BuildFinished &outcome) {
        if (m_builds->isElsewhere())
            Q_EMIT notice(outcome.result ? tr("The build at %1 has succeeded.").arg(m_builds->engineName())
                                         : tr("The build at %1 has not succeeded: %2")
                                               .arg(m_builds->engineName(), outcome.result.error().text()));
    });
}

void SwitchNotice::tell()
{
    const QString now = m_session->profile().displayName();
    QStringList parts;
    if (m_builds->isRunning() && m_builds->isElsewhere())
        parts.append(tr("The build goes on at %1.").arg(m_builds->engineName()));
    int elsewhere = 0;
    for (int index = 0; index < m_transfers->count(); ++index) {
        const Transfer &transfer = m_transfers->at(index);
        elsewhere += !transfer.isOver() && transfer.engine != now ? 1 : 0;
    }
    if (elsewhere > 0)
        parts.append(tr("Transfers that go on at the engine where they began: %1.").arg(elsewhere));
    if (!parts.isEmpty())
        Q_EMIT notice(parts.join(QChar(u' ')));
}

} // namespace cooperage::gui
