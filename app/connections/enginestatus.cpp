#include "app/connections/enginestatus.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"

#include <QHBoxLayout>
#include <QLabel>
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
        return {u"running"_s, Tone::Active, EngineStatus::tr("Engine: starting…"), {}};
    case EngineSession::State::Ready:
        return {u"done"_s, Tone::Good, EngineStatus::tr("%1: ready").arg(session.info().name),
                session.info().version};
    case EngineSession::State::Unreachable:
        break;
    }
    return {u"failed"_s, Tone::Bad, EngineStatus::tr("Engine not reachable: %1").arg(session.problem().what),
            session.problem().text()};
}

} // namespace

EngineStatus::EngineStatus(EngineSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_retry(new QToolButton(this))
{
    nameWidget(m_text, u"engineState"_s, {});
    m_text->setTextFormat(Qt::PlainText);
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

void EngineStatus::refresh()
{
    const Look look = lookOf(*m_session);
    m_icon->setPixmap(icon(look.icon, look.tone).pixmap(QSize(14, 14), devicePixelRatioF()));
    m_text->setText(m_text->fontMetrics().elidedText(look.text, Qt::ElideRight, 480));
    m_text->setAccessibleName(look.text);
    setToolTip(look.detail);
    m_retry->setVisible(m_session->state() == EngineSession::State::Unreachable);
}

} // namespace cooperage::gui
