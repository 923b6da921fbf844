#include "core/build/plan.h"
#include "core/dockerfile/parser.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::build;

static Result<BuildPlan> planOf(const QString &text, const PlanOptions &options = {})
{
    return makePlan(dockerfile::parse(text), options);
}

static QStringList titles(const BuildPlan &plan)
{
    QStringList result;
    for (const StepInfo &step : plan.steps())
        result << step.stageName + u": "_s + step.title;
    return result;
}

class TestPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsOnlyStagesThatTheTargetNeeds();
    void findsTheTargetInAnyCase();
    void unknownTargetSuggestsTheNearestStage();
    void followsCopyFromByNameAndIndex();
    void mountsTakeFromStagesAndImages();
    void copyFromSomethingElseIsAnImage();
    void fromUsesGlobalArguments();
    void stepsAreNumberedThroughTheWholePlan();

    void refuses_data();
    void refuses();
    void mistakesInStagesThatAreNotNeededGoUnnoticed();
};

void TestPlan::holdsOnlyStagesThatTheTargetNeeds()
{
    const auto plan = planOf(u"FROM a AS one\nRUN x\nFROM b AS two\nRUN y\nFROM one\nRUN z\n"_s);
    QVERIFY(plan);
    QCOMPARE(titles(*plan), (QStringList{u"one: FROM a AS one"_s, u"one: RUN x"_s, u"stage-2: FROM one"_s,
                                         u"stage-2: RUN z"_s}));
    QCOMPARE(plan->target, 2);
}

void TestPlan::findsTheTargetInAnyCase()
{
    const auto plan = planOf(u"FROM a AS one\nFROM b AS two\n"_s, {.target = u"ONE"_s});
    QVERIFY(plan);
    QCOMPARE(plan->stages.size(), 1);
    QCOMPARE(plan->stages.first().name, u"one"_s);
}

void TestPlan::unknownTargetSuggestsTheNearestStage()
{
    const auto plan = planOf(u"FROM a AS builder\nFROM b\n"_s, {.target = u"buildr"_s});
    QVERIFY(!plan);
    QCOMPARE(plan.error().kind, ErrorKind::NotFound);
    QVERIFY2(plan.error().what.contains(u"did you mean builder"_s), qPrintable(plan.error().text()));
}

void TestPlan::followsCopyFromByNameAndIndex()
{
    const auto plan = planOf(
        u"FROM a AS one\nFROM b\nFROM c AS three\nFROM d\nCOPY --from=ONE /x /x\nCOPY --from=1 /y /y\n"_s);
    QVERIFY(plan);
    QCOMPARE(plan->stages.size(), 3);
    const PlannedStage &last = plan->stages.last();
    QCOMPARE(last.steps[1].from->stage, 0);
    QCOMPARE(last.steps[2].from->stage, 1);
}

void TestPlan::mountsTakeFromStagesAndImages()
{
    const auto plan = planOf(u"FROM a AS one\nFROM b\nFROM c\nRUN --mount=FROM=ONE,target=/a "
                             "--mount=type=cache,target=/b --mount=from=0,target=/c x\n"_s);
    QVERIFY(plan);
    QCOMPARE(plan->stages.size(), 2);
    const QList<std::optional<StageSource>> mounts = plan->stages.last().steps[1].mounts;
    QCOMPARE(mounts.size(), 3);
    QCOMPARE(mounts[0]->stage, 0);
    QVERIFY(!mounts[1]);
    QCOMPARE(mounts[2]->kind, StageSource::Kind::Image); // No stage's number, but an image's name.
    QCOMPARE(mounts[2]->image, u"0"_s);
}

void TestPlan::copyFromSomethingElseIsAnImage()
{
    const auto plan = planOf(u"FROM a\nCOPY --from=busybox:1.36 /bin/sh /sh\n"_s);
    QVERIFY(plan);
    QCOMPARE(plan->stages.first().steps[1].from->kind, StageSource::Kind::Image);
    QCOMPARE(plan->stages.first().steps[1].from->image, u"busybox:1.36"_s);
}

void TestPlan::fromUsesGlobalArguments()
{
    const QString text = u"ARG BASE=debian\nARG TAG=$BASE-12\nFROM x:$TAG\n"_s;
    QCOMPARE(planOf(text)->stages.first().steps.first().from->image, u"x:debian-12"_s);
    const PlanOptions options{.buildArgs = {{u"BASE"_s, u"alpine"_s}}};
    QCOMPARE(planOf(text, options)->stages.first().steps.first().from->image, u"x:alpine-12"_s);
}

