#pragma once

#include "app/editor/textsearch.h"
#include "core/dockerfile/tree.h"

#include <QPlainTextEdit>
#include <QTextCursor>

#include <map>
#include <optional>

namespace cooperage::gui {

class Gutter;

/// What the margin shows beside a line.
enum class LineMark { None, Warning, Error, Failed };

/// A text editor with line numbers, the current line lit, mistakes underlined and the line of a failed step
/// marked.
class CodeEditor : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CodeEditor(QWidget *parent = nullptr);

    void setDiagnostics(const QList<dockerfile::Diagnostic> &diagnostics);
    /// Message of the mistake on a line (from 1), or of the failed step there; empty if there is none.
    [[nodiscard]] QString messageAt(int line) const;
    [[nodiscard]] LineMark markAt(int line) const;

    /// Marks the lines of the step that failed, until one of them is edited or the mark is cleared.
    void setFailedLines(int firstLine, int lastLine, const QString &message);
    void clearFailedLines();
    [[nodiscard]] std::optional<int> failedLine() const;

    /// Lights up what a search found; `matches` are in order.
    void setFound(const QList<SearchMatch> &matches);

    [[nodiscard]] int currentLine() const;
    void goToLine(int line);
    /// To the nearest marked line below (or above), around the end of the text; false if nothing is marked.
    bool goToNextMark();
    bool goToPreviousMark();

Q_SIGNALS:
    void marksChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    friend class Gutter;
    struct Failure
    {
        QTextCursor lines; ///< Moves with the text around it.
        QString text;
        QString message;
    };

    [[nodiscard]] std::map<int, LineMark> marks() const;
    void placeGutter();
    void showSelections();
    void addFound(QList<QTextEdit::ExtraSelection> *selections) const;
    void dropFailureIfEdited();
    [[nodiscard]] QTextCursor linesCursor(int firstLine, int lastLine) const;

    struct Mistake
    {
        QTextCursor range;
        dockerfile::Severity severity;
        QString message;
    };
    Gutter *m_gutter;
    QList<Mistake> m_mistakes;
    QList<SearchMatch> m_found;
    std::optional<Failure> m_failure;
};

} // namespace cooperage::gui
