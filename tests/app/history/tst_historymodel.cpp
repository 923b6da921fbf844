#include "app/colors.h"
#include "app/history/historydelegate.h"
#include "app/history/historymodel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::gui;

namespace {

sessions::HistoryEntry entry(qint64 id, qint64 parent, const QString &title = u"cmd"_s)
{
    return {.id = id,
            .image = u"image-%1"_s.arg(id),
            .parent = parent,
            .kind = sessions::kind::run,
            .title = title,
            .createdAt = QDateTime::currentDateTimeUtc()};
}

/// 1-2-4 on main, 3 on try, which grew from 1.
sessions::SessionView twoBranches()
{
    return {.name = u"s"_s,
            .activeBranch = u"main"_s,
            .branches = {{u"main"_s, 4}, {u"other"_s, 4}, {u"try"_s, 3}},
            .entries = {entry(1, 0, u"busybox"_s), entry(2, 1), entry(3, 1), entry(4, 2, u"make"_s)}};
}

} // namespace

class HistoryModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLineStaysInOneLane()
    {
        const auto rows = layoutLanes({{3, 2}, {2, 1}, {1, 0}});
        QCOMPARE(rows, (QList<GraphRow>{{.lane = 0, .through = 0, .arriving = 0, .goesDown = true},
                                        {.lane = 0, .through = 0, .arriving = 1, .goesDown = true},
                                        {.lane = 0, .through = 0, .arriving = 1, .goesDown = false}}));
    }

    void branchesMeetAtTheirParent()
    {
        const auto rows = layoutLanes({{4, 2}, {3, 1}, {2, 1}, {1, 0}});
        QCOMPARE(rows, (QList<GraphRow>{{.lane = 0, .through = 0b00, .arriving = 0b00, .goesDown = true},
                                        {.lane = 1, .through = 0b01, .arriving = 0b00, .goesDown = true},
                                        {.lane = 0, .through = 0b10, .arriving = 0b01, .goesDown = true},
                                        {.lane = 0, .through = 0b00, .arriving = 0b11, .goesDown = false}}));
    }

    void separateRootsReuseALane()
    {
        for (const GraphRow &row : layoutLanes({{3, 0}, {2, 0}, {1, 0}}))
            QCOMPARE(row, GraphRow());
        // A parent that is not there counts as none; one that is its own would never end.
        QCOMPARE(layoutLanes({{9, 5}, {8, 8}}), QList<GraphRow>(2));
    }

    void freedLanesAreTakenAgain()
    {
        // 6 and 5 grew from 4; afterwards 3 (a root of its own) may use the second lane.
        const auto rows = layoutLanes({{6, 4}, {5, 4}, {4, 1}, {3, 0}, {1, 0}});
        QCOMPARE(rows[1].lane, 1);
        QCOMPARE(rows[2].arriving, 0b11U);
        QCOMPARE(rows[3].lane, 1);
        QCOMPARE(rows[3].through, 0b01U);
        QCOMPARE(rows[4].lane, 0);
    }

    void manyBranchesShareTheLastLane()
    {
        QList<GraphNode> nodes;
        for (qint64 id = 101; id > 1; --id)
            nodes.append({id, 1});
        nodes.append({1, 0});
        const auto rows = layoutLanes(nodes);
        QCOMPARE(std::ranges::max(rows, {}, &GraphRow::lane).lane, laneCount - 1);
        QCOMPARE(rows.last().arriving, (1U << laneCount) - 1);
        QCOMPARE(rows.last().lane, 0);
    }

    void tenThousandRowsAreLaidOutQuickly()
    {
        QList<GraphNode> nodes;
        for (qint64 id = 10'000; id > 0; --id)
            nodes.append({id, id % 7 == 0 ? id / 2 : id - 1});
        QElapsedTimer timer;
        timer.start();
        const auto rows = layoutLanes(nodes);
        qInfo("10,000 rows: %.2f ms", double(timer.nsecsElapsed()) / 1e6);
        QCOMPARE(rows.size(), 10'000);
        QVERIFY(!rows.last().goesDown);
    }

    void rowsSayWhatTheyAre()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model);
        model.setView(twoBranches());
        QCOMPARE(model.rowCount(), 4);
        const QModelIndex top = model.index(0, 0);
        QCOMPARE(top.data(HistoryModel::EntryRole).toLongLong(), 4);
        QVERIFY(top.data(HistoryModel::HeadRole).toBool());
        QCOMPARE(top.data(HistoryModel::BranchesRole).toStringList(), (QStringList{u"main"_s, u"other"_s}));
        QCOMPARE(top.data(Qt::AccessibleTextRole).toString(), u"make, run, branch main, current, just now"_s);
        QCOMPARE(model.index(1, 0).data(Qt::AccessibleTextRole).toString(),
                 u"cmd, run, branch try, just now"_s);
        QCOMPARE(model.index(3, 0).data(Qt::AccessibleTextRole).toString(),
                 u"busybox, run, branch main, just now"_s);
        QCOMPARE(model.rowOf(3), 1);
        QCOMPARE(model.rowOf(99), -1);
    }

    void newEntriesAreInsertedAndTheRestStays()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model);
        sessions::SessionView view = twoBranches();
        model.setView(view);
        const QPersistentModelIndex kept = model.index(0, 0);
        view.entries.append(entry(5, 4));
        view.branches[0].tip = 5;
        model.setView(view);
        QCOMPARE(kept.row(), 1);
        QVERIFY(!kept.data(HistoryModel::HeadRole).toBool());
        QCOMPARE(kept.data(HistoryModel::BranchesRole).toStringList(), QStringList{u"other"_s});

        view.name = u"another"_s;
        model.setView(view);
        QVERIFY(!kept.isValid());
        model.setView({});
        QCOMPARE(model.rowCount(), 0);
    }

    void rollingBackMovesTheHead()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model);
        sessions::SessionView view = twoBranches();
        model.setView(view);
        view.branches[0].tip = 1;
        model.setView(view);
        QVERIFY(model.index(3, 0).data(HistoryModel::HeadRole).toBool());
        QVERIFY(!model.index(0, 0).data(HistoryModel::HeadRole).toBool());
    }

    void searchFindsTitlesBranchesAndNumbers()
    {
        HistoryModel model;
        model.setView(twoBranches());
        QCOMPARE(model.matches(u"MAKE"_s), QList<int>{0});
        QCOMPARE(model.matches(u"try"_s), QList<int>{1});
        QCOMPARE(model.matches(u"image-1"_s), QList<int>{3});
        QCOMPARE(model.matches(u"nothing"_s), QList<int>{});
        QCOMPARE(model.matches({}), QList<int>{});
    }

    void lanesAreReadableInBothThemes()
    {
        for (const QColor &base : {QColor(Qt::white), QColor(0x1e, 0x1e, 0x1e)}) {
            QPalette palette;
            palette.setColor(QPalette::Base, base);
            for (int lane = 0; lane < laneCount; ++lane)
                QVERIFY(contrast(laneColor(lane, palette), base) >= 4.5);
        }
    }
};

QTEST_MAIN(HistoryModelTest)
#include "tst_historymodel.moc"
