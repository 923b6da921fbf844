#include "app/editcommands.h"

#include "app/actions.h"
#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

template <typename Act>
void EditCommands::onText(Act act)
{
    QWidget *focused = QApplication::focusWidget();
    if (auto *line = qobject_cast<QLineEdit *>(focused))
        act(line);
    else if (auto *text = qobject_cast<QPlainTextEdit *>(focused))
        act(text);
    else if (EditorPage *page = m_tabs->currentPage())
        act(page->editor());
}

EditCommands::EditCommands(EditorTabs *tabs, QObject *parent) : QObject(parent), m_tabs(tabs)
{
    const auto make = [this](const ActionSpec &spec, auto act) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, [this, act] { onText(act); });
        return action;
    };
    m_groups.append(QList<QAction *>{
        make({u"editUndo"_s, u"undo"_s, tr("&Undo"), tr("Take back the last change"), QKeySequence::Undo},
             [](auto *text) { text->undo(); }),
        make({u"editRedo"_s, u"redo"_s, tr("&Redo"), tr("Make the change again"), QKeySequence::Redo},
             [](auto *text) { text->redo(); })});
    m_groups.append(QList<QAction *>{
        make({u"editCut"_s, u"cut"_s, tr("Cu&t"), tr("Move the selected text to the clipboard"),
              QKeySequence::Cut},
             [](auto *text) { text->cut(); }),
        make({u"editCopy"_s, u"copy"_s, tr("&Copy"), tr("Copy the selected text"), QKeySequence::Copy},
             [](auto *text) { text->copy(); }),
        make({u"editPaste"_s, u"paste"_s, tr("&Paste"), tr("Insert the clipboard's text"),
              QKeySequence::Paste},
             [](auto *text) { text->paste(); }),
        make({u"editSelectAll"_s, u"selectall"_s, tr("Select &All"), tr("Select the whole text"),
              QKeySequence::SelectAll},
             [](auto *text) { text->selectAll(); })});
    const auto goTo = [this](const ActionSpec &spec, bool (CodeEditor::*go)()) {
        QAction *action = makeAction(spec, this);
        connect(action, &QAction::triggered, this, [this, go] {
            if (EditorPage *page = m_tabs->currentPage())
                (page->editor()->*go)();
        });
        return action;
    };
    m_groups.append(QList<QAction *>{
        goTo({u"editNextProblem"_s, u"next"_s, tr("&Next Problem"), tr("Go to the next line with a mistake"),
              QKeySequence(Qt::Key_F8)},
             &CodeEditor::goToNextMark),
        goTo({u"editPreviousProblem"_s, u"previous"_s, tr("Pre&vious Problem"),
              tr("Go to the line with a mistake before this one"), QKeySequence(Qt::SHIFT | Qt::Key_F8)},
             &CodeEditor::goToPreviousMark)});
}

void EditCommands::fillMenu(QMenu *menu) const
{
    for (const auto &group : m_groups) {
        if (!menu->isEmpty())
            menu->addSeparator();
        menu->addActions(group);
    }
}

} // namespace cooperage::gui
