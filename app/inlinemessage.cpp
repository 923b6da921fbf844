#include "app/inlinemessage.h"

#include "app/accessibility.h"
#include "app/icons.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QToolButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QString iconNameFor(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return u"done"_s;
    case Tone::Bad:
        return u"failed"_s;
    case Tone::Warning:
        return u"warning"_s;
    case Tone::Active:
    case Tone::Neutral:
        break;
    }
    return u"about"_s;
}

} // namespace

InlineMessage::InlineMessage(QWidget *parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_button(new QPushButton(this))
{
    setAutoFillBackground(true);
    m_text->setWordWrap(true);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    for (QLabel *label : {m_icon, m_text}) // On a line with the buttons.
        label->setContentsMargins(0, 4, 0, 4);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_button->setObjectName(u"messageButton"_s);
    m_button->hide();

    auto *dismiss = new QToolButton(this);
    dismiss->setIcon(icon(u"close"_s));
    dismiss->setAutoRaise(true);
    dismiss->setToolTip(tr("Dismiss this message"));
    dismiss->setAccessibleName(tr("Dismiss"));

    m_layout = new QGridLayout(this);
    m_layout->setContentsMargins(8, 4, 4, 4);
    m_layout->addWidget(m_icon, 0, 0, Qt::AlignTop);
    m_layout->addWidget(m_text, 0, 1);
    m_layout->addWidget(m_button, 0, 2);
    m_layout->addWidget(dismiss, 0, 3, Qt::AlignTop);
    m_layout->setColumnStretch(1, 1);

    connect(dismiss, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_button, &QPushButton::clicked, this, [this] {
        hide();
        if (const auto act = std::exchange(m_act, {}))
            act();
    });
    hide();
}

void InlineMessage::show(Tone tone, const QString &text)
{
    show(tone, text, {}, {});
}

void InlineMessage::show(Tone tone, const QString &text, const QString &button, std::function<void()> act)
{
    m_tone = tone;
    m_act = std::move(act);
    m_text->setText(text);
    m_text->setAccessibleName(text);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    paintTone();
    QFrame::show();
    announce(this, text);
}

QString InlineMessage::text() const
{
    return isHidden() ? QString() : m_text->text();
}

// In a narrow pane the button beside the text would leave it a column of single words.
void InlineMessage::resizeEvent(QResizeEvent *event)
{
    const bool narrow =
        event->size().width() < 40 * fontMetrics().averageCharWidth() + m_button->sizeHint().width();
    if (narrow != m_narrow) {
        m_narrow = narrow;
        m_layout->removeWidget(m_button);
        m_layout->addWidget(m_button, narrow ? 1 : 0, narrow ? 1 : 2,
                            narrow ? Qt::AlignLeft : Qt::Alignment());
    }
    QFrame::resizeEvent(event);
}

void InlineMessage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintTone();
    QFrame::changeEvent(event);
}

void InlineMessage::paintTone()
{
    QPalette colors;
    colors.setColor(QPalette::Window, toneBackground(m_tone, colors));
    setPalette(colors);
    m_icon->setPixmap(icon(iconNameFor(m_tone), m_tone).pixmap(QSize(16, 16), devicePixelRatioF()));
}

} // namespace cooperage::gui
