#include "core/dockerfile/parser.h"
#include "core/dockerfile/stages.h"

#include <QTest>

using namespace cooperage::dockerfile;
using namespace Qt::StringLiterals;

class TestStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutsAFileIntoStages();
    void findsTheLastStageOfAName();
    void findsTheNearestEarlierStage();
    void copesWithFilesWithoutStages();
};

void TestStages::cutsAFileIntoStages()
{
    const StageList list =
        stagesOf(parse(u"ARG V=1\nARG W\nFROM a:$V AS Base\nRUN x\nARG X\nFROM Base\nCMD y\n"_s));
    QCOMPARE(list.globalArgs, (QList<qsizetype>{0, 1}));
    QCOMPARE(list.stages.size(), 2);
    QCOMPARE(list.stages[0].name, u"base"_s);
    QCOMPARE(list.stages[0].displayName(), u"base"_s);
    QCOMPARE(list.stages[0].from, 2);
    QCOMPARE(list.stages[0].body, (QList<qsizetype>{3, 4}));
    QCOMPARE(list.stages[1].index, 1);
    QCOMPARE(list.stages[1].displayName(), u"stage-1"_s);
    QCOMPARE(list.stages[1].body, QList<qsizetype>{6});
}

void TestStages::findsTheLastStageOfAName()
{
    const StageList list = stagesOf(parse(u"FROM a AS x\nFROM b AS y\nFROM c AS X\nFROM d"_s));
    QCOMPARE(list.find(u"x"_s)->index, 2);
    QCOMPARE(list.find(u"Y"_s)->index, 1);
    QCOMPARE(list.find(u"z"_s), nullptr);
    QCOMPARE(list.find(QString()), nullptr);
}

void TestStages::findsTheNearestEarlierStage()
{
    const StageList list = stagesOf(parse(u"FROM a AS x\nFROM b AS y\nFROM c AS x\nFROM x"_s));
    QCOMPARE(list.findEarlier(u"x"_s, 3)->index, 2);
    QCOMPARE(list.findEarlier(u"x"_s, 2)->index, 0);
    QCOMPARE(list.findEarlier(u"x"_s, 0), nullptr);
    QCOMPARE(list.findEarlier(u"y"_s, 1), nullptr);
    QCOMPARE(list.findEarlier(u"X"_s, 3), nullptr); // FROM does not fold case.
}

void TestStages::copesWithFilesWithoutStages()
{
    QVERIFY(stagesOf(parse(QString())).stages.isEmpty());
    const StageList list = stagesOf(parse(u"RUN x\nARG A\nFROM\n"_s));
    QCOMPARE(list.globalArgs, QList<qsizetype>{1});
    QCOMPARE(list.stages.size(), 1);
}

QTEST_GUILESS_MAIN(TestStages)
#include "tst_stages.moc"
