#include "app/connections/enginestatus.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"
#include "core/connections/profilestore.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct Look
{
    QString icon;
    Tone tone;
    QString text;
    QString detail;
};

Look lookOf(const EngineSession &session)
{
    switch (session.state()) {
    case EngineSession::State::Starting:
        return {u"running"_s,
                Tone::Active,
                EngineStatus::tr("%1: connecting…").arg(session.profile().displayName()),
                {}};
    case EngineSession::State::Ready:
        return {u"done"_s, Tone::Good, EngineStatus::tr("%1: ready").arg(session.info().name),
                session.info().version};
    case EngineSession::State::Unreachable:
        break;
    }
    return {
        u"failed"_s, Tone::Bad,
        EngineStatus::tr("%1 not reachable: %2").arg(session.profile().displayName(), session.problem().what),
        session.problem().text()};
}

} // namespace

EngineStatus::EngineStatus(EngineSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_icon(new QLabel(this)),
      m_text(new QToolButton(this)),
      m_menu(new QMenu(this)),
      m_retry(new QToolButton(this))
{
    nameWidget(m_text, u"engineState"_s, {});
    m_text->setAutoRaise(true);
    m_text->setFocusPolicy(Qt::StrongFocus);
    m_text->setPopupMode(QToolButton::InstantPopup);
    m_text->setMenu(m_menu);
    m_menu->setObjectName(u"engineMenu"_s);
    m_menu->setTitle(tr("Engines"));
    connect(m_menu, &QMenu::aboutToShow, this, &EngineStatus::fillMenu);
    nameWidget(m_retry, u"engineRetry"_s, tr("Retry to reach the engine"));
    m_retry->setText(tr("Retry"));
    m_retry->setToolTip(tr("Start the engine and connect to it again"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->addWidget(m_icon);
    layout->addWidget(m_text);
    layout->addWidget(m_retry);
    connect(m_retry, &QToolButton::clicked, session, &EngineSession::connectEngine);
    connect(session, &EngineSession::stateChanged, this, &EngineStatus::refresh);
    refresh();
}

QString EngineStatus::text() const
{
    return m_text->text();
}

void EngineStatus::fillMenu()
{
    m_menu->clear();
    auto *group = new QActionGroup(m_menu);
    connect(m_menu, &QMenu::aboutToHide, group, &QObject::deleteLater);
    for (const connections::ConnectionProfile &profile : connections::ProfileStore::profiles()) {
        QAction *action = m_menu->addAction(profile.displayName());
        action->setObjectName(u"engine-"_s + profile.name);
        action->setActionGroup(group);
        action->setCheckable(true);
        action->setChecked(profile.name == m_session->profile().name);
        connect(action, &QAction::triggered, this, [this, profile] { m_session->use(profile); });
    }
    m_menu->addSeparator();
    QAction *manage = m_menu->addAction(tr("&Connections…"));
    manage->setObjectName(u"engineConnections"_s);
    connect(manage, &QAction::triggered, this, &EngineStatus::connectionsWanted);
}

void EngineStatus::refresh()
{
    const Look look = lookOf(*m_session);
    m_icon->setPixmap(icon(look.icon, look.tone).pixmap(QSize(14, 14), devicePixelRatioF()));
    m_text->setText(m_text->fontMetrics().elidedText(look.text, Qt::ElideRight, 480));
    m_text->setAccessibleName(tr("%1; choose an engine").arg(look.text));
    m_text->setToolTip(tr("Choose the engine that this window works with"));
    setToolTip(look.detail);
    m_retry->setVisible(m_session->state() == EngineSession::State::Unreachable);
}

} // namespace cooperage::gui
