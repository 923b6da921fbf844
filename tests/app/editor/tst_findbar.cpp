#include "app/editor/codeeditor.h"
#include "app/editor/editorpage.h"
#include "app/editor/findbar.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace cooperage;
using gui::EditorPage;

namespace {

/// A page with a text and its search open.
struct Page : EditorPage
{
    explicit Page(const QString &text, bool withReplace = false)
    {
        editor()->setPlainText(text);
        show();
        openFind(withReplace);
    }
    template <typename T>
    [[nodiscard]] T *find(const QString &name) const
    {
        return findChild<T *>(name);
    }
    void type(const QString &text) const { find<QLineEdit>(u"findText"_s)->setText(text); }
    [[nodiscard]] QString count() const { return find<QLabel>(u"findCount"_s)->text(); }
    [[nodiscard]] int selectedAt() const
    {
        const QTextCursor cursor = editor()->textCursor();
        return cursor.hasSelection() ? cursor.selectionStart() : -1;
    }
    [[nodiscard]] qsizetype lit() const
    {
        return std::ranges::count_if(editor()->extraSelections(), [](const auto &selection) {
            return selection.cursor.hasSelection() && selection.format.background() != Qt::NoBrush &&
                   !selection.format.boolProperty(QTextFormat::FullWidthSelection);
        });
    }
};

} // namespace

class FindBarTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhileOneTypes();
    void goesAroundTheEnd();
    void keysBeforeTheAnswerAreCarriedOutWithIt();
    void followsTheText();
    void theSelectionIsLookedFor();
    void saysWhatIsWrongWithAnExpression();
    void replacesOneAfterTheOther();
    void replacesAllInOneStep();
    void escapeClosesAndPutsTheLightsOut();
    void onlyWhatIsSeenIsLitUp();
};

void FindBarTest::findsWhileOneTypes()
{
    const Page page(u"one two one"_s);
    page.type(u"one"_s);
    QTRY_COMPARE(page.count(), u"1 of 2"_s);
    QCOMPARE(page.selectedAt(), 0);
    QCOMPARE(page.lit(), 2);
    page.type(u"onf"_s);
    QTRY_COMPARE(page.count(), u"No match"_s);
    page.type(QString());
    QTRY_COMPARE(page.count(), QString());
}

void FindBarTest::goesAroundTheEnd()
{
    Page page(u"a b a b a"_s);
    page.type(u"a"_s);
    QTRY_COMPARE(page.count(), u"1 of 3"_s);
    page.findNext(true);
    QCOMPARE(page.selectedAt(), 4);
    page.findNext(true);
    page.findNext(true);
    QCOMPARE(page.selectedAt(), 0);
    page.findNext(false);
    QCOMPARE(page.selectedAt(), 8);
    QCOMPARE(page.count(), u"3 of 3"_s);
}

void FindBarTest::keysBeforeTheAnswerAreCarriedOutWithIt()
{
    const Page page(u"a b a"_s);
    page.type(u"a"_s);
    QTest::keyClick(page.find<QLineEdit>(u"findText"_s), Qt::Key_Return, Qt::ShiftModifier);
    QTRY_COMPARE(page.selectedAt(), 4); // The one before the first is the last.
}

void FindBarTest::followsTheText()
{
    const Page page(u"a b"_s);
    page.type(u"a"_s);
    QTRY_COMPARE(page.count(), u"1 of 1"_s);
    page.editor()->appendPlainText(u"a a"_s);
    QTRY_COMPARE(page.count(), u"1 of 3"_s);
}

void FindBarTest::theSelectionIsLookedFor()
{
    Page page(u"word other word"_s);
    QTextCursor cursor = page.editor()->textCursor();
    cursor.select(QTextCursor::WordUnderCursor);
    page.editor()->setTextCursor(cursor);
    page.openFind(false);
    QCOMPARE(page.find<QLineEdit>(u"findText"_s)->text(), u"word"_s);
    QTRY_COMPARE(page.count(), u"1 of 2"_s);
    QVERIFY(!page.find<QLineEdit>(u"findReplacement"_s)->isVisible());
}

void FindBarTest::saysWhatIsWrongWithAnExpression()
{
    const Page page(u"a(b"_s);
    page.find<QToolButton>(u"findExpression"_s)->click();
    page.type(u"a("_s);
    QTRY_VERIFY2(page.count().contains(u"no regular expression"_s), qPrintable(page.count()));
    page.type(u"[ab]"_s);
    QTRY_COMPARE(page.count(), u"1 of 2"_s);
}

void FindBarTest::replacesOneAfterTheOther()
{
    const Page page(u"a a a"_s, true);
    page.type(u"a"_s);
    page.find<QLineEdit>(u"findReplacement"_s)->setText(u"ba"_s);
    QTRY_COMPARE(page.count(), u"1 of 3"_s);
    page.find<QPushButton>(u"findReplace"_s)->click();
    QTRY_COMPARE(page.selectedAt(), 3);
    QCOMPARE(page.editor()->toPlainText(), u"ba a a"_s);
    page.find<QPushButton>(u"findReplace"_s)->click();
    QTRY_COMPARE(page.editor()->toPlainText(), u"ba ba a"_s);
}

void FindBarTest::replacesAllInOneStep()
{
    const Page page(u"k=1\nl=2\n"_s, true);
    page.find<QToolButton>(u"findExpression"_s)->click();
    page.type(u"^(\\w)=(\\d)$"_s);
    page.find<QLineEdit>(u"findReplacement"_s)->setText(u"\\2\\n\\1"_s);
    page.find<QPushButton>(u"findReplaceAll"_s)->setEnabled(true);
    page.find<QPushButton>(u"findReplaceAll"_s)->click(); // Before anything was found: waits for it.
    QTRY_COMPARE(page.editor()->toPlainText(), u"1\nk\n2\nl\n"_s);
    QCOMPARE(page.count(), u"Replaced: 2"_s);
    page.editor()->undo();
    QCOMPARE(page.editor()->toPlainText(), u"k=1\nl=2\n"_s);
}

void FindBarTest::escapeClosesAndPutsTheLightsOut()
{
    const Page page(u"a a"_s);
    page.type(u"a"_s);
    QTRY_COMPARE(page.lit(), 2);
    QTest::keyClick(page.find<QLineEdit>(u"findText"_s), Qt::Key_Escape);
    QVERIFY(page.findChild<gui::FindBar *>()->isHidden());
    QTRY_COMPARE(page.lit(), 0);
}

void FindBarTest::onlyWhatIsSeenIsLitUp()
{
    const Page page(u"a\n"_s.repeated(50'000));
    page.type(u"a"_s);
    QTRY_COMPARE(page.count(), QLocale().toString(1) + u" of "_s + QLocale().toString(50'000));
    QVERIFY(page.lit() > 0 && page.lit() < 200);
}

QTEST_MAIN(FindBarTest)
#include "tst_findbar.moc"
