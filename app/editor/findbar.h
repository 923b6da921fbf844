#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace cooperage::gui {

class TextFinder;

/// Find and replace below an editor: what to look for, how, how many there are and which one is selected.
class FindBar : public QWidget
{
    Q_OBJECT

public:
    FindBar(TextFinder *finder, QWidget *editor, QWidget *parent);

    /// Shows the bar with the keyboard in it; a `text` that is not empty becomes what is looked for.
    void open(const QString &text, bool withReplace);
    void next();
    void previous();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeFindRow(QHBoxLayout *row);
    QWidget *makeReplaceRow();
    QToolButton *makeOption(const QString &name, const QString &text, const QString &tip);
    void look();
    void showState();

    TextFinder *m_finder;
    QWidget *m_editor;
    QLineEdit *m_text;
    QLineEdit *m_replacement;
    QToolButton *m_case;
    QToolButton *m_words;
    QToolButton *m_expression;
    QLabel *m_count;
    QWidget *m_replaceRow;
    QPushButton *m_replace;
    QPushButton *m_replaceAll;
    QString m_said; ///< What the last replacement did; stands until something else is looked for.
};

} // namespace cooperage::gui
