#include "core/engine/lineeditor.h"

#include <QTest>

using cooperage::engine::LineEditor;

class TestLineEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesAreEdited_data();
    void linesAreEdited();
    void earlierLinesComeBack();
    void controlDEndsOnlyAnEmptyLine();
    void endlessLinesAreCut();

private:
    /// The first line that `keys` enter.
    [[nodiscard]] static std::optional<QByteArray> typed(LineEditor &editor, const QByteArray &keys)
    {
        for (const char key : keys) {
            if (const auto answer = editor.take(key); answer.line)
                return answer.line;
        }
        return std::nullopt;
    }
};

void TestLineEditor::linesAreEdited_data()
{
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("plain") << QByteArray("ls -l\r") << QByteArray("ls -l");
    QTest::newRow("backspace") << QByteArray("lz\x7fs\r") << QByteArray("ls");
    QTest::newRow("backspace takes a whole character") << QByteArray("a\xc3\xa4\x7f"
                                                                     "b\r")
                                                       << QByteArray("ab");
    QTest::newRow("backspace at the start") << QByteArray("\x7f\x7fx\r") << QByteArray("x");
    QTest::newRow("Ctrl+U") << QByteArray("abc\x15"
                                          "d\r")
                            << QByteArray("d");
    QTest::newRow("Ctrl+C begins anew") << QByteArray("abc\x03"
                                                      "d\r")
                                        << QByteArray("d");
    QTest::newRow("other keys say nothing") << QByteArray("a\x1b[3~\x1bOP\x1b[1;5C\x01"
                                                          "b\r")
                                            << QByteArray("ab");
}

void TestLineEditor::linesAreEdited()
{
    QFETCH(QByteArray, keys);
    QFETCH(QByteArray, line);
    LineEditor editor;
    QVERIFY(editor.begin("$ ").endsWith("$ "));
    QCOMPARE(typed(editor, keys), line);
}

void TestLineEditor::earlierLinesComeBack()
{
    LineEditor editor;
    for (const QByteArray line : {"one\r", "two\r", "two\r", "  \r"}) {
        (void)editor.begin("$ ");
        QVERIFY(typed(editor, line));
    }
    (void)editor.begin({});
    QCOMPARE(typed(editor, "x\x1b[A\x1b[A\r"), "one");
    (void)editor.begin({});
    QCOMPARE(typed(editor, "\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1bOB\r"), "two");
    (void)editor.begin({});
    QCOMPARE(typed(editor, "\x1b[A\x1b[B\r"), "");
}

void TestLineEditor::controlDEndsOnlyAnEmptyLine()
{
    LineEditor editor;
    (void)editor.begin("$ ");
    QVERIFY(!editor.take('a').ends);
    QVERIFY(!editor.take('\x04').ends);
    (void)editor.take('\x7f');
    QVERIFY(editor.take('\x04').ends);
}

void TestLineEditor::endlessLinesAreCut()
{
    LineEditor editor;
    (void)editor.begin("$ ");
    for (int i = 0; i < 100'000; ++i)
        (void)editor.take('x');
    QVERIFY(typed(editor, "\r")->size() < 100'000);
}

QTEST_GUILESS_MAIN(TestLineEditor)
#include "tst_lineeditor.moc"
