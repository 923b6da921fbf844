#include "app/editor/codeeditor.h"

#include "app/colors.h"
#include "app/editor/gutter.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

int lineOf(const QTextCursor &cursor, int position)
{
    return cursor.document()->findBlock(position).blockNumber() + 1;
}

} // namespace

CodeEditor::CodeEditor(QWidget *parent) : QPlainTextEdit(parent), m_gutter(new Gutter(this))
{
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabStopDistance(4 * fontMetrics().horizontalAdvance(u' '));
    setFrameShape(QFrame::NoFrame);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEditor::placeGutter);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter, &Gutter::follow);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEditor::showSelections);
    connect(this, &QPlainTextEdit::textChanged, this, &CodeEditor::dropFailureIfEdited);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (!m_found.isEmpty())
            showSelections();
    });
    placeGutter();
    showSelections();
}

void CodeEditor::setDiagnostics(const QList<dockerfile::Diagnostic> &diagnostics)
{
    m_mistakes.clear();
    const qsizetype end = document()->characterCount() - 1;
    for (const dockerfile::Diagnostic &diagnostic : diagnostics) {
        QTextCursor range(document());
        range.setPosition(int(qBound<qsizetype>(0, diagnostic.range.begin, end)));
        range.setPosition(int(qBound<qsizetype>(0, diagnostic.range.end, end)), QTextCursor::KeepAnchor);
        if (!range.hasSelection())
            range.select(QTextCursor::LineUnderCursor);
        m_mistakes.append({range, diagnostic.severity, diagnostic.message});
    }
    showSelections();
    Q_EMIT marksChanged();
}

QString CodeEditor::messageAt(int line) const
{
    if (m_failure && failedLine() == line)
        return m_failure->message;
    QStringList messages;
    for (const Mistake &mistake : m_mistakes) {
        if (line >= lineOf(mistake.range, mistake.range.selectionStart()) &&
            line <= lineOf(mistake.range, mistake.range.selectionEnd()))
            messages.append(mistake.message);
    }
    return messages.join(u'\n');
}

std::map<int, LineMark> CodeEditor::marks() const
{
    std::map<int, LineMark> result;
    for (const Mistake &mistake : m_mistakes) {
        LineMark &mark = result[lineOf(mistake.range, mistake.range.selectionStart())];
        mark = std::max(mark, mistake.severity == dockerfile::Severity::Error ? LineMark::Error
                                                                              : LineMark::Warning);
    }
    if (const auto line = failedLine())
        result[*line] = LineMark::Failed;
    return result;
}

LineMark CodeEditor::markAt(int line) const
{
    const auto all = marks();
    const auto found = all.find(line);
    return found == all.end() ? LineMark::None : found->second;
}

QTextCursor CodeEditor::linesCursor(int firstLine, int lastLine) const
{
    const int begin = qBound(1, firstLine, blockCount());
    const QTextBlock first = document()->findBlockByNumber(begin - 1);
    const QTextBlock last = document()->findBlockByNumber(qBound(begin, lastLine, blockCount()) - 1);
    QTextCursor cursor(first);
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor::KeepAnchor);
    return cursor;
}

void CodeEditor::setFailedLines(int firstLine, int lastLine, const QString &message)
{
    const QTextCursor lines = linesCursor(firstLine, lastLine);
    m_failure = Failure{lines, lines.selectedText(), message};
    showSelections();
    Q_EMIT marksChanged();
}

void CodeEditor::clearFailedLines()
{
    if (!m_failure)
        return;
    m_failure.reset();
    showSelections();
    Q_EMIT marksChanged();
}

std::optional<int> CodeEditor::failedLine() const
{
    if (!m_failure)
        return std::nullopt;
    return lineOf(m_failure->lines, m_failure->lines.selectionStart());
}

void CodeEditor::dropFailureIfEdited()
{
    if (m_failure && m_failure->lines.selectedText() != m_failure->text)
        clearFailedLines();
}

