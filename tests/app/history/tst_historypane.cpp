#include "app/history/historyactions.h"
#include "app/history/historymodel.h"
#include "app/history/historypane.h"
#include "app/inlinemessage.h"
#include "app/operations/operationmodel.h"
#include "core/engine/launcher.h"
#include "core/engine/localpaths.h"
#include "tests/app/windowfixture.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::Window;

namespace {

constexpr int Patience = 60'000;

/// The window with its history in front and the engine ready.
struct HistoryWindow : Window
{
    HistoryWindow()
    {
        workbench.session()->connectEngine();
        window.resize(1280, 800);
        action(u"historyShow"_s)->trigger();
        if (!QTest::qWaitFor(
                [this] { return workbench.session()->state() == gui::EngineSession::State::Ready; },
                Patience))
            qFatal("no engine");
    }

    [[nodiscard]] gui::HistoryPane *pane() { return find<gui::HistoryPane>(u"historyPane"_s); }
    [[nodiscard]] const gui::HistoryModel *model() { return pane()->model(); }
    [[nodiscard]] QTreeView *graph() { return find<QTreeView>(u"historyGraph"_s); }
    [[nodiscard]] QString message() { return find<gui::InlineMessage>(u"historyMessage"_s)->text(); }
    void type(const QString &name, const QString &text)
    {
        find<QLineEdit>(name)->setText(text);
        QTest::keyClick(find<QLineEdit>(name), Qt::Key_Return);
    }
    void start(const QString &name)
    {
        action(u"historyStart"_s)->trigger();
        // The dialog comes with the engine's tags.
        if (!QTest::qWaitFor([this] { return window.findChild<QLineEdit *>(u"startImage"_s) != nullptr; },
                             Patience))
            qFatal("no dialog");
        find<QLineEdit>(u"startImage"_s)->setText(u"busybox:latest"_s);
        type(u"startName"_s, name);
    }
    void run(const QString &command) { type(u"historyCommand"_s, command); }
    [[nodiscard]] QString output() { return find<QPlainTextEdit>(u"historyOutput"_s)->toPlainText(); }
};

} // namespace

