#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cooperage::test;
using namespace Qt::StringLiterals;

// What `cooperage build` can be asked for beyond the Dockerfile.
class CliBuildTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { (void)run({u"engine"_s, u"stop"_s}); }

    void severalTagsNameOneImage();
    void valueOfABuildArgComesFromTheEnvironment();
    void unusedBuildArgIsWarnedOf();
    void ownPlatformIsBuilt();
    void otherPlatformsAreRefusedWithTheReason_data();
    void otherPlatformsAreRefusedWithTheReason();
    void mistypedTargetIsGuessed();
    void targetIsBuiltAlone();
    void timeThatIsNoNumberIsRefused();
    void labelWithoutANameIsRefused();

private:
    [[nodiscard]] Outcome build(const QByteArray &dockerfile, const QStringList &arguments = {}) const
    {
        QFile file(m_home.path(u"Dockerfile"_s));
        if (!file.open(QFile::WriteOnly) || file.write(dockerfile) < 0)
            return {};
        file.close();
        QDir().mkpath(m_home.path(u"context"_s));
        return run(QStringList{u"build"_s, m_home.path(u"context"_s), u"-f"_s, file.fileName()} + arguments);
    }

    PrivateHome m_home;
};

#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void CliBuildTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("the programs are not built: whole program skipped");
}

void CliBuildTest::severalTagsNameOneImage()
{
    const Outcome built = build("FROM busybox\nRUN echo > /x\n",
                                {u"-t"_s, u"one:1"_s, u"--tag"_s, u"two"_s, u"--progress=quiet"_s});
    QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
    const QString images = run({u"images"_s}).output;
    for (const QString &tag : {u"one:1"_s, u"two"_s}) {
        bool found = false;
        for (const QString &line : images.split(u'\n'))
            found = found || (line.contains(built.output.trimmed()) && line.contains(tag));
        QVERIFY2(found, qPrintable(images));
    }
}

void CliBuildTest::valueOfABuildArgComesFromTheEnvironment()
{
    const QByteArray file = "FROM busybox\nARG GIVEN=default\nRUN echo \"<$GIVEN>\"\n";
    VERIFY_CONTAINS(build(file, {u"--build-arg"_s, u"GIVEN"_s}).errors, u"<default>"_s);
    qputenv("GIVEN", "of the environment");
    VERIFY_CONTAINS(build(file, {u"--build-arg"_s, u"GIVEN"_s}).errors, u"<of the environment>"_s);
    VERIFY_CONTAINS(build(file, {u"--build-arg=GIVEN=told"_s}).errors, u"<told>"_s);
}

void CliBuildTest::unusedBuildArgIsWarnedOf()
{
    const Outcome built = build("FROM busybox\n", {u"--build-arg=NOBODY=1"_s, u"--build-arg=HTTP_PROXY=x"_s,
                                                   u"--build-arg=SOURCE_DATE_EPOCH=1"_s});
    QCOMPARE(built.exitCode, 0);
    VERIFY_CONTAINS(built.errors, u"--build-arg NOBODY has no effect"_s);
    QVERIFY2(!built.errors.contains(u"PROXY"_s) && !built.errors.contains(u"EPOCH"_s),
             qPrintable(built.errors));
}

void CliBuildTest::ownPlatformIsBuilt()
{
    const QString own = QSysInfo::currentCpuArchitecture();
    const Outcome built = build("FROM --platform=$TARGETPLATFORM busybox\n", {u"--platform=linux/"_s + own});
    QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
}

void CliBuildTest::otherPlatformsAreRefusedWithTheReason_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("message");
    QTest::newRow("architecture") << u"linux/riscv64"_s << u"only, not for linux/riscv64"_s;
    QTest::newRow("system") << u"windows/amd64"_s << u"only, not for windows/amd64"_s;
    QTest::newRow("none") << u"a/b/c/d"_s << u"failed to parse platform a/b/c/d"_s;
    QTest::newRow("empty part") << u"linux/"_s << u"failed to parse platform linux/"_s;
}

void CliBuildTest::otherPlatformsAreRefusedWithTheReason()
{
    QFETCH(QString, platform);
    QFETCH(QString, message);
    const Outcome asked = build("FROM busybox\n", {u"--platform"_s, platform});
    QCOMPARE(asked.exitCode, 1);
    VERIFY_CONTAINS(asked.errors, message);
    const Outcome written = build("FROM --platform=" + platform.toUtf8() + " busybox\n");
    QCOMPARE(written.exitCode, 1);
    VERIFY_CONTAINS(written.errors, message);
    VERIFY_CONTAINS(written.errors, u"Dockerfile:1:1: "_s);
}

void CliBuildTest::mistypedTargetIsGuessed()
{
    const Outcome built = build("FROM busybox AS builder\nFROM busybox\n", {u"--target"_s, u"bulder"_s});
    QCOMPARE(built.exitCode, 1);
    VERIFY_CONTAINS(built.errors, u"target stage \"bulder\" could not be found (did you mean builder?)"_s);
}

void CliBuildTest::targetIsBuiltAlone()
{
    const Outcome built =
        build("FROM busybox AS first\nRUN echo first\nFROM busybox\nRUN false\n", {u"--target=FIRST"_s});
    QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
}

void CliBuildTest::timeThatIsNoNumberIsRefused()
{
    const Outcome built = build("FROM busybox\n", {u"--build-arg=SOURCE_DATE_EPOCH=yesterday"_s});
    QCOMPARE(built.exitCode, 1);
    VERIFY_CONTAINS(built.errors, u"invalid SOURCE_DATE_EPOCH: yesterday"_s);
}

void CliBuildTest::labelWithoutANameIsRefused()
{
    const Outcome built = build("FROM busybox\n", {u"--label==x"_s});
    QCOMPARE(built.exitCode, 2);
    VERIFY_CONTAINS(built.errors, u"--label wants NAME=VALUE, not \"=x\""_s);
}

QTEST_GUILESS_MAIN(CliBuildTest)
#include "tst_clibuild.moc"
