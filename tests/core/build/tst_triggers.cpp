#include "core/build/forecast.h"
#include "core/build/imageconfigs.h"
#include "core/dockerfile/parser.h"
#include "tests/core/build/buildfixture.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// ONBUILD of bases, on the real engine: images and stages.
class TestTriggers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void triggersOfAnImageAreCarriedOutWithFrom();
    void triggersAreCachedAndForeseen();
    void aTriggerThatFailsIsFromsFailure();
    void triggersOfAStageTakeFromStagesThatNothingElseNeeds();
    void triggersOfAnImageTakeFromStages();
    void whatIsNoTriggerIsRefused_data();
    void whatIsNoTriggerIsRefused();

private:
    /// An image with these triggers; its uuid.
    [[nodiscard]] QString imageWith(const QStringList &triggers)
    {
        QString lines = u"FROM busybox\nRUN echo parent > /parent\n"_s;
        for (const QString &trigger : triggers)
            lines += u"ONBUILD "_s + trigger + u'\n';
        const BuildReport report = m_fixture->build(lines);
        return report.result ? report.result->image : report.error();
    }

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestTriggers::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestTriggers::triggersOfAnImageAreCarriedOutWithFrom()
{
    m_fixture->write(u"a"_s, "a");
    const QString base = imageWith({u"ARG WHO=you"_s, u"RUN echo for $WHO; echo $WHO > /who"_s,
                                    u"COPY a /copied"_s, u"CMD [\"x\"]"_s, u"WORKDIR /w"_s});
    const auto report = m_fixture->build(u"FROM %1\nRUN pwd > /here\n"_s.arg(base));
    VERIFY_BUILT(report);
    QCOMPARE(report.states(), u"DD"_s);
    QCOMPARE(report.order, (QStringList{u"+0"_s, u"-0"_s, u"+1"_s, u"-1"_s}));
    QCOMPARE(report.output[0], "for you\n");
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/who"_s), "you\n");
    QCOMPARE(m_fixture->read(image, u"/copied"_s), "a");
    QCOMPARE(m_fixture->read(image, u"/here"_s), "/w\n");
    const QJsonObject config = m_fixture->config(image)[u"config"_s].toObject();
    QCOMPARE(config[u"Cmd"_s].toArray(), QJsonArray{u"x"_s});
    QVERIFY(!config.contains(u"OnBuild"_s));
    const auto child = m_fixture->build(u"FROM %1\nRUN rm /who\n"_s.arg(image));
    VERIFY_BUILT(child);
    QCOMPARE(m_fixture->read(child.result->image, u"/who"_s), "(none)");
}

void TestTriggers::triggersAreCachedAndForeseen()
{
    const QString base = imageWith({u"RUN date +%N > /time"_s, u"ENV A=b"_s});
    const QString lines = u"FROM %1\nRUN echo $A > /x\n"_s.arg(base);
    const auto first = m_fixture->build(lines);
    VERIFY_BUILT(first);
    const auto again = m_fixture->build(lines);
    VERIFY_BUILT(again);
    QCOMPARE(again.states(), u"CC"_s);
    QCOMPARE(again.result->cachedSteps, again.result->steps);
    QCOMPARE(again.result->image, first.result->image);
    const auto plan = build::makePlan(dockerfile::parse(lines), {});
    QVERIFY(plan);
    auto folder = context::FolderContext::open(m_fixture->context(), {});
    QVERIFY(folder);
    const std::shared_ptr<const context::FolderContext> shared = std::move(*folder);
    const auto foreseen = QCoro::waitFor(build::predict(&*plan, shared, m_fixture->sessions.get(), {}));
    QCOMPARE(foreseen.size(), 2);
    for (const build::StepForecast &step : foreseen)
        QCOMPARE(step.state, build::StepForecast::State::Cached);
    build::BuildRequest request;
    request.noCache = true;
    QCOMPARE(m_fixture->build(lines, request).states(), u"DD"_s);
}

void TestTriggers::aTriggerThatFailsIsFromsFailure()
{
    const QString base = imageWith({u"RUN true"_s, u"RUN echo before; exit 5"_s, u"RUN never"_s});
    const auto report = m_fixture->build(u"FROM %1\nRUN neither\n"_s.arg(base));
    QVERIFY(!report.result);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:1:1: process"_s);
    VERIFY_CONTAINS(report.error(), u"exit code: 5"_s);
    QCOMPARE(report.states(), u"FS"_s);
    QCOMPARE(report.order, (QStringList{u"+0"_s, u"-0"_s, u"-1"_s}));
    QCOMPARE(report.output[0], "before\n");
}

void TestTriggers::triggersOfAStageTakeFromStagesThatNothingElseNeeds()
{
    const auto report = m_fixture->build(u"FROM busybox AS made\nRUN echo made > /m\n"
                                         "FROM busybox AS parent\nONBUILD COPY --from=made /m /taken\n"
                                         "FROM busybox AS unused\nRUN false\n"
                                         "FROM parent\nRUN cat /taken\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.output[report.steps.size() - 1], "made\n");
    QCOMPARE(report.steps.size(), 6);
}

void TestTriggers::triggersOfAnImageTakeFromStages()
{
    const QString base = imageWith({u"COPY --from=made /m /taken"_s});
    const auto report =
        m_fixture->build(u"FROM busybox AS made\nRUN echo made > /m\nFROM %1\nRUN cat /taken\n"_s.arg(base));
    VERIFY_BUILT(report);
    QCOMPARE(m_fixture->read(report.result->image, u"/taken"_s), "made\n");
    const auto later = m_fixture->build(
        u"FROM %1 AS early\nRUN true\nFROM busybox AS made\nRUN true\nFROM early\nRUN true\n"_s.arg(base));
    VERIFY_CONTAINS(
        later.error(),
        u"cannot copy from stage \"made\", it needs to be defined before current stage \"early\""_s);
}

void TestTriggers::whatIsNoTriggerIsRefused_data()
{
    QTest::addColumn<QString>("trigger");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown flag") << u"COPY --nope a b"_s << u"unknown flag: --nope"_s;
    QTest::newRow("bad user") << u"RUN --security=none x"_s << u"security \"none\" is not valid"_s;
    QTest::newRow("variable") << u"COPY --from=$X a b"_s
                              << u"variable expansion is not supported for --from"_s;
}

void TestTriggers::whatIsNoTriggerIsRefused()
{
    QFETCH(QString, trigger);
    QFETCH(QString, message);
    const auto report = m_fixture->build(u"FROM busybox AS p\nONBUILD %1\nFROM p\nRUN true\n"_s.arg(trigger));
    VERIFY_CONTAINS(report.error(), message);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:3:1: "_s);
}

QTEST_GUILESS_MAIN(TestTriggers)
#include "tst_triggers.moc"
