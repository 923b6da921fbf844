#include "app/buildpane/stepmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using build::StepState;
using gui::StepModel;

namespace {

build::StepInfo step(int index, const QString &title, int line, int stage = 0)
{
    return {.index = index,
            .stage = stage,
            .stageName = u"stage-%1"_s.arg(stage),
            .title = title,
            .keyword = dockerfile::Keyword::Run,
            .range = {.firstLine = line, .lastLine = line}};
}

build::PlanReady plan()
{
    return {
        {step(0, u"FROM busybox:latest"_s, 1), step(1, u"RUN make"_s, 2), step(2, u"RUN make install"_s, 3)}};
}

QString cell(const StepModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class StepModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void planMakesWaitingRows()
    {
        StepModel model;
        QAbstractItemModelTester tester(&model);
        model.apply(plan());
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(cell(model, 1, StepModel::InstructionColumn), u"RUN make"_s);
        QCOMPARE(cell(model, 1, StepModel::StateColumn), u"waiting"_s);
        QCOMPARE(model.index(2, 0).data(StepModel::LineRole).toInt(), 3);
        QCOMPARE(model.stageCount(), 1);
    }

    void eventsMoveStatesAndTimes()
    {
        StepModel model;
        QAbstractItemModelTester tester(&model);
        QSignalSpy started(&model, &StepModel::stepStarted);
        QSignalSpy failed(&model, &StepModel::stepFailed);
        model.apply(plan());
        model.apply(build::StepFinished{.step = 0, .state = StepState::Cached});
        model.apply(build::StepStarted{.step = 1});
        QCOMPARE(cell(model, 1, StepModel::StateColumn), u"running"_s);
        model.apply(
            build::StepFinished{.step = 1, .state = StepState::Failed, .durationMs = 2400, .exitCode = 7});
        model.apply(build::StepFinished{.step = 2, .state = StepState::Skipped});

        QCOMPARE(cell(model, 0, StepModel::StateColumn), u"cached"_s);
        QCOMPARE(cell(model, 1, StepModel::StateColumn), u"failed"_s);
        QCOMPARE(cell(model, 1, StepModel::TimeColumn), u"2.4 s"_s);
        QCOMPARE(cell(model, 2, StepModel::StateColumn), u"skipped"_s);
        QCOMPARE(started.size(), 1);
        QCOMPARE(failed.size(), 1);
        QVERIFY(model.failedStep());
        QCOMPARE(model.failedStep()->exitCode, 7);
        QCOMPARE(model.finishedCount(), 3);
    }

    void runningStepShowsBytes()
    {
        StepModel model;
        model.apply(plan());
        model.apply(build::StepStarted{.step = 0});
        model.apply(build::StepProgress{.step = 0, .done = 1024, .total = 2048, .what = {}});
        QVERIFY(cell(model, 0, StepModel::TimeColumn).contains(u" of "_s));
    }

    void eventsOfUnknownStepsChangeNothing()
    {
        StepModel model;
        QAbstractItemModelTester tester(&model);
        model.apply(build::StepStarted{.step = 4});
        model.apply(build::StepFinished{.step = 4});
        model.apply(build::StepOutput{.step = 4, .bytes = "x"});
        QCOMPARE(model.rowCount(), 0);
    }

    void clearingAndPlanningAgainStartsAfresh()
    {
        StepModel model;
        QAbstractItemModelTester tester(&model);
        model.apply(plan());
        model.apply(build::StepFinished{.step = 1, .state = StepState::Failed});
        model.clear();
        QVERIFY(!model.failedStep());
        model.apply(plan());
        QCOMPARE(cell(model, 1, StepModel::StateColumn), u"waiting"_s);
    }

    void durationsReadWell_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("short") << qint64(340) << u"340 ms"_s;
        QTest::newRow("seconds") << qint64(59'940) << u"59.9 s"_s;
        QTest::newRow("minutes") << qint64(185'000) << u"3 min 05 s"_s;
    }
    void durationsReadWell()
    {
        QFETCH(qint64, milliseconds);
        QTEST(gui::durationText(milliseconds), "text");
    }
};

QTEST_GUILESS_MAIN(StepModelTest)
#include "tst_stepmodel.moc"
