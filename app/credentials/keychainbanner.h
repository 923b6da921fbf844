#pragma once

#include "core/credentials/keychainservice.h"

#include <QWidget>

namespace cooperage::gui {

class InlineMessage;

/// Says that the keychain is locked, with a button that unlocks it, or that there is none; hidden while all
/// is well.
class KeychainBanner : public QWidget
{
    Q_OBJECT

public:
    explicit KeychainBanner(QWidget *parent = nullptr);

    [[nodiscard]] bool isUsable() const { return m_state == credentials::KeychainState::Available; }
    [[nodiscard]] QString text() const;
    /// Looks at the keychain again.
    void refresh();

Q_SIGNALS:
    void stateChanged();

protected:
    void showEvent(QShowEvent *event) override;

private:
    void show(credentials::KeychainState state);
    void unlock();

    InlineMessage *m_message;
    credentials::KeychainState m_state = credentials::KeychainState::Available;
};

} // namespace cooperage::gui
