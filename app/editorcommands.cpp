#include "app/editorcommands.h"

#include "app/actions.h"
#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "app/editor/lineediting.h"
#include "app/formdialog.h"

#include <QMenu>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

EditorCommands::EditorCommands(EditorTabs *tabs, QObject *parent) : QObject(parent), m_tabs(tabs)
{
    makeFind();
    makeLines();
    connect(tabs, &EditorTabs::currentPageChanged, this, &EditorCommands::updateState);
    updateState();
}

QAction *EditorCommands::make(const ActionSpec &spec, const std::function<void(EditorPage *)> &act)
{
    QAction *action = makeAction(spec, this);
    // Lists and logs have searches of their own under the same keys.
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_tabs->addAction(action);
    connect(action, &QAction::triggered, this, [this, act] {
        if (EditorPage *page = m_tabs->currentPage())
            act(page);
    });
    return action;
}

void EditorCommands::makeFind()
{
    m_find = {
        make({u"editFind"_s, u"search"_s, tr("&Find…"), tr("Find in this file"), QKeySequence::Find},
             [](EditorPage *page) { page->openFind(false); }),
        make({u"editFindNext"_s, u"next"_s, tr("Find Ne&xt"), tr("Go to the next match"),
              QKeySequence(Qt::Key_F3)},
             [](EditorPage *page) { page->findNext(true); }),
        make({u"editFindPrevious"_s, u"previous"_s, tr("Find Previ&ous"), tr("Go to the match before"),
              QKeySequence(Qt::SHIFT | Qt::Key_F3)},
             [](EditorPage *page) { page->findNext(false); }),
        make({u"editReplace"_s, u"rename"_s, tr("R&eplace…"), tr("Find and replace in this file"),
              QKeySequence(Qt::CTRL | Qt::Key_H)},
             [](EditorPage *page) { page->openFind(true); }),
        make({u"editGoToLine"_s, u"goto"_s, tr("&Go to Line…"), tr("Go to a line by its number"),
              QKeySequence(Qt::CTRL | Qt::Key_G)},
             [this](EditorPage *page) { askForLine(page->editor()); }),
    };
}

void EditorCommands::makeLines()
{
    const auto inPlace = [this](const ActionSpec &spec, void (*act)(QTextCursor)) {
        m_lines << make(spec, [act](EditorPage *page) { act(page->editor()->textCursor()); });
    };
    const auto moving = [this](const ActionSpec &spec, const std::function<QTextCursor(QTextCursor)> &act) {
        m_lines << make(spec, [act](EditorPage *page) {
            page->editor()->setTextCursor(act(page->editor()->textCursor()));
            page->editor()->ensureCursorVisible();
        });
    };
    inPlace({u"editToggleComment"_s, u"comment"_s, tr("Toggle &Comment"),
             tr("Make the lines comments, or no comments any longer"),
             QKeySequence(Qt::CTRL | Qt::Key_Slash)},
            toggleComment);
    inPlace({u"editIndent"_s, u"indent"_s, tr("&Indent"), tr("Move the lines four columns to the right"),
             QKeySequence(Qt::CTRL | Qt::Key_BracketRight)},
            indentLines);
    inPlace({u"editUnindent"_s, u"unindent"_s, tr("&Unindent"), tr("Move the lines four columns to the left"),
             QKeySequence(Qt::CTRL | Qt::Key_BracketLeft)},
            unindentLines);
    moving({u"editMoveUp"_s, u"moveup"_s, tr("Move Lines U&p"), tr("Exchange the lines with the one above"),
            QKeySequence(Qt::ALT | Qt::Key_Up)},
           [](QTextCursor cursor) { return movedLines(std::move(cursor), false); });
    moving({u"editMoveDown"_s, u"movedown"_s, tr("Move Lines &Down"),
            tr("Exchange the lines with the one below"), QKeySequence(Qt::ALT | Qt::Key_Down)},
           [](QTextCursor cursor) { return movedLines(std::move(cursor), true); });
    moving({u"editDuplicate"_s, u"copy"_s, tr("Dup&licate Lines"), tr("Put a copy of the lines below them"),
            QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)},
           duplicatedLines);
}

void EditorCommands::askForLine(CodeEditor *editor)
{
    const int last = editor->blockCount();
    auto *dialog =
        new FormDialog(u"goToLineDialog"_s, tr("Go to Line"), tr("&Go"),
                       {{u"goToLineEdit"_s,
                         tr("&Line (1 to %1):").arg(last),
                         QString::number(editor->currentLine()),
                         {},
                         [last](const QString &text) -> Result<> {
                             bool isNumber = false;
                             const int line = text.toInt(&isNumber);
                             if (isNumber && line >= 1 && line <= last)
                                 return {};
                             return failure(ErrorKind::BadInput, tr("Type a number from 1 to %1.").arg(last));
                         }}},
                       editor->window());
    connect(dialog, &FormDialog::chosen, editor,
            [editor](const QStringList &texts) { editor->goToLine(texts.first().toInt()); });
    dialog->open();
}

void EditorCommands::updateState()
{
    const bool hasFile = m_tabs->currentPage() != nullptr;
    for (QAction *action : m_find + m_lines)
        action->setEnabled(hasFile);
}

void EditorCommands::fillMenu(QMenu *menu) const
{
    menu->addSeparator();
    menu->addActions(m_find);
    QMenu *lines = menu->addMenu(tr("&Lines"));
    lines->addActions(m_lines);
}

} // namespace cooperage::gui