int CodeEditor::currentLine() const
{
    return textCursor().blockNumber() + 1;
}

void CodeEditor::goToLine(int line)
{
    setTextCursor(QTextCursor(document()->findBlockByNumber(qBound(1, line, blockCount()) - 1)));
    centerCursor();
    setFocus(Qt::OtherFocusReason);
}

bool CodeEditor::goToNextMark()
{
    const auto all = marks();
    if (all.empty())
        return false;
    const auto next = all.upper_bound(currentLine());
    goToLine(next == all.end() ? all.begin()->first : next->first);
    return true;
}

bool CodeEditor::goToPreviousMark()
{
    const auto all = marks();
    if (all.empty())
        return false;
    const auto here = all.lower_bound(currentLine());
    goToLine(here == all.begin() ? all.rbegin()->first : std::prev(here)->first);
    return true;
}

void CodeEditor::showSelections()
{
    QList<QTextEdit::ExtraSelection> selections;
    const auto addLine = [&selections](QTextCursor cursor, const QColor &color) {
        QTextEdit::ExtraSelection line;
        line.format.setBackground(color);
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        line.cursor = cursor;
        selections.append(line);
    };
    QTextCursor current = textCursor();
    current.clearSelection();
    addLine(current, palette().color(QPalette::AlternateBase));
    if (m_failure) {
        const int last = lineOf(m_failure->lines, m_failure->lines.selectionEnd());
        for (int line = *failedLine(); line <= last; ++line)
            addLine(QTextCursor(document()->findBlockByNumber(line - 1)),
                    toneBackground(Tone::Bad, palette()));
    }
    addFound(&selections);
    for (const Mistake &mistake : m_mistakes) {
        QTextEdit::ExtraSelection underline;
        const bool error = mistake.severity == dockerfile::Severity::Error;
        underline.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        underline.format.setUnderlineColor(toneColor(error ? Tone::Bad : Tone::Warning, palette()));
        underline.cursor = mistake.range;
        selections.append(underline);
    }
    setExtraSelections(selections);
    m_gutter->refresh();
}

void CodeEditor::setFound(const QList<SearchMatch> &matches)
{
    m_found = matches;
    showSelections();
}

// Only what can be seen: a search may find more than a text edit can light up.
void CodeEditor::addFound(QList<QTextEdit::ExtraSelection> *selections) const
{
    if (m_found.isEmpty())
        return;
    QColor lit = palette().color(QPalette::Highlight);
    lit.setAlphaF(0.25F);
    const qsizetype end = document()->characterCount() - 1;
    const qsizetype last = cursorForPosition(viewport()->rect().bottomRight()).position();
    auto match =
        std::ranges::lower_bound(m_found, qsizetype(firstVisibleBlock().position()), {},
                                 [](const SearchMatch &found) { return found.position + found.length; });
    for (; match != m_found.end() && match->position <= last && match->position + match->length <= end;
         ++match) {
        QTextEdit::ExtraSelection found;
        found.format.setBackground(lit);
        found.cursor = QTextCursor(document()->findBlock(int(match->position)));
        found.cursor.setPosition(int(match->position));
        found.cursor.setPosition(int(match->position + match->length), QTextCursor::KeepAnchor);
        selections->append(found);
    }
}

void CodeEditor::placeGutter()
{
    setViewportMargins(m_gutter->sizeHint().width(), 0, 0, 0);
    const QRect area = contentsRect();
    m_gutter->setGeometry(area.left(), area.top(), m_gutter->sizeHint().width(), area.height());
}

void CodeEditor::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

void CodeEditor::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showSelections();
    if (event->type() == QEvent::FontChange)
        placeGutter();
}

bool CodeEditor::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QPoint place = viewport()->mapFrom(this, help->pos());
        const QString message = messageAt(cursorForPosition(place).blockNumber() + 1);
        if (message.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), message, this);
        return true;
    }
    return QPlainTextEdit::event(event);
}

} // namespace cooperage::gui