/// The history dock with the real engine, which brings the image busybox:latest.
class HistoryPaneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFile::exists(qEnvironmentVariable("COOPERAGE_ENGINE")))
            QSKIP("cooperage-engine is not built: whole program skipped");
    }
    void cleanupTestCase()
    {
        if (const auto paths = engine::LocalPaths::standard())
            QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
    }

    void withoutASessionItSaysWhatToDo()
    {
        HistoryWindow w;
        QTRY_VERIFY(w.find<QLabel>(u"historyEmpty"_s)->text().contains(u"New Session"_s));
        QVERIFY(!w.action(u"historyRollback"_s)->isEnabled());
        QVERIFY(w.action(u"historyRollback"_s)->toolTip().contains(u"Select an entry"_s));
    }

    void commandsGrowTheGraph()
    {
        HistoryWindow w;
        w.start(u"grow"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 1, Patience);
        w.run(u"echo hello > /greeting; cat /greeting"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 2, Patience);
        QTRY_VERIFY(w.output().contains(u"hello\n"_s) && w.output().contains(u"Exit code 0"_s));
        QCOMPARE(w.graph()->currentIndex().row(), 0); // The selection goes along.

        // From an older entry: on a branch of its own.
        w.graph()->setCurrentIndex(w.model()->index(1, 0));
        w.run(u"ls /greeting || echo absent"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 3, Patience);
        QTRY_VERIFY(w.output().contains(u"absent"_s));
        QCOMPARE(w.model()->view().activeBranch, u"at-%1"_s.arg(w.model()->entryAt(2).id));
        QCOMPARE(w.model()->index(1, 0).data(gui::HistoryModel::GraphRole).value<gui::GraphRow>().lane, 1);
    }

    void branchCheckoutAndRollback()
    {
        HistoryWindow w;
        w.start(u"branches"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"branches"_s, Patience);
        w.run(u"touch /a"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 2, Patience);
        w.action(u"historyBranch"_s)->trigger();
        w.type(u"branchEdit"_s, u"try"_s);
        QTRY_COMPARE(w.model()->view().activeBranch, u"try"_s);
        w.graph()->setCurrentIndex(w.model()->index(1, 0));
        w.action(u"historyRollback"_s)->trigger();
        QTRY_COMPARE(w.model()->view().head(), w.model()->entryAt(1).id);
        w.graph()->setCurrentIndex(w.model()->index(0, 0));
        w.action(u"historyCheckout"_s)->trigger();
        QTRY_COMPARE(w.model()->view().activeBranch, u"main"_s);
        w.action(u"historyCopy"_s)->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), w.model()->entryAt(0).image);
    }

    void folderVariablesAndErrors()
    {
        HistoryWindow w;
        w.start(u"surroundings"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"surroundings"_s, Patience);
        w.action(u"historyFolder"_s)->trigger();
        w.type(u"folderEdit"_s, u"/nowhere"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!w.message().isEmpty(), Patience);
        QCOMPARE(w.model()->rowCount(), 1);
        w.action(u"historyFolder"_s)->trigger();
        w.type(u"folderEdit"_s, u"/etc"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 2, Patience);
        QVERIFY(!w.find<gui::InlineMessage>(u"historyMessage"_s)
                     ->isVisible()); // The error went with its attempt.
        w.action(u"historyVariables"_s)->trigger();
        QTRY_VERIFY(w.window.findChild<QTableWidget *>(u"variablesTable"_s));
        QTest::mouseClick(w.find<QAbstractButton>(u"variablesAdd"_s), Qt::LeftButton);
        auto *table = w.find<QTableWidget>(u"variablesTable"_s);
        table->item(0, 0)->setText(u"NAME"_s);
        table->item(0, 1)->setText(u"value"_s);
        for (QAbstractButton *button : table->window()->findChildren<QAbstractButton *>()) {
            if (button->text() == u"&Set Variables"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 3, Patience);
        w.run(u"pwd; echo $NAME"_s);
        QTRY_VERIFY_WITH_TIMEOUT(w.output().contains(u"/etc\nvalue\n"_s), Patience);
    }

    void aRunningCommandCanBeStopped()
    {
        HistoryWindow w;
        w.start(u"stopped"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"stopped"_s, Patience);
        w.run(u"echo begun; sleep 1000"_s);
        QTRY_VERIFY_WITH_TIMEOUT(w.output().contains(u"begun\n"_s), Patience);
        auto *stop = w.find<QAbstractButton>(u"historyStopButton"_s);
        QVERIFY(stop->isVisible());
        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!stop->isVisible(), Patience);
        QCOMPARE(w.model()->rowCount(), 1);
        QVERIFY(w.action(u"historyRun"_s)->isEnabled());
    }

    void deletingCanBeUndone()
    {
        HistoryWindow w;
        w.start(u"deleted"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"deleted"_s, Patience);
        w.action(u"historyRename"_s)->trigger();
        w.type(u"renameEdit"_s, u"renamed"_s);
        QTRY_COMPARE(w.model()->view().name, u"renamed"_s);
        w.action(u"historyDelete"_s)->trigger();
        QTRY_VERIFY(w.message().contains(u"renamed"_s));
        QTRY_VERIFY(w.find<QComboBox>(u"historySession"_s)->findText(u"renamed"_s) < 0);
        auto *bar = w.find<gui::InlineMessage>(u"historyMessage"_s);
        QTest::mouseClick(bar->findChild<QAbstractButton *>(u"messageButton"_s), Qt::LeftButton);
        QTRY_COMPARE(w.model()->view().name, u"renamed"_s);
    }

    void theImageBecomesTheEditorsBase()
    {
        HistoryWindow w;
        w.start(u"from"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"from"_s, Patience);
        const QString image = w.model()->entryAt(0).image;
        w.action(u"fileNew"_s)->trigger();
        w.editor()->setPlainText(u"FROM --platform=linux/amd64 old:1 AS base\nRUN true\n"_s);
        w.editor()->goToLine(2);
        w.action(u"historyFrom"_s)->trigger();
        QCOMPARE(w.editor()->toPlainText(),
                 u"FROM --platform=linux/amd64 %1 AS base\nRUN true\n"_s.arg(image));
        w.editor()->undo();
        QVERIFY(w.editor()->toPlainText().contains(u"old:1"_s));
        w.editor()->setPlainText(u"RUN true\n"_s);
        w.action(u"historyFrom"_s)->trigger();
        QCOMPARE(w.editor()->toPlainText(), u"FROM %1\nRUN true\n"_s.arg(image));
    }

    void operationsAreListedWithTheirOutput()
    {
        HistoryWindow w;
        w.start(u"operations"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->view().name, u"operations"_s, Patience);
        w.run(u"echo printed; exit 4"_s);
        QTRY_COMPARE_WITH_TIMEOUT(w.model()->rowCount(), 2, Patience);
        w.find<QDockWidget>(u"operationDock"_s)->raise();
        auto *list = w.find<QTreeView>(u"operationList"_s);
        const auto top = [list] { return list->model()->index(0, 0); };
        QTRY_COMPARE_WITH_TIMEOUT(top().siblingAtColumn(gui::OperationModel::SubjectColumn).data().toString(),
                                  u"echo printed; exit 4"_s, Patience);
        QTRY_COMPARE_WITH_TIMEOUT(top().data().toString(), u"exit 4"_s, Patience);
        list->setCurrentIndex(top());
        QTRY_VERIFY_WITH_TIMEOUT(
            w.find<QPlainTextEdit>(u"operationOutput"_s)->toPlainText().contains(u"printed\n"_s), Patience);
        QVERIFY(!w.action(u"operationCancel"_s)->isEnabled());
    }

    void everyActionCanBeNamedAndReached()
    {
        HistoryWindow w;
        for (const QAction *action :
             w.window.findChildren<QAction *>(QRegularExpression(u"^(history|operation)[A-Z]\\w+$"_s))) {
            QVERIFY2(!action->text().isEmpty() && !action->shortcut().isEmpty(),
                     qPrintable(action->objectName()));
        }
    }
};

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    HistoryPaneTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_historypane.moc"
