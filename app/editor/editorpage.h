#pragma once

#include "app/editor/document.h"

#include <QWidget>

namespace cooperage::gui {

class CodeEditor;
class DiagnosticsWatcher;
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
    int m_line = 1; ///< Where the cursor goes when the file is there.
};

} // namespace cooperage::gui
