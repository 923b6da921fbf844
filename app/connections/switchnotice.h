#pragma once

#include "app/connections/enginesession.h"

namespace cooperage::gui {

class BuildController;
class TransferQueue;

/// Says what goes on at the engine that the window has just turned away from, and how it ended there.
class SwitchNotice : public QObject
{
    Q_OBJECT

public:
    SwitchNotice(EngineSession *session, BuildController *builds, TransferQueue *transfers, QObject *parent);

Q_SIGNALS:
    void notice(const QString &text);

private:
    void tell();

    EngineSession *m_session;
    BuildController *m_builds;
    TransferQueue *m_transfers;
};

} // namespace cooperage::gui
