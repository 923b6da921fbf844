#include "app/operations/operationmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::gui;
using build::StepState;

namespace {

Activity activity(const QString &id, StepState state = StepState::Done)
{
    return {.id = id,
            .kind = u"instance"_s,
            .state = state,
            .subject = u"make"_s,
            .startedAt = QDateTime::currentDateTimeUtc(),
            .durationMs = 1200};
}

} // namespace

class OperationModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refreshingKeepsRowsThatStay()
    {
        OperationModel model;
        const QAbstractItemModelTester tester(&model);
        model.setActivities({activity(u"b"_s, StepState::Running), activity(u"a"_s)});
        const QPersistentModelIndex kept = model.index(0, 0);
        model.setActivities({activity(u"c"_s), activity(u"b"_s)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(kept.row(), 1);
        QCOMPARE(kept.data().toString(), u"done"_s);
        model.setActivities({activity(u"b"_s), activity(u"c"_s)}); // In another order.
        QCOMPARE(kept.row(), 0);
        model.setActivities({});
        QVERIFY(!kept.isValid());
    }

    void rowsAreSpokenWhole()
    {
        OperationModel model;
        model.setActivities({activity(u"a"_s)});
        QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), u"make, run, done, 1.2 s"_s);
        QCOMPARE(model.index(0, OperationModel::KindColumn).data().toString(), u"run"_s);
    }
};

QTEST_MAIN(OperationModelTest)
#include "tst_operationmodel.moc"
