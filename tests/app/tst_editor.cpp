#include "app/appearance.h"
#include "app/colors.h"
#include "app/editor/codeeditor.h"
#include "app/editor/document.h"
#include "app/editor/editorpage.h"
#include "app/editor/gutter.h"
#include "app/inlinemessage.h"

#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::CodeEditor;
using gui::Document;
using gui::EditorPage;
using gui::LineMark;

namespace {

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

void writeBytes(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(bytes);
}

bool load(EditorPage &page, const QString &path)
{
    QSignalSpy loaded(page.document(), &Document::loaded);
    page.document()->load(path);
    return loaded.wait();
}

bool save(EditorPage &page)
{
    QSignalSpy saved(page.document(), &Document::saved);
    page.document()->save();
    return saved.wait();
}

int squiggles(const CodeEditor &editor)
{
    int count = 0;
    for (const auto &selection : editor.extraSelections())
        count += selection.format.underlineStyle() == QTextCharFormat::WaveUnderline;
    return count;
}

} // namespace

class EditorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesOfDockerfiles_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("is");
        for (const char *name :
             {"Dockerfile", "dockerfile", "Dockerfile.dev", "web.dockerfile", "Containerfile"})
            QTest::newRow(name) << QString::fromLatin1(name) << true;
        for (const char *name : {"hello.sh", "Dockerfile.dockerignore", "mydockerfile", ".dockerignore"})
            QTest::newRow(name) << QString::fromLatin1(name) << false;
    }
    void namesOfDockerfiles()
    {
        QFETCH(QString, name);
        QTEST(gui::isDockerfileName(name), "is");
    }

    void typingIsTextAndChange()
    {
        EditorPage page;
        page.show();
        QTest::keyClicks(page.editor(), u"FROM busybox"_s);
        QCOMPARE(page.document()->text(), u"FROM busybox"_s);
        QVERIFY(page.document()->isModified());
    }

    void savingKeepsEveryByte_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("unix") << QByteArray("FROM a\nRUN b\n");
        QTest::newRow("windows") << QByteArray("FROM a\r\nRUN b\r\n");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "FROM a\n");
        QTest::newRow("no-break space") << QByteArray("# a\xc2\xa0"
                                                      "b\nFROM a");
        QTest::newRow("empty") << QByteArray();
    }
    void savingKeepsEveryByte()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        const QString path = folder.filePath(u"Dockerfile"_s);
        writeBytes(path, bytes);
        EditorPage page;
        QVERIFY(load(page, path));
        QVERIFY(!page.document()->isModified());
        QVERIFY(save(page));
        QCOMPARE(bytesOf(path), bytes);
    }

    void filesThatWouldBeDamagedAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("binary") << QByteArray("\x7f"
                                              "ELF\0\0",
                                              6);
        QTest::newRow("latin-1") << QByteArray("# gr\xfc\xdf\n");
        QTest::newRow("mixed line ends") << QByteArray("FROM a\r\nRUN b\n");
    }
    void filesThatWouldBeDamagedAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        const QString path = folder.filePath(u"Dockerfile"_s);
        writeBytes(path, bytes);
        EditorPage page;
        QSignalSpy failed(page.document(), &Document::loadFailed);
        page.document()->load(path);
        QVERIFY(failed.wait());
        QCOMPARE(bytesOf(path), bytes);
    }

    void changeByAnotherProgramIsNotOverwritten()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"Dockerfile"_s);
        writeBytes(path, "FROM a\n");
        EditorPage page;
        QVERIFY(load(page, path));
        page.editor()->insertPlainText(u"# mine\n"_s);
        writeBytes(path, "FROM somebody-else\n");
        QSignalSpy outside(page.document(), &Document::changedOutside);
        page.document()->save();
        QVERIFY(outside.wait());
        QCOMPARE(bytesOf(path), QByteArray("FROM somebody-else\n"));
        QVERIFY(!page.findChild<gui::InlineMessage *>(u"fileMessage"_s)->isHidden());
    }

    void unchangedTextFollowsTheFile()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"Dockerfile"_s);
        writeBytes(path, "FROM a\n");
        EditorPage page;
        QVERIFY(load(page, path));
        writeBytes(path, "FROM another\n");
        page.document()->checkOutside();
        QTRY_COMPARE(page.document()->text(), u"FROM another\n"_s);
    }

    void mistakeIsUnderlinedAndGoesAway()
    {
        EditorPage page;
        page.editor()->setPlainText(u"FROM busybox:1.36\nRUNN x\n"_s);
        QTRY_COMPARE(page.editor()->markAt(2), LineMark::Error);
        QCOMPARE(squiggles(*page.editor()), 1);
        QVERIFY(!page.editor()->messageAt(2).isEmpty());
        QVERIFY(page.findChild<gui::Gutter *>()->accessibleDescription().contains(u"line 2"_s));
        page.editor()->setPlainText(u"FROM busybox:1.36\nRUN x\n"_s);
        QTRY_COMPARE(squiggles(*page.editor()), 0);
        QCOMPARE(page.editor()->markAt(2), LineMark::None);
    }

    void checksAreUnderlinedWithTheirWords()
    {
        EditorPage page;
        page.editor()->setPlainText(u"FROM scratch AS Base\nLABEL a=1\n"_s);
        QTRY_COMPARE(page.editor()->markAt(1), LineMark::Warning);
        QCOMPARE(page.editor()->messageAt(1), u"Stage name 'Base' should be lowercase"_s);
        page.editor()->setPlainText(u"# check=skip=StageNameCasing\nFROM scratch AS Base\nLABEL a=1\n"_s);
        QTRY_COMPARE(squiggles(*page.editor()), 0);
    }

    void otherFilesAreNotCheckedAsDockerfiles()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"hello.sh"_s);
        writeBytes(path, "echo hello\n");
        EditorPage page;
        QVERIFY(load(page, path));
        QTest::qWait(400);
        QCOMPARE(squiggles(*page.editor()), 0);
    }

    void everyColourIsReadable_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyColourIsReadable()
    {
        QFETCH(bool, dark);
        gui::Appearance().setTheme(dark ? gui::Theme::Dark : gui::Theme::Light);
        EditorPage page;
        page.editor()->setPlainText(
            u"# words\nFROM busybox\nRUN uname -s && echo \"$((6 * 7))\" # x\nENV A=${B}\n"_s);
        const QPalette colors = page.editor()->palette();
        QCOMPARE(gui::isDark(colors), dark);
        int seen = 0;
        for (QTextBlock block = page.editor()->document()->begin(); block.isValid(); block = block.next()) {
            for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
                if (range.format.foreground().style() == Qt::NoBrush)
                    continue;
                ++seen;
                const QColor color = range.format.foreground().color();
                QVERIFY2(gui::contrast(color, colors.color(QPalette::Base)) >= 4.5, qPrintable(color.name()));
                QVERIFY2(gui::contrast(color, colors.color(QPalette::AlternateBase)) >= 4.5,
                         qPrintable(color.name()));
            }
        }
        QVERIFY(seen > 5);
    }

    void failedLineMovesWithTheTextAndGoesWhenEdited()
    {
        CodeEditor editor;
        editor.setPlainText(u"FROM a\nRUN exit 7\nRUN c\n"_s);
        editor.setFailedLines(2, 2, u"RUN failed: exit code 7"_s);
        QCOMPARE(editor.failedLine(), 2);
        QCOMPARE(editor.markAt(2), LineMark::Failed);

        editor.moveCursor(QTextCursor::Start);
        editor.insertPlainText(u"# a comment\n"_s);
        QCOMPARE(editor.failedLine(), 3);
        QCOMPARE(editor.messageAt(3), u"RUN failed: exit code 7"_s);

        editor.goToLine(3);
        editor.moveCursor(QTextCursor::EndOfLine);
        editor.insertPlainText(u"7"_s);
        QVERIFY(!editor.failedLine());
    }

    void marksAreVisitedInTurn()
    {
        CodeEditor editor;
        editor.setPlainText(u"a\nb\nc\nd\n"_s);
        QVERIFY(!editor.goToNextMark());
        editor.setDiagnostics({{.message = u"x"_s, .range = {.begin = 2, .end = 3}},
                               {.message = u"y"_s, .range = {.begin = 6, .end = 7}}});
        QVERIFY(editor.goToNextMark());
        QCOMPARE(editor.currentLine(), 2);
        QVERIFY(editor.goToNextMark());
        QCOMPARE(editor.currentLine(), 4);
        QVERIFY(editor.goToNextMark());
        QCOMPARE(editor.currentLine(), 2);
        QVERIFY(editor.goToPreviousMark());
        QCOMPARE(editor.currentLine(), 4);
    }

    void diagnosticsOutsideTheTextAreHarmless()
    {
        CodeEditor editor;
        editor.setPlainText(u"FROM a"_s);
        editor.setDiagnostics({{.message = u"x"_s, .range = {.begin = 90, .end = 95}}});
        editor.setFailedLines(40, 50, u"y"_s);
        QCOMPARE(editor.failedLine(), 1);
        editor.goToLine(1000);
        QCOMPARE(editor.currentLine(), 1);
    }
};

QTEST_MAIN(EditorTest)
#include "tst_editor.moc"
