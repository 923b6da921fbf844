#include "app/editor/lineediting.h"

#include <QTest>
#include <QTextCursor>
#include <QTextDocument>

using namespace Qt::StringLiterals;
using namespace cooperage;

namespace {

/// A text in which `[` and `]` are the ends of the selection, or `|` is the cursor.
class Text
{
public:
    explicit Text(QString marked) : m_cursor(&m_document)
    {
        const qsizetype bar = marked.indexOf(u'|');
        const qsizetype begin = marked.indexOf(u'[');
        const qsizetype end = marked.indexOf(u']');
        m_document.setPlainText(marked.remove(u'|').remove(u'[').remove(u']'));
        m_cursor.setPosition(int(bar >= 0 ? bar : begin));
        if (end >= 0)
            m_cursor.setPosition(int(end - 1), QTextCursor::KeepAnchor);
    }
    [[nodiscard]] QString marked() const
    {
        QString text = m_document.toPlainText();
        if (!m_cursor.hasSelection())
            return text.insert(m_cursor.position(), u'|');
        return text.insert(m_cursor.selectionEnd(), u']').insert(m_cursor.selectionStart(), u'[');
    }
    QTextDocument m_document;
    QTextCursor m_cursor;
};

} // namespace

class LineEditingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wholeLinesAreEdited_data();
    void wholeLinesAreEdited();
};

void LineEditingTest::wholeLinesAreEdited_data()
{
    using Command = std::function<void(QTextCursor &)>;
    QTest::addColumn<Command>("command");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const Command comment = [](QTextCursor &cursor) { gui::toggleComment(cursor); };
    const Command up = [](QTextCursor &cursor) { cursor = gui::movedLines(cursor, false); };
    const Command down = [](QTextCursor &cursor) { cursor = gui::movedLines(cursor, true); };
    const Command duplicate = [](QTextCursor &cursor) { cursor = gui::duplicatedLines(cursor); };
    const Command indent = [](QTextCursor &cursor) { gui::indentLines(cursor); };
    const Command unindent = [](QTextCursor &cursor) { gui::unindentLines(cursor); };
    const auto row = [](const char *name, const Command &command, const QString &before,
                        const QString &after) { QTest::newRow(name) << command << before << after; };
    row("comment a line", comment, u"a\nb|\nc"_s, u"a\n# b|\nc"_s);
    row("uncomment it", comment, u"a\n# b|\nc"_s, u"a\nb|\nc"_s);
    row("uncomment without a blank", comment, u"#b|"_s, u"b|"_s);
    row("comment where one line is one", comment, u"[a\n# b]"_s, u"# [a\n# # b]"_s);
    row("comment at the least indent", comment, u"[  a\n    b]"_s, u"[  # a\n  #   b]"_s);
    row("leave empty lines", comment, u"[a\n\nb]"_s, u"# [a\n\n# b]"_s);
    row("nothing to comment", comment, u"|"_s, u"|"_s);
    row("not the line that is only touched", comment, u"[a\n]b"_s, u"# [a\n]b"_s);
    row("move up", up, u"a\nb|b\nc"_s, u"b|b\na\nc"_s);
    row("move several up", up, u"a\n[b\nc]\nd"_s, u"[b\nc]\na\nd"_s);
    row("move up at the top", up, u"a|\nb"_s, u"a|\nb"_s);
    row("move down", down, u"a|\nb\nc"_s, u"b\na|\nc"_s);
    row("move down to the end", down, u"a\n[b]\nc"_s, u"a\nc\n[b]"_s);
    row("move down at the end", down, u"a\nb|"_s, u"a\nb|"_s);
    row("duplicate", duplicate, u"a|b\nc"_s, u"ab\na|b\nc"_s);
    row("duplicate several", duplicate, u"[a\nb]\nc"_s, u"a\nb\n[a\nb]\nc"_s);
    row("duplicate the last", duplicate, u"a\nb|"_s, u"a\nb\nb|"_s);
    row("indent", indent, u"[a\n\nb]"_s, u"    [a\n\n    b]"_s);
    row("unindent", unindent, u"[      a\n\tb\nc]"_s, u"[  a\nb\nc]"_s);
}

void LineEditingTest::wholeLinesAreEdited()
{
    QFETCH(std::function<void(QTextCursor &)>, command);
    QFETCH(QString, before);
    QFETCH(QString, after);
    Text text(before);
    command(text.m_cursor);
    QCOMPARE(text.marked(), after);
    if (before != after)
        text.m_document.undo(); // One step.
    QCOMPARE(text.m_document.toPlainText(), Text(before).m_document.toPlainText());
}

QTEST_MAIN(LineEditingTest)
#include "tst_lineediting.moc"
