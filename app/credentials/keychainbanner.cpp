#include "app/credentials/keychainbanner.h"

#include "app/inlinemessage.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using credentials::KeychainState;

KeychainBanner::KeychainBanner(QWidget *parent) : QWidget(parent), m_message(new InlineMessage(this))
{
    setObjectName(u"keychainBanner"_s);
    m_message->setObjectName(u"keychainMessage"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_message);
}

QString KeychainBanner::text() const
{
    return m_message->text();
}

void KeychainBanner::showEvent(QShowEvent *event)
{
    refresh();
    QWidget::showEvent(event);
}

void KeychainBanner::refresh()
{
    QCoro::connect(credentials::keychainState(), this, [this](KeychainState state) { show(state); });
}

void KeychainBanner::show(KeychainState state)
{
    m_state = state;
    if (state == KeychainState::Available)
        m_message->hide();
    else if (state == KeychainState::Locked)
        m_message->show(Tone::Warning, credentials::keychainError(state).text(), tr("&Unlock…"),
                        [this] { unlock(); });
    else
        m_message->show(Tone::Warning, credentials::keychainError(state).text());
    Q_EMIT stateChanged();
}

void KeychainBanner::unlock()
{
    m_message->show(Tone::Active, tr("The system asks for the keychain's password…"));
    QCoro::connect(credentials::unlockKeychain(), this, [this](const Result<> &unlocked) {
        if (unlocked) {
            refresh();
            return;
        }
        m_message->show(Tone::Warning, unlocked.error().text(), tr("&Unlock…"), [this] { unlock(); });
    });
}

} // namespace cooperage::gui
