#include "tests/core/build/buildfixture.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// What the instructions do, on the real engine.
class TestBuilder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void runsEachFormOfRun();
    void runSeesVariablesFolderAndUser();
    void unknownUserIsAnError();
    void failingRunSaysItsExitCodeAndLine();
    void runThatTakesTooLongIsEnded();
    void workdirBelongsToTheUser();
    void scratchHoldsOnlyWhatIsCopied();
    void configAndHistoryAreKept();
    void syntaxErrorHasItsPlace();
    void missingDockerfileAndContextAreExplained();
    void unknownBaseIsAnError();
    void tagsTheImage();

private:
    [[nodiscard]] BuildReport build(const QString &lines)
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines);
    }

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestBuilder::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestBuilder::runsEachFormOfRun()
{
    const auto report = build(u"RUN echo shell > /a && echo out && echo err >&2\n"
                              "RUN [\"sh\", \"-c\", \"echo exec > /b\"]\n"
                              "RUN <<EOF\necho here > /c\nfor i in 1 2; do echo $i >> /c; done\nEOF\n"
                              "RUN <<EOF\n#!/bin/sh -e\necho script $0 > /d\nEOF\n"
                              "RUN cat <<A > /e && cat <<B > /f\na\nA\nb\nB\n"
                              "SHELL [\"/bin/ash\", \"-ec\"]\nRUN false || echo ash > /g\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->read(image, u"/a"_s), "shell\n");
    QCOMPARE(m_fixture->read(image, u"/b"_s), "exec\n");
    QCOMPARE(m_fixture->read(image, u"/c"_s), "here\n1\n2\n");
    QCOMPARE(m_fixture->read(image, u"/d"_s), "script /dev/pipes/EOF\n");
    QCOMPARE(m_fixture->read(image, u"/e"_s), "a\n");
    QCOMPARE(m_fixture->read(image, u"/f"_s), "b\n");
    QCOMPARE(m_fixture->read(image, u"/g"_s), "ash\n");
    QCOMPARE(report.states(), u"DDDDDDDD"_s);
    QVERIFY(report.output[1].contains("out\n") && report.output[1].contains("err\n"));
    const auto left = QCoro::waitFor(m_fixture->engine.list(image, u"/tmp"_s));
    QVERIFY(left && left->isEmpty());
}

void TestBuilder::runSeesVariablesFolderAndUser()
{
    const auto report =
        build(u"ENV A=1\nARG B=2\nWORKDIR /w\nUSER www-data\nRUN echo $A $B $(pwd) $(id -u):$(id -g)\n"
              "USER 7:8\nRUN echo $(id -u):$(id -g)\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.output[5], "1 2 /w 33:33\n");
    QCOMPARE(report.output[7], "7:8\n");
}

void TestBuilder::unknownUserIsAnError()
{
    const auto report = build(u"USER somebody\nRUN id\n"_s);
    QVERIFY(!report.result);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:3:1: The image has no user \"somebody\""_s);
}

void TestBuilder::failingRunSaysItsExitCodeAndLine()
{
    const auto report = build(u"RUN true\nRUN echo before; exit 3\nRUN never\n"_s);
    QVERIFY(!report.result);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:3:1: process"_s);
    VERIFY_CONTAINS(report.error(), u"exit code: 3"_s);
    QCOMPARE(report.states().sliced(1), u"DFS"_s);
    QCOMPARE(report.finished[2].exitCode, 3);
    QCOMPARE(report.output[2], "before\n");
}

void TestBuilder::runThatTakesTooLongIsEnded()
{
    build::BuildRequest request;
    request.timeoutSeconds = 1;
    const auto report = m_fixture->build(u"FROM busybox\nRUN sleep 60\n"_s, request);
    QVERIFY(!report.result);
    VERIFY_CONTAINS(report.error(), u"did not end within 1 seconds"_s);
}

void TestBuilder::workdirBelongsToTheUser()
{
    const auto report = build(u"USER www-data\nWORKDIR /home/app/src\nWORKDIR /etc\n"_s);
    VERIFY_BUILT(report);
    const QString image = report.result->image;
    QCOMPARE(m_fixture->describe(image, u"/home/app"_s), u"755 33:33"_s);
    QCOMPARE(m_fixture->describe(image, u"/home/app/src"_s), u"755 33:33"_s);
    QCOMPARE(m_fixture->describe(image, u"/etc"_s), u"755 0:0"_s);
}

void TestBuilder::scratchHoldsOnlyWhatIsCopied()
{
    m_fixture->write(u"hello"_s, "x");
    const auto report = m_fixture->build(u"FROM scratch\nCOPY hello /a/hello\nCMD [\"/a/hello\"]\n"_s);
    VERIFY_BUILT(report);
    const auto root = QCoro::waitFor(m_fixture->engine.list(report.result->image, u"/"_s));
    QVERIFY(root);
    QCOMPARE(root->size(), 1);
    QCOMPARE(m_fixture->read(report.result->image, u"/a/hello"_s), "x");
}

void TestBuilder::configAndHistoryAreKept()
{
    m_fixture->write(u"a"_s, "a");
    const auto report =
        build(u"ARG V=1\nENV A=b\nLABEL l=m\nEXPOSE 80\nRUN true\nCOPY a /\nUSER nobody\nCMD [\"x\"]\n"_s);
    VERIFY_BUILT(report);
    const QJsonObject image = m_fixture->config(report.result->image);
    const QJsonObject config = image[u"config"_s].toObject();
    QVERIFY(config[u"Env"_s].toArray().contains(u"A=b"_s));
    QCOMPARE(config[u"Labels"_s][u"l"_s].toString(), u"m"_s);
    QVERIFY(config[u"ExposedPorts"_s].toObject().contains(u"80/tcp"_s));
    QCOMPARE(config[u"User"_s].toString(), u"nobody"_s);
    QCOMPARE(config[u"Cmd"_s].toArray(), QJsonArray{u"x"_s});
    QStringList history;
    for (const QJsonValue entry : image[u"history"_s].toArray())
        history << entry[u"created_by"_s].toString();
    QVERIFY2(history.contains(u"RUN |1 V=1 /bin/sh -c true # buildkit"_s), qPrintable(history.join(u'\n')));
    QVERIFY2(history.contains(u"COPY a / # buildkit"_s), qPrintable(history.join(u'\n')));
}

void TestBuilder::syntaxErrorHasItsPlace()
{
    VERIFY_CONTAINS(build(u"RUN true\nNONSENSE x\n"_s).error(), u"Dockerfile:3:1: "_s);
}

void TestBuilder::missingDockerfileAndContextAreExplained()
{
    build::Builder builder(&m_fixture->engine, m_fixture->sessions.get());
    build::BuildRequest request;
    request.contextFolder = m_fixture->context();
    const auto noFile = QCoro::waitFor(builder.build(request));
    QVERIFY(!noFile);
    VERIFY_CONTAINS(noFile.error().text(), u"Cannot read the Dockerfile"_s);
    request.contextFolder += u"/nowhere"_s;
    const auto noFolder = QCoro::waitFor(builder.build(request));
    VERIFY_CONTAINS(noFolder.error().text(), u"The build context is not a folder"_s);
}

void TestBuilder::unknownBaseIsAnError()
{
    const auto report = m_fixture->build(u"FROM 11111111-1111-1111-1111-111111111111\nRUN x\n"_s);
    VERIFY_CONTAINS(report.error(), u"Dockerfile:1:1: The engine has no image 11111111"_s);
    QCOMPARE(report.states(), u"FS"_s);
}

void TestBuilder::tagsTheImage()
{
    build::BuildRequest request;
    request.tags = {u"tagged:1"_s, u"also"_s};
    const auto report = m_fixture->build(u"FROM busybox\nRUN true\n"_s, request);
    VERIFY_BUILT(report);
    for (const QString &tag : request.tags) {
        const auto record = QCoro::waitFor(m_fixture->engine.resolve(tag));
        QVERIFY(record);
        QCOMPARE(record->uuid, report.result->image);
    }
    request.tags = {u"not a tag"_s};
    QVERIFY(!m_fixture->build(u"FROM busybox\n"_s, request).result);
}

QTEST_GUILESS_MAIN(TestBuilder)
#include "tst_builder.moc"
