#include "tests/core/build/buildfixture.h"

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

/// What a build on the real engine says of its file beforehand, and when it refuses it.
class BuildChecksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void warningsAreEvents();
    void hadolintsRulesAreSilent();
    void errorTrueStopsBeforeTheFirstStep();
    void onlyNeededStagesAreSpokenOf();
    void variablesOfKnownBasesAreKnown();

private:
    std::unique_ptr<BuildFixture> m_fixture;
};

void BuildChecksTest::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("needs the engine");
    m_fixture = std::make_unique<BuildFixture>();
}

void BuildChecksTest::warningsAreEvents()
{
    const BuildReport report = m_fixture->build(u"FROM busybox AS Base\nENV GREETING good day\n"_s);
    QVERIFY2(report.result, qPrintable(report.error()));
    QCOMPARE(report.messageSteps, (QList<int>{0, 1}));
    QCOMPARE(
        report.messages,
        (QStringList{u"StageNameCasing: Stage name 'Base' should be lowercase (line 1)"_s,
                     u"LegacyKeyValueFormat: \"ENV key=value\" should be used instead of legacy \"ENV key "
                     u"value\" format (line 2)"_s}));
}

void BuildChecksTest::hadolintsRulesAreSilent()
{
    const BuildReport report = m_fixture->build(u"FROM busybox\nRUN cd / && echo a | cat\n"_s);
    QVERIFY2(report.result, qPrintable(report.error()));
    QCOMPARE(report.messages, QStringList());
}

void BuildChecksTest::errorTrueStopsBeforeTheFirstStep()
{
    const QString lines = u"FROM busybox\nENV A b\nENV C_TOKEN=d\n"_s;
    const BuildReport report = m_fixture->build(u"# check=error=true\n"_s + lines);
    QVERIFY(!report.result);
    QCOMPARE(report.result.error().what,
             u"lint violation found for rules: LegacyKeyValueFormat, SecretsUsedInArgOrEnv"_s);
    QCOMPARE(report.messages.size(), 2);
    QVERIFY(report.order.isEmpty());
    build::BuildRequest request;
    request.buildArgs[u"BUILDKIT_DOCKERFILE_CHECK"_s] = u"skip=all"_s;
    const BuildReport skipped = m_fixture->build(u"# check=error=true\n"_s + lines, request);
    QVERIFY2(skipped.result, qPrintable(skipped.error()));
}

void BuildChecksTest::onlyNeededStagesAreSpokenOf()
{
    const BuildReport report =
        m_fixture->build(u"FROM busybox AS other\nENV A b\nFROM busybox\nRUN true\n"_s);
    QVERIFY2(report.result, qPrintable(report.error()));
    QCOMPARE(report.messages, QStringList());
}

void BuildChecksTest::variablesOfKnownBasesAreKnown()
{
    const QString file = u"FROM busybox\nLABEL a=$NOWHERE_SET p=$PATH\n"_s;
    QVERIFY(m_fixture->build(file).result); // From now on at the latest, the image is known.
    const BuildReport report = m_fixture->build(file);
    QVERIFY2(report.result, qPrintable(report.error()));
    QCOMPARE(report.messages,
             QStringList{u"UndefinedVar: Usage of undefined variable '$NOWHERE_SET' (line 2)"_s});
}

QTEST_GUILESS_MAIN(BuildChecksTest)
#include "tst_buildchecks.moc"
