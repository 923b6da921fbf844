#pragma once

#include "app/colors.h"

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace cooperage::gui {

/// A sentence with several answers, in the place that it concerns.
class ChoiceBar : public QFrame
{
    Q_OBJECT

public:
    struct Choice
    {
        QString name; ///< Object name.
        QString text;
        QString tip;
        std::function<void()> act;
        bool onEscape = false;
    };

    explicit ChoiceBar(QWidget *parent = nullptr);

    void ask(Tone tone, const QString &text, const QList<Choice> &choices);
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void paintTone();

    Tone m_tone = Tone::Neutral;
    std::function<void()> m_onEscape{};
    QLabel *m_icon;
    QLabel *m_text;
    QHBoxLayout *m_layout;
};

} // namespace cooperage::gui
