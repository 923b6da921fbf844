#pragma once

#include "app/editor/document.h"

#include <QWidget>

namespace cooperage::gui {

class CodeEditor;
class DiagnosticsWatcher;
class FindBar;
class TextFinder;
class Highlighting;
class InlineMessage;

/// One tab: a document, its editor, and messages about the file above it.
class EditorPage : public QWidget
{
    Q_OBJECT

public:
    explicit EditorPage(QWidget *parent = nullptr);

    [[nodiscard]] Document *document() const { return m_document; }
    [[nodiscard]] CodeEditor *editor() const { return m_editor; }

    /// Opens the search below the text; what is selected in one line is looked for.
    void openFind(bool withReplace);
    /// To the next match, or the one before; opens the search where there is none.
    void findNext(bool forward);

Q_SIGNALS:
    /// What is wrong on the cursor's line; empty if nothing is.
    void hintChanged(const QString &hint);

protected:
    void changeEvent(QEvent *event) override;

private:
    void showOutsideChange();
    void updateHint();

    InlineMessage *m_message;
    CodeEditor *m_editor;
    Document *m_document;
    Highlighting *m_highlighting;
    DiagnosticsWatcher *m_diagnostics;
    TextFinder *m_finder;
    FindBar *m_findBar;
    int m_line = 1; ///< Where the cursor goes when the file is there.
};

} // namespace cooperage::gui
