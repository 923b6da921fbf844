#include "app/editor/editorpage.h"

#include "app/accessibility.h"
#include "app/editor/codeeditor.h"
#include "app/editor/diagnosticswatcher.h"
#include "app/editor/findbar.h"
#include "app/editor/highlighting.h"
#include "app/editor/textfinder.h"
#include "app/inlinemessage.h"

#include <QEvent>
#include <QTextBlock>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

EditorPage::EditorPage(QWidget *parent)
    : QWidget(parent),
      m_message(new InlineMessage(this)),
      m_editor(new CodeEditor(this)),
      m_document(new Document(m_editor->document(), this)),
      m_highlighting(new Highlighting(m_editor->document())),
      m_diagnostics(new DiagnosticsWatcher(m_document, this)),
      m_finder(new TextFinder(m_editor)),
      m_findBar(new FindBar(m_finder, m_editor, this))
{
    m_message->setObjectName(u"fileMessage"_s);
    nameWidget(m_editor, u"editor"_s, tr("Text of %1").arg(m_document->fileName()));
    setFocusProxy(m_editor);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_editor);
    layout->addWidget(m_findBar);
    connect(m_finder, &TextFinder::changed, this, [this] { m_editor->setFound(m_finder->matches()); });

    m_highlighting->followPalette(m_editor->palette());
    m_highlighting->setFileName(m_document->fileName(), m_document->isDockerfile());
    connect(m_document, &Document::titleChanged, this, [this] {
        m_highlighting->setFileName(m_document->fileName(), m_document->isDockerfile());
        m_editor->setAccessibleName(tr("Text of %1").arg(m_document->fileName()));
        m_diagnostics->schedule();
    });
    connect(m_document, &Document::loaded, this, [this] {
        m_editor->setTextCursor(QTextCursor(m_editor->document()->findBlockByNumber(m_line - 1)));
    });
    connect(m_document, &Document::saved, m_message, &QWidget::hide);
    connect(m_document, &Document::saveFailed, this,
            [this](const Error &error) { m_message->show(Tone::Bad, error.text()); });
    connect(m_document, &Document::changedOutside, this, &EditorPage::showOutsideChange);
    connect(m_editor, &QPlainTextEdit::textChanged, m_diagnostics, &DiagnosticsWatcher::schedule);
    connect(m_diagnostics, &DiagnosticsWatcher::diagnosticsChanged, m_editor, &CodeEditor::setDiagnostics);
    connect(m_editor, &CodeEditor::marksChanged, this, &EditorPage::updateHint);
    connect(m_editor, &QPlainTextEdit::cursorPositionChanged, this, &EditorPage::updateHint);
}

void EditorPage::openFind(bool withReplace)
{
    const QString selected = m_editor->textCursor().selectedText();
    m_findBar->open(selected.contains(QChar::ParagraphSeparator) ? QString() : selected, withReplace);
}

void EditorPage::findNext(bool forward)
{
    if (m_findBar->isHidden())
        openFind(false);
    else if (forward)
        m_findBar->next();
    else
        m_findBar->previous();
}

void EditorPage::showOutsideChange()
{
    if (!m_document->isModified()) {
        m_line = m_editor->currentLine();
        m_document->reload();
        return;
    }
    m_message->show(
        Tone::Warning,
        tr("Another program changed %1 since you opened it. Saving replaces its version by yours; to keep "
           "both, save yours under another name.")
            .arg(m_document->fileName()),
        tr("Replace It"), [this] { m_document->overwrite(); });
}

void EditorPage::updateHint()
{
    Q_EMIT hintChanged(m_editor->messageAt(m_editor->currentLine()).replace(u'\n', u' '));
}

void EditorPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_highlighting->followPalette(palette()); // The editor's own changes after this.
    QWidget::changeEvent(event);
}

} // namespace cooperage::gui
