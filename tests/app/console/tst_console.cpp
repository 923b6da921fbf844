#include "app/appearance.h"
#include "app/console/choicebar.h"
#include "app/console/consoleplace.h"
#include "app/console/terminalview.h"
#include "app/history/historymodel.h"
#include "app/history/historypane.h"
#include "app/images/imagecatalog.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

/// Consoles in the window, with the real engine and its image busybox:latest.
class ConsoleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void aShellTakesKeysAndItsResultIsKept();
    void oneCommandRunsAndCanRunAgain();
    void closingAsksWhileSomethingRuns();
    void hangingUpKeepsTheResult();
    void theSizeFollowsTheWindow();
    void controlKeysBelongToTheShell();
    void theThemeIsTheWindows();
    void theKeyboardFindsItsWayOut();
    void snapshotsGoIntoTheHistory();

private:
    static constexpr int s_patience = 60'000;

    /// The window with its images listed and busybox:latest selected.
    struct Listed : Window
    {
        Listed()
        {
            window.resize(1280, 800);
            workbench.session()->connectEngine();
            auto *list = find<QTreeView>(u"imageList"_s);
            if (!QTest::qWaitFor([list] { return list->model()->rowCount() > 0; }, s_patience))
                qFatal("no images");
            list->setCurrentIndex(
                list->model()
                    ->match(list->model()->index(0, 0), Qt::DisplayRole, u"busybox:latest"_s)
                    .first());
        }
        ~Listed()
        {
            // What still runs ends with the window, and the engine hears of it.
            window.close();
        }
        [[nodiscard]] gui::ConsolePlace *place() { return find<gui::ConsolePlace>(u"consolePlace"_s); }
        [[nodiscard]] gui::TerminalView *view() { return find<gui::TerminalView>(u"consoleView"_s); }
        [[nodiscard]] QString bar() { return find<gui::ChoiceBar>(u"consoleBar"_s)->text(); }
        [[nodiscard]] QString shown() { return view()->text(); }
        [[nodiscard]] bool isOpen() { return window.findChild<gui::ConsolePlace *>() != nullptr; }
        [[nodiscard]] QWidget *display() { return find<QWidget>(u"consoleDisplay"_s); }
        void type(const QString &text) { QTest::keyClicks(display(), text); }
        void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
        {
            QTest::keyClick(display(), key, modifiers);
        }
        void enter(const QString &line)
        {
            type(line);
            press(Qt::Key_Return);
        }
        void fill(const QString &name, const QString &text)
        {
            find<QLineEdit>(name)->setText(text);
            QTest::keyClick(find<QLineEdit>(name), Qt::Key_Return);
        }
        void openShell()
        {
            action(u"imageConsole"_s)->trigger();
            if (!QTest::qWaitFor([this] { return shown().contains(u"# "_s); }, s_patience))
                qFatal("no prompt: %s", qPrintable(shown() + bar()));
        }
    };
};

void ConsoleTest::initTestCase()
{
    if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
        QSKIP("cooperage-engine is not built: whole program skipped");
}

void ConsoleTest::cleanupTestCase()
{
    if (const auto paths = engine::LocalPaths::standard())
        QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
}

void ConsoleTest::aShellTakesKeysAndItsResultIsKept()
{
    Listed w;
    w.openShell();
    QVERIFY(w.place()->windowTitle().contains(u"busybox:latest"_s));
    w.enter(u"echo $((40 + 2)) > /made; cat /made; exit 3"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.bar().contains(u"Exit code 3"_s), s_patience);
    QVERIFY(w.shown().contains(u"\n42\n"_s));
    QVERIFY(w.bar().contains(u"new image"_s));
    w.find<QPushButton>(u"consoleKeep"_s)->click();
    w.fill(u"tagEdit"_s, u"kept:1"_s);
    auto *list = w.find<QTreeView>(u"imageList"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        !list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, u"kept:1"_s).isEmpty(),
        s_patience);
}