void TestPlan::stepsAreNumberedThroughTheWholePlan()
{
    const auto plan = planOf(u"FROM a AS one\nRUN x\nFROM b\nCOPY --from=one /x /\n"_s);
    QVERIFY(plan);
    QCOMPARE(plan->stepCount(), 4);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(plan->steps()[i].index, i);
    QCOMPARE(plan->place(plan->stages.last().steps.last()), u"Dockerfile:4:1"_s);
}

void TestPlan::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    QTest::newRow("syntax") << u"FROM a\nFOO b\n"_s << u"Dockerfile:2:1"_s << u"unknown instruction"_s;
    QTest::newRow("blank base") << u"FROM $X\n"_s << u"Dockerfile:1:1"_s << u"should not be blank"_s;
    QTest::newRow("bad base") << u"FROM Busybox\n"_s << u"Dockerfile:1:1"_s << QString();
    QTest::newRow("self") << u"FROM a AS one\nCOPY --from=one /x /\n"_s << u"Dockerfile:2:1"_s
                          << u"circular dependency detected on stage: one"_s;
    QTest::newRow("circle") << u"FROM a AS one\nCOPY --from=two /x /\nFROM b AS two\nCOPY --from=one /x /\n"_s
                            << u"Dockerfile:2:1"_s << u"circular dependency detected on stage: one"_s;
    QTest::newRow("forward") << u"FROM a AS one\nCOPY --from=two /x /\nFROM b AS two\nFROM one\n"_s
                             << u"Dockerfile:2:1"_s << u"needs to be defined before"_s;
    QTest::newRow("index") << u"FROM a\nCOPY --from=7 /x /\n"_s << u"Dockerfile:2:1"_s
                           << u"invalid stage index 7"_s;
    QTest::newRow("variable") << u"FROM a\nCOPY --from=$X /x /\n"_s << u"Dockerfile:2:1"_s
                              << u"not supported for --from"_s;
    QTest::newRow("mount") << u"FROM a\n\nRUN --mount=type=nfs,target=/c make\n"_s << u"Dockerfile:3:1"_s
                           << u"unsupported mount type \"nfs\""_s;
    QTest::newRow("mount from a variable")
        << u"FROM a\nRUN --mount=from=$X,target=/c make\n"_s << u"Dockerfile:2"_s
        << u"'from' doesn't support variable expansion, define alias stage instead"_s;
    QTest::newRow("mount of itself") << u"FROM a AS one\nRUN --mount=from=ONE,target=/c x\n"_s
                                     << u"Dockerfile:2:1"_s
                                     << u"circular dependency detected on stage: one"_s;
    QTest::newRow("mount circle")
        << u"FROM a AS one\nRUN --mount=from=two,target=/x y\nFROM b AS two\nCOPY --from=one /x /\n"_s
        << u"Dockerfile:2:1"_s << u"circular dependency detected on stage: one"_s;
    QTest::newRow("host network") << u"FROM a\nRUN --network=host make\n"_s << u"Dockerfile:2:1"_s
                                  << u"network.host is not allowed"_s;
    QTest::newRow("insecure") << u"FROM a\nRUN --security=insecure make\n"_s << u"Dockerfile:2:1"_s
                              << u"security.insecure is not allowed"_s;
    QTest::newRow("device")
        << u"FROM a\nRUN --device=x make\n"_s << u"Dockerfile:2"_s
        << u"device feature is only supported in Dockerfile frontend 1.14.0-labs or later"_s;
    QTest::newRow("platform") << u"FROM --platform=plan9/mips a\n"_s << u"Dockerfile:1:1"_s
                              << u"plan9/mips"_s;
    QTest::newRow("empty file") << QString() << u"Dockerfile"_s << QString();
}

void TestPlan::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto plan = planOf(text);
    QVERIFY(!plan);
    QVERIFY2(plan.error().where.startsWith(where), qPrintable(plan.error().text()));
    QVERIFY2(plan.error().what.contains(what), qPrintable(plan.error().text()));
}

void TestPlan::mistakesInStagesThatAreNotNeededGoUnnoticed()
{
    QVERIFY(planOf(u"FROM a AS one\nRUN --mount=type=nfs,target=/c x\nFROM b\nRUN y\n"_s));
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
