#include "app/console/choicebar.h"

#include "app/accessibility.h"
#include "app/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

ChoiceBar::ChoiceBar(QWidget *parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_layout(new QHBoxLayout(this))
{
    setAutoFillBackground(true);
    m_text->setObjectName(u"choiceText"_s);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_layout->setContentsMargins(8, 4, 8, 4);
    m_layout->addWidget(m_icon);
    m_layout->addWidget(m_text, 1);
    hide();
}

void ChoiceBar::ask(Tone tone, const QString &text, const QList<Choice> &choices)
{
    m_tone = tone;
    m_text->setText(text);
    for (QPushButton *old : findChildren<QPushButton *>()) {
        old->setObjectName({}); // It may be the one that is being pressed.
        old->hide();
        old->deleteLater();
    }
    m_onEscape = {};
    for (const Choice &choice : choices) {
        auto *button = new QPushButton(choice.text, this);
        nameWidget(button, choice.name, QString(choice.text).remove(u'&'));
        button->setToolTip(choice.tip);
        button->setAutoDefault(true); // Enter presses the one that has the focus.
        if (choice.onEscape)
            m_onEscape = choice.act;
        m_layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, choice.act);
    }
    paintTone();
    show();
    announce(this, text);
}

QString ChoiceBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void ChoiceBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintTone();
    QFrame::changeEvent(event);
}

void ChoiceBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_onEscape)
        m_onEscape();
    else
        QFrame::keyPressEvent(event);
}

void ChoiceBar::paintTone()
{
    QPalette colors;
    colors.setColor(QPalette::Window, toneBackground(m_tone, colors));
    setPalette(colors);
    const QString name = m_tone == Tone::Good      ? u"done"_s
                         : m_tone == Tone::Bad     ? u"failed"_s
                         : m_tone == Tone::Warning ? u"warning"_s
                                                   : u"about"_s;
    m_icon->setPixmap(icon(name, m_tone).pixmap(QSize(16, 16), devicePixelRatioF()));
}

} // namespace cooperage::gui
