#include "app/editor/lineediting.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

constexpr int indentWidth = 4;

/// First and last line that a selection touches; one that ends at a line's beginning does not touch that
/// line.
struct Lines
{
    QTextBlock first;
    QTextBlock last;
};

Lines linesOf(const QTextCursor &cursor)
{
    const QTextDocument *document = cursor.document();
    Lines lines{document->findBlock(cursor.selectionStart()), document->findBlock(cursor.selectionEnd())};
    if (lines.last != lines.first && cursor.selectionEnd() == lines.last.position())
        lines.last = lines.last.previous();
    return lines;
}

QTextCursor wholeLines(const Lines &lines)
{
    QTextCursor cursor(lines.first);
    cursor.setPosition(lines.last.position() + lines.last.length() - 1, QTextCursor::KeepAnchor);
    return cursor;
}

QString textOf(const Lines &lines)
{
    return wholeLines(lines).selectedText();
}

void forEachLine(const Lines &lines, const std::function<void(const QTextBlock &)> &act)
{
    for (QTextBlock line = lines.first; line.isValid(); line = line.next()) {
        act(line);
        if (line == lines.last)
            return;
    }
}

qsizetype indentOf(const QString &text)
{
    const auto found = std::ranges::find_if_not(text, [](QChar c) { return c.isSpace(); });
    return found - text.begin();
}

bool isCommented(const QTextBlock &line)
{
    return line.text().mid(indentOf(line.text())).startsWith(u'#');
}

bool isEmpty(const QTextBlock &line)
{
    return indentOf(line.text()) == line.text().size();
}

/// The same text as `cursor` has, moved by `offset`.
QTextCursor shifted(const QTextCursor &cursor, int anchor, int position, int offset)
{
    const int end = cursor.document()->characterCount() - 1;
    QTextCursor moved(cursor);
    moved.setPosition(std::clamp(anchor + offset, 0, end));
    moved.setPosition(std::clamp(position + offset, 0, end), QTextCursor::KeepAnchor);
    return moved;
}

void removeAt(const QTextBlock &line, qsizetype at, qsizetype length)
{
    QTextCursor cursor(line);
    cursor.setPosition(line.position() + int(at));
    cursor.setPosition(line.position() + int(at + length), QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
}

void insertAt(const QTextBlock &line, qsizetype at, const QString &text)
{
    QTextCursor cursor(line);
    cursor.setPosition(line.position() + int(at));
    cursor.insertText(text);
}

} // namespace

void toggleComment(QTextCursor cursor)
{
    const Lines lines = linesOf(cursor);
    bool allCommented = true;
    bool anyText = false;
    qsizetype indent = -1;
    forEachLine(lines, [&](const QTextBlock &line) {
        if (isEmpty(line))
            return;
        anyText = true;
        allCommented = allCommented && isCommented(line);
        const qsizetype here = indentOf(line.text());
        indent = indent < 0 ? here : std::min(indent, here);
    });
    if (!anyText)
        return;
    cursor.beginEditBlock();
    forEachLine(lines, [&](const QTextBlock &line) {
        if (isEmpty(line))
            return;
        if (!allCommented) {
            insertAt(line, indent, u"# "_s);
            return;
        }
        const qsizetype sign = indentOf(line.text());
        removeAt(line, sign, line.text().mid(sign).startsWith("# "_L1) ? 2 : 1);
    });
    cursor.endEditBlock();
}

QTextCursor movedLines(QTextCursor cursor, bool down)
{
    const Lines lines = linesOf(cursor);
    const QTextBlock other = down ? lines.last.next() : lines.first.previous();
    if (!other.isValid())
        return cursor;
    const int anchor = cursor.anchor();
    const int position = cursor.position();
    const QString moving = textOf(lines);
    const QString exchanged = other.text();
    const int offset = (int(exchanged.size()) + 1) * (down ? 1 : -1);
    QTextCursor all = wholeLines(down ? Lines{lines.first, other} : Lines{other, lines.last});
    all.insertText(down ? exchanged + QChar::ParagraphSeparator + moving
                        : moving + QChar::ParagraphSeparator + exchanged);
    return shifted(cursor, anchor, position, offset);
}

QTextCursor duplicatedLines(QTextCursor cursor)
{
    const Lines lines = linesOf(cursor);
    const int anchor = cursor.anchor();
    const int position = cursor.position();
    const QString text = textOf(lines);
    QTextCursor end = wholeLines(lines);
    end.setPosition(end.selectionEnd());
    end.insertText(QChar::ParagraphSeparator + text);
    return shifted(cursor, anchor, position, int(text.size()) + 1);
}

void indentLines(QTextCursor cursor)
{
    cursor.beginEditBlock();
    forEachLine(linesOf(cursor), [](const QTextBlock &line) {
        if (!isEmpty(line))
            insertAt(line, 0, QString(indentWidth, u' '));
    });
    cursor.endEditBlock();
}

void unindentLines(QTextCursor cursor)
{
    cursor.beginEditBlock();
    forEachLine(linesOf(cursor), [](const QTextBlock &line) {
        const QString text = line.text();
        qsizetype drop = 0;
        if (text.startsWith(u'\t'))
            drop = 1;
        else
            while (drop < indentWidth && drop < text.size() && text[drop] == u' ')
                ++drop;
        if (drop > 0)
            removeAt(line, 0, drop);
    });
    cursor.endEditBlock();
}

} // namespace cooperage::gui
