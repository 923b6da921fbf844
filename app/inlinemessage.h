#pragma once

#include "app/colors.h"

#include <QFrame>

#include <functional>

class QGridLayout;
class QLabel;
class QPushButton;

namespace cooperage::gui {

/// One sentence in the place it concerns, with an icon, perhaps a button that helps, and a way to dismiss it.
class InlineMessage : public QFrame
{
    Q_OBJECT

public:
    explicit InlineMessage(QWidget *parent = nullptr);

    void show(Tone tone, const QString &text);
    /// The button disappears with the message; `act` is called when it is pressed.
    void show(Tone tone, const QString &text, const QString &button, std::function<void()> act);
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void paintTone();

    bool m_narrow = false;
    Tone m_tone = Tone::Neutral;
    QGridLayout *m_layout = nullptr;
    QLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_button;
    std::function<void()> m_act;
};

} // namespace cooperage::gui
