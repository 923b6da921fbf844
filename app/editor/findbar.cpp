#include "app/editor/findbar.h"

#include "app/accessibility.h"
#include "app/colors.h"
#include "app/editor/textfinder.h"
#include "app/icons.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

FindBar::FindBar(TextFinder *finder, QWidget *editor, QWidget *parent)
    : QWidget(parent),
      m_finder(finder),
      m_editor(editor),
      m_text(new QLineEdit(this)),
      m_replacement(new QLineEdit(this)),
      m_case(makeOption(u"findCase"_s, u"Aa"_s, tr("Capital letters differ from small ones"))),
      m_words(makeOption(u"findWords"_s, u"W"_s, tr("Whole words only"))),
      m_expression(makeOption(u"findExpression"_s, u".*"_s, tr("Regular expression"))),
      m_count(new QLabel(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    auto *row = new QHBoxLayout;
    makeFindRow(row);
    layout->addLayout(row);
    m_replaceRow = makeReplaceRow();
    layout->addWidget(m_replaceRow);
    connect(m_finder, &TextFinder::changed, this, &FindBar::showState);
    connect(m_finder, &TextFinder::replaced, this, [this](int count) {
        m_said = count == 0 ? tr("Nothing to replace") : tr("Replaced: %Ln", nullptr, count);
        showState();
        announce(this, m_said);
    });
    hide();
}

QToolButton *FindBar::makeOption(const QString &name, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(this);
    nameWidget(button, name, tip);
    button->setText(text);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setAutoRaise(true);
    connect(button, &QToolButton::toggled, this, &FindBar::look);
    return button;
}

static QToolButton *iconButton(const QString &name, const QString &iconName, const QString &tip,
                               QWidget *parent)
{
    auto *button = new QToolButton(parent);
    nameWidget(button, name, tip);
    button->setIcon(icon(iconName));
    button->setToolTip(tip);
    button->setAutoRaise(true);
    return button;
}

void FindBar::makeFindRow(QHBoxLayout *row)
{
    nameWidget(m_text, u"findText"_s, tr("Text to find"));
    m_text->setClearButtonEnabled(true);
    m_text->setPlaceholderText(tr("Find"));
    m_text->setMaximumWidth(420);
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::look);
    nameWidget(m_count, u"findCount"_s, tr("Matches"));
    m_count->setTextFormat(Qt::PlainText);
    auto *previous = iconButton(u"findPrevious"_s, u"previous"_s, tr("Previous match (Shift+F3)"), this);
    auto *next = iconButton(u"findNext"_s, u"next"_s, tr("Next match (F3)"), this);
    auto *close = iconButton(u"findClose"_s, u"close"_s, tr("Close the search (Esc)"), this);
    connect(previous, &QToolButton::clicked, this, &FindBar::previous);
    connect(next, &QToolButton::clicked, this, &FindBar::next);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    row->addWidget(m_text, 2);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_case, m_words, m_expression, previous, next})
        row->addWidget(widget);
    row->addWidget(m_count, 1);
    row->addWidget(close);
}

QWidget *FindBar::makeReplaceRow()
{
    auto *line = new QWidget(this);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    nameWidget(m_replacement, u"findReplacement"_s, tr("Text to put in its place"));
    m_replacement->setPlaceholderText(tr("Replace with"));
    m_replacement->setMaximumWidth(420);
    connect(m_replacement, &QLineEdit::textChanged, m_finder, &TextFinder::setReplacement);
    m_replace = new QPushButton(tr("&Replace"), line);
    m_replaceAll = new QPushButton(tr("Replace &All"), line);
    nameWidget(m_replace, u"findReplace"_s, tr("Replace the selected match"));
    nameWidget(m_replaceAll, u"findReplaceAll"_s, tr("Replace all matches"));
    connect(m_replace, &QPushButton::clicked, m_finder, &TextFinder::replace);
    connect(m_replaceAll, &QPushButton::clicked, m_finder, &TextFinder::replaceAll);
    row->addWidget(m_replacement, 2);
    row->addWidget(m_replace);
    row->addWidget(m_replaceAll);
    row->addStretch(1);
    return line;
}

void FindBar::open(const QString &text, bool withReplace)
{
    m_replaceRow->setVisible(withReplace);
    show();
    if (!text.isEmpty())
        m_text->setText(text);
    m_text->selectAll();
    m_text->setFocus(Qt::ShortcutFocusReason);
    look();
}

void FindBar::look()
{
    m_said.clear();
    m_finder->setQuery({.text = m_text->text(),
                        .matchCase = m_case->isChecked(),
                        .wholeWords = m_words->isChecked(),
                        .regularExpression = m_expression->isChecked()},
                       true);
}

void FindBar::next()
{
    look();
    m_finder->next();
}

void FindBar::previous()
{
    look();
    m_finder->previous();
}

void FindBar::showState()
{
    const qsizetype count = m_finder->matches().size();
    const bool wrong = m_said.isEmpty() && !m_finder->query().text.isEmpty() && count == 0;
    QPalette palette = this->palette();
    if (wrong && !m_finder->isSearching())
        palette.setColor(QPalette::WindowText, toneColor(Tone::Bad, palette));
    m_count->setPalette(palette);
    const QLocale locale;
    if (!m_said.isEmpty())
        m_count->setText(m_said);
    else if (!m_finder->problem().isEmpty())
        m_count->setText(m_finder->problem());
    else if (m_finder->query().text.isEmpty())
        m_count->clear();
    else if (count == 0)
        m_count->setText(tr("No match"));
    else if (const auto current = m_finder->current())
        m_count->setText(tr("%1 of %2").arg(locale.toString(*current + 1), locale.toString(count)));
    else
        m_count->setText(tr("Matches: %1").arg(locale.toString(count)));
    m_count->setToolTip(m_count->text());
    m_replace->setEnabled(count > 0);
    m_replaceAll->setEnabled(count > 0);
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape)
        hide();
    else if (enter && m_replacement->hasFocus())
        m_finder->replace();
    else if (enter && event->modifiers().testFlag(Qt::ShiftModifier))
        previous();
    else if (enter)
        next();
    else
        QWidget::keyPressEvent(event);
}

void FindBar::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (!isHidden()) // Only its tab is behind another one.
        return;
    m_finder->setQuery({}, false);
    m_editor->setFocus(Qt::OtherFocusReason);
}

} // namespace cooperage::gui