void ConsoleTest::oneCommandRunsAndCanRunAgain()
{
    Listed w;
    w.action(u"imageRun"_s)->trigger();
    w.find<QLineEdit>(u"commandFolder"_s)->setText(u"/etc"_s);
    w.fill(u"commandEdit"_s, u"pwd; test -t 1 && echo a terminal"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.bar().contains(u"Exit code 0"_s), s_patience);
    QTRY_VERIFY(w.shown().contains(u"/etc\na terminal\n"_s));
    QVERIFY(w.bar().contains(u"as it was"_s));
    w.find<QPushButton>(u"consoleAgain"_s)->click();
    QVERIFY(w.place()->isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(w.bar().contains(u"Exit code 0"_s), s_patience);
    QTRY_COMPARE(w.shown().count(u"a terminal"_s), 1); // The screen began anew.
    w.action(u"fileClose"_s)->trigger();
    QTRY_VERIFY(!w.isOpen());
}

void ConsoleTest::closingAsksWhileSomethingRuns()
{
    Listed w;
    w.openShell();
    w.action(u"fileClose"_s)->trigger();
    QVERIFY(w.bar().contains(u"still runs"_s));
    w.find<QPushButton>(u"consoleGoOn"_s)->click();
    QVERIFY(w.bar().isEmpty());
    w.enter(u"echo still here"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.shown().contains(u"\nstill here\n"_s), s_patience);
    // So does the end of the program.
    w.window.close();
    QVERIFY(w.window.isVisible());
    QVERIFY(w.bar().contains(u"still runs"_s));
    w.find<QPushButton>(u"consoleKill"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!w.isOpen(), s_patience);
    const auto operations = QCoro::waitFor(w.workbench.session()->engine()->operations(1));
    QVERIFY(operations && !operations->isEmpty());
    QCOMPARE(operations->first().state, engine::OperationState::Cancelled);
}

void ConsoleTest::hangingUpKeepsTheResult()
{
    Listed w;
    w.openShell();
    w.enter(u"echo x > /kept; echo written"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.shown().contains(u"\nwritten\n"_s), s_patience);
    w.action(u"consoleEnd"_s)->trigger();
    w.find<QPushButton>(u"consoleHangUp"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(w.bar().contains(u"new image"_s), s_patience);
}

void ConsoleTest::theSizeFollowsTheWindow()
{
    Listed w;
    w.openShell();
    const auto sizeNow = [&] {
        return u"\n%1 %2\n"_s.arg(w.view()->size().rows).arg(w.view()->size().columns);
    };
    const QString before = sizeNow();
    w.enter(u"stty size"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.shown().contains(before), s_patience);
    w.window.resize(1000, 640);
    QTRY_VERIFY(sizeNow() != before);
    // The size is on its way while the command is typed.
    QTRY_VERIFY_WITH_TIMEOUT((w.enter(u"stty size"_s), QTest::qWait(200), w.shown().contains(sizeNow())),
                             s_patience);
}

void ConsoleTest::controlKeysBelongToTheShell()
{
    Listed w;
    w.openShell();
    w.type(u"echo wrong"_s);
    w.press(Qt::Key_W, Qt::ControlModifier); // Takes the last word away; closes no tab.
    w.enter(u"right"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.shown().contains(u"\nright\n"_s), s_patience);
    QVERIFY(w.bar().isEmpty());
}

void ConsoleTest::theThemeIsTheWindows()
{
    Listed w;
    w.openShell();
    const auto background = [&] {
        const QImage picture = w.display()->grab().toImage();
        return picture.pixelColor(picture.width() / 2, picture.height() - 8);
    };
    w.workbench.appearance()->setTheme(gui::Theme::Dark);
    QTRY_COMPARE(background(), w.window.palette().color(QPalette::Base));
    w.workbench.appearance()->setTheme(gui::Theme::Light);
    QTRY_COMPARE(background(), w.window.palette().color(QPalette::Base));
}

void ConsoleTest::theKeyboardFindsItsWayOut()
{
    Listed w;
    w.openShell();
    w.display()->setFocus();
    w.press(Qt::Key_Tab); // The shell's.
    QCOMPARE(w.window.focusWidget(), w.display());
    w.press(Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(w.window.focusWidget() != w.display());
    w.display()->setFocus();
    w.press(Qt::Key_Q, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(w.window.focusWidget(), w.find<QPushButton>(u"consoleGoOn"_s));
    QTest::keyClick(w.window.focusWidget(), Qt::Key_Escape);
    QTRY_COMPARE(w.window.focusWidget(), w.display());
    QVERIFY(w.bar().isEmpty());
    // What has ended takes no keys: Tab goes on to the buttons.
    w.enter(u"exit"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!w.place()->isRunning(), s_patience);
    w.press(Qt::Key_Tab);
    QVERIFY(w.window.focusWidget() != w.display());
}

void ConsoleTest::snapshotsGoIntoTheHistory()
{
    Listed w;
    w.action(u"historyShow"_s)->trigger();
    w.action(u"historyStart"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(w.window.findChild<QLineEdit *>(u"startImage"_s), s_patience);
    w.find<QLineEdit>(u"startImage"_s)->setText(u"busybox:latest"_s);
    w.fill(u"startName"_s, u"console"_s);
    const gui::HistoryModel *model = w.find<gui::HistoryPane>(u"historyPane"_s)->model();
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 1, s_patience);
    w.action(u"historyConsole"_s)->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(w.isOpen() && w.shown().contains(u"# "_s), s_patience);
    w.enter(u"echo x > /made; exit"_s);
    QTRY_VERIFY_WITH_TIMEOUT(w.bar().contains(u"new image"_s), s_patience);
    w.find<QPushButton>(u"consoleSnapshot"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, s_patience);
    QCOMPARE(model->entryAt(0).title, u"console"_s);
}

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    ConsoleTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_console.moc"
