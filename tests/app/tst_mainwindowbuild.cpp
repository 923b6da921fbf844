#include "app/buildpane/buildcontroller.h"
#include "app/buildpane/buildpane.h"
#include "app/buildpane/buildstatus.h"
#include "app/buildpane/stepmodel.h"
#include "app/exampleproject.h"
#include "app/images/imagebrowsermodel.h"
#include "app/images/imagecatalog.h"
#include "core/engine/launcher.h"
#include "tests/app/windowfixture.h"

#include <QAbstractButton>
#include <qcorotask.h>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace cooperage;
using build::StepState;
using test::Window;

// Builds take as long as the machine lets them.
constexpr int Patience = 120'000;

/// The window, the bundled example and the real engine.
class MainWindowBuildTest : public QObject
{
    Q_OBJECT

    static void openExample(Window &w)
    {
        QDir(gui::exampleFolder()).removeRecursively();
        w.workbench.session()->connectEngine();
        QTest::mouseClick(w.find<QAbstractButton>(u"welcomeExample"_s), Qt::LeftButton);
        QTRY_VERIFY(w.page() && !w.page()->document()->text().isEmpty());
    }

    static void build(Window &w)
    {
        QTest::keyClick(&w.window, Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(w.workbench.builds()->isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(!w.workbench.builds()->isRunning(), Patience);
    }

    static QString result(Window &w) { return w.window.findChild<gui::BuildStatus *>()->text(); }
    static const gui::StepModel *steps(Window &w) { return w.window.findChild<gui::BuildPane *>()->steps(); }

private Q_SLOTS:
    void init() { QSettings().clear(); }

    void cleanupTestCase()
    {
        if (const auto paths = engine::LocalPaths::standard())
            QVERIFY(QCoro::waitFor(engine::stopLocalEngine(*paths)));
    }

    void exampleTurnsGreenAndItsImageIsListed()
    {
        Window w;
        openExample(w);
        build(w);
        QVERIFY2(result(w).startsWith(u"Built build-demo:latest"_s), qPrintable(result(w)));
        QTRY_VERIFY(w.find<QPlainTextEdit>(u"buildLog"_s)->toPlainText().contains(u"| hello"_s));
        QAbstractItemModel *images = w.find<QTreeView>(u"imageList"_s)->model();
        QTRY_VERIFY(!images->match(images->index(0, 0), Qt::DisplayRole, u"build-demo:latest"_s).isEmpty());
        const QModelIndex built =
            images->match(images->index(0, 0), Qt::DisplayRole, u"build-demo:latest"_s)[0];
        const QString origin = built.siblingAtColumn(gui::ImageBrowserModel::OriginColumn).data().toString();
        QVERIFY2(
            origin.startsWith(u"built from %1/Dockerfile, step "_s.arg(QDir(gui::exampleFolder()).dirName())),
            qPrintable(origin));
        QVERIFY2(origin.contains(u"(line "_s), qPrintable(origin));
    }

    void secondBuildTakesEveryStepFromTheCache()
    {
        Window w;
        openExample(w);
        build(w);
        build(w);
        QVERIFY2(result(w).startsWith(u"Built"_s), qPrintable(result(w)));
        for (const gui::StepModel::Step &step : steps(w)->steps())
            QVERIFY2(step.state == StepState::Cached,
                     qPrintable(step.info.title + u' ' + gui::stateWord(step.state)));
    }

    void anotherGreetingRunsTheLastStepOnly()
    {
        Window w;
        openExample(w);
        build(w);
        w.find<QLineEdit>(u"buildArguments"_s)->setText(u"GREETING=ciao"_s);
        build(w);
        QVERIFY2(result(w).startsWith(u"Built"_s), qPrintable(result(w)));
        QTRY_VERIFY(w.find<QPlainTextEdit>(u"buildLog"_s)->toPlainText().contains(u"| ciao"_s));
        const auto &all = steps(w)->steps();
        const auto ran = std::ranges::count_if(all, [](const auto &step) {
            return step.info.keyword == dockerfile::Keyword::Run && step.state == StepState::Done;
        });
        QCOMPARE(ran, 1);
    }

    void brokenStepTurnsRedAndMarksItsLine()
    {
        Window w;
        openExample(w);
        w.editor()->moveCursor(QTextCursor::End);
        w.editor()->insertPlainText(u"RUN echo about to fail; exit 7\n"_s);
        const int line = w.editor()->document()->blockCount() - 1;
        build(w);
        QVERIFY2(result(w).contains(u"RUN failed: exit code 7"_s), qPrintable(result(w)));
        QVERIFY(result(w).contains(QString::number(line)));
        QCOMPARE(w.editor()->failedLine(), line);
        QCOMPARE(w.editor()->markAt(line), gui::LineMark::Failed);
        QVERIFY(w.find<QLabel>(u"buildResultDetail"_s)->text().contains(u"about to fail"_s));

        w.editor()->goToLine(1);
        QTest::mouseClick(w.find<QAbstractButton>(u"goToLineButton"_s), Qt::LeftButton);
        QCOMPARE(w.editor()->currentLine(), line);

        // A build that goes on by itself, as after a sign-in, takes the mark away as well.
        auto *builds = w.workbench.builds();
        QSignalSpy finished(builds, &gui::BuildController::finished);
        builds->start(builds->request());
        QVERIFY(!w.editor()->failedLine());
        QVERIFY(finished.wait(60'000));
        QCOMPARE(w.editor()->failedLine(), line);

        // Mended: the mark goes at once, the red bar with the next build.
        w.editor()->moveCursor(QTextCursor::EndOfLine);
        for (int i = 0; i < 8; ++i)
            QTest::keyClick(w.editor(), Qt::Key_Backspace);
        QVERIFY(!w.editor()->failedLine());
        build(w);
        QVERIFY2(result(w).startsWith(u"Built"_s), qPrintable(result(w)));
    }

    void escapeStopsARunningStep()
    {
        Window w;
        openExample(w);
        w.editor()->moveCursor(QTextCursor::End);
        w.editor()->insertPlainText(u"RUN echo waiting && sleep 300\n"_s);
        QTest::keyClick(&w.window, Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(w.find<QPlainTextEdit>(u"buildLog"_s)->toPlainText().contains(u"waiting"_s),
                                 Patience);
        QTest::keyClick(&w.window, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!w.workbench.builds()->isRunning(), Patience);
        QVERIFY2(result(w).contains(u"stopped"_s), qPrintable(result(w)));
        QVERIFY(!w.editor()->failedLine());
    }

    void closingDuringABuildAsksAndStopsIt()
    {
        Window w;
        openExample(w);
        w.editor()->moveCursor(QTextCursor::End);
        w.editor()->insertPlainText(u"RUN echo waiting && sleep 301\n"_s);
        w.action(u"buildStart"_s)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(w.find<QPlainTextEdit>(u"buildLog"_s)->toPlainText().contains(u"waiting"_s),
                                 Patience);
        w.window.close();
        QVERIFY(w.window.isVisible());
        auto *question = w.find<QMessageBox>(u"unsavedQuestion"_s);
        for (QAbstractButton *button : question->buttons()) {
            if (question->buttonRole(button) == QMessageBox::DestructiveRole)
                button->click();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!w.window.isVisible(), Patience);
        QVERIFY(!w.workbench.builds()->isRunning());
    }

    void mistakeInTheArgumentsIsSaidBesideThem()
    {
        Window w;
        openExample(w);
        w.find<QLineEdit>(u"buildArguments"_s)->setText(u"nonsense"_s);
        w.action(u"buildStart"_s)->trigger();
        QTRY_VERIFY(result(w).contains(u"nonsense"_s));
        QVERIFY(!w.workbench.builds()->isRunning());
    }
};

int main(int argc, char *argv[])
{
    const test::GuiProgram program(argc, argv, COOPERAGE_BIN_DIR "/cooperage-engine");
    MainWindowBuildTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_mainwindowbuild.moc"
