#include "app/editor/baseline.h"

#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/editortabs.h"
#include "core/dockerfile/parser.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

void setBaseImage(CodeEditor *editor, const QString &reference)
{
    const QString text = editor->toPlainText();
    const dockerfile::Dockerfile file = dockerfile::parse(text);
    const dockerfile::Instruction *from = nullptr;
    for (const dockerfile::Instruction &instruction : file.instructions) {
        const bool isBase = instruction.keyword == dockerfile::Keyword::From && !instruction.words.isEmpty();
        if (isBase && (!from || instruction.range.begin <= editor->textCursor().position()))
            from = &instruction;
    }
    QTextCursor cursor(editor->document());
    if (from) {
        const dockerfile::SourceRange &range = from->words.first().range;
        cursor.setPosition(int(range.begin));
        cursor.setPosition(int(range.end), QTextCursor::KeepAnchor);
        cursor.insertText(reference);
    } else {
        cursor.insertText(u"FROM %1\n"_s.arg(reference));
    }
    editor->setTextCursor(cursor);
    editor->setFocus();
}

void useAsBase(EditorTabs *tabs, const QString &reference)
{
    EditorPage *page = tabs->currentPage();
    for (EditorPage *other : tabs->pages()) {
        if (!page || !page->document()->isDockerfile())
            page = other;
    }
    if (!page || !page->document()->isDockerfile())
        page = tabs->newFile();
    tabs->setCurrentWidget(page);
    setBaseImage(page->editor(), reference);
}

} // namespace cooperage::gui
