#include "core/build/imageconfigs.h"
#include "core/engine/contree/contreeengine.h"
#include "tests/core/build/buildfixture.h"
#include "tests/core/build/imagelisting.h"

#include <QJsonArray>
#include <QLocalSocket>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// The same build with the engine's extensions and by plain ConTree v1, on the real engine in both roles.
class TestPlainBuild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { m_fixture->clear(); }

    void sameImageBothWays();
    void secondBuildIsCachedBothWays();
    void emptyBaseIsRefusedWithTheReason();
    void whatFilesAloneCannotDoIsRefused();
    void losesOfTheConfigAreSaidPerLine();
    void keptConfigIsInTheExport();
    void keptConfigReachesABuildThatBeginsWithTheImage();
    void settingsAloneDoNotReachOtherBuildsOfTheBase();

private:
    void writeContext() const;
    [[nodiscard]] BuildReport buildPlainly(const QString &dockerfile);

    std::unique_ptr<BuildFixture> m_fixture;
    test::ServiceProcess m_service;
    std::unique_ptr<engine::contree::ContreeEngine> m_plain;
    std::unique_ptr<sessions::SessionStore> m_sessions;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))

static const QString s_everything = uR"(FROM busybox AS maker
RUN mkdir -p /out/deep && echo made > /out/deep/file && ln -s deep/file /out/link && chmod 750 /out/deep/file && chown 7:8 /out/deep
FROM busybox
ENV GREETING=hello
WORKDIR /app/inner
RUN mkdir -p /etc && echo 'maker:x:1234:1234::/:/bin/sh' >> /etc/passwd && echo 'maker:x:1234:' >> /etc/group && echo "$GREETING" > said
COPY a.txt .
COPY --chown=maker --chmod=640 a.txt b.txt /owned/
COPY tree /tree
COPY tree/ /app/inner/
COPY --chown=12:34 tree/sub /numbered
COPY <<note.txt <<script.sh /notes/
first
note.txt
#!/bin/sh
echo $GREETING
script.sh
COPY --from=maker /out /from/
COPY --from=maker /out/link /followed
ADD packed.tar.gz /unpacked/
COPY --exclude=*/c.txt --chmod=u=rwX,go= tree /symbolic
COPY --from=maker --exclude=deep --chmod=a+x /out /without/
COPY --parents tree/./sub/*.txt /pivot/
COPY --from=maker --parents /out/./deep/* /origin/
COPY --link a.txt /linked/new/
COPY a.txt b.txt /twice
USER maker
RUN id -u > /tmp/who && rm -f /nothing
USER root
RUN rm -rf /tree/sub && mkdir /tree/sub && : > /tree/sub/new
WORKDIR /made/first
WORKDIR /made/by/workdir
RUN pwd > here
USER maker
WORKDIR /made/by/maker
RUN pwd > /tmp/there
WORKDIR /last
COPY a.txt /last
)"_s;

void TestPlainBuild::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
    const QString socket = m_fixture->home(u"plain/socket"_s);
    QVERIFY(QDir().mkdir(QFileInfo(socket).path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const auto listens = [&socket] {
        QLocalSocket probe;
        probe.connectToServer(socket);
        return probe.waitForConnected(100);
    };
    const auto started = m_service.start(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine"),
                                         {u"serve"_s, u"--socket"_s, socket, u"--store"_s,
                                          m_fixture->home(u"plain/store"_s), u"--no-extensions"_s},
                                         listens);
    QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    engine::contree::Endpoint endpoint;
    endpoint.socketPath = socket;
    m_plain = std::make_unique<engine::contree::ContreeEngine>(endpoint);
    const auto info = QCoro::waitFor(m_plain->info());
    QVERIFY(info);
    QVERIFY(info->extensions.isEmpty());
    auto opened = sessions::SessionStore::open(m_fixture->home(u"plain/sessions.db"_s), u"plain"_s);
    QVERIFY(opened);
    m_sessions = std::move(*opened);
}

void TestPlainBuild::cleanupTestCase()
{
    m_plain.reset();
    m_fixture.reset();
}

void TestPlainBuild::writeContext() const
{
    m_fixture->write(u"a.txt"_s, "a");
    m_fixture->write(u"b.txt"_s, "b");
    m_fixture->write(u"tree/sub/c.txt"_s, "c");
    m_fixture->write(u"tree/run.sh"_s, "#!/bin/sh\n");
    const QString tree = m_fixture->context() + u"/tree"_s;
    QVERIFY(
        QFile::setPermissions(tree + u"/run.sh"_s, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(QDir().mkpath(tree + u"/empty"_s));
    QVERIFY(QFile::link(u"sub/c.txt"_s, tree + u"/link"_s));
    QProcess tar;
    tar.start(u"tar"_s, {u"-C"_s, tree, u"-czf"_s, m_fixture->context() + u"/packed.tar.gz"_s, u"."_s});
    QVERIFY(tar.waitForFinished());
    QCOMPARE(tar.exitCode(), 0);
}

BuildReport TestPlainBuild::buildPlainly(const QString &dockerfile)
{
    build::BuildRequest request;
    request.contextFolder = m_fixture->context();
    request.dockerfileText = dockerfile;
    BuildReport report;
    build::Builder builder(m_plain.get(), m_sessions.get());
    connect(&builder, &build::Builder::event, &builder,
            [&report](const build::BuildEvent &event) { report.add(event); });
    report.result = QCoro::waitFor(builder.build(request));
    return report;
}

void TestPlainBuild::sameImageBothWays()
{
    writeContext();
    const BuildReport extended = m_fixture->build(s_everything);
    VERIFY_BUILT(extended);
    const BuildReport plain = buildPlainly(s_everything);
    VERIFY_BUILT(plain);
    const QStringList one = test::imageListing(m_fixture->engine, extended.result->image);
    const QStringList other = test::imageListing(*m_plain, plain.result->image);
    QVERIFY(one.contains(u"f 640 1234:1234 owned/a.txt = a"_s));
    QCOMPARE(test::missingFrom(other, one).join(u'\n'), QString());
    QCOMPARE(test::missingFrom(one, other).join(u'\n'), QString());
}

void TestPlainBuild::secondBuildIsCachedBothWays()
{
    writeContext();
    VERIFY_BUILT(m_fixture->build(s_everything));
    VERIFY_BUILT(buildPlainly(s_everything));
    for (const BuildReport &again : {m_fixture->build(s_everything), buildPlainly(s_everything)}) {
        VERIFY_BUILT(again);
        QCOMPARE(again.result->cachedSteps, again.result->steps);
    }
}

void TestPlainBuild::emptyBaseIsRefusedWithTheReason()
{
    m_fixture->write(u"a.txt"_s, "a");
    const BuildReport report = buildPlainly(u"FROM scratch\nCOPY a.txt /\n"_s);
    QVERIFY(!report.result);
    QVERIFY2(report.error().contains(u"This engine cannot begin with an empty image"_s),
             qPrintable(report.error()));
}

void TestPlainBuild::whatFilesAloneCannotDoIsRefused()
{
    m_fixture->write(u"d/a"_s, "a");
    QCOMPARE(QProcess::execute(u"mkfifo"_s, {m_fixture->context() + u"/d/pipe"_s}), 0);
    const BuildReport pipe = buildPlainly(u"FROM busybox\nCOPY d /d\nRUN true\n"_s);
    QVERIFY2(pipe.error().contains(u"cannot be put into an image by this engine"_s),
             qPrintable(pipe.error()));
    const BuildReport link =
        buildPlainly(u"FROM busybox\nRUN mkdir /real && ln -s real /way\nCOPY --link d/a /way/a\n"_s);
    QVERIFY2(link.error().contains(u"Dockerfile:3:1"_s) && link.error().contains(u"--link"_s),
             qPrintable(link.error()));
}

void TestPlainBuild::losesOfTheConfigAreSaidPerLine()
{
    const BuildReport report = buildPlainly(u"FROM busybox\nCMD [\"true\"]\n"_s);
    VERIFY_BUILT(report);
    QVERIFY2(report.messages.join(u'\n').contains(u"CMD"_s), qPrintable(report.messages.join(u'\n')));
    QVERIFY(m_fixture->build(u"FROM busybox\nCMD [\"true\"]\n"_s).messages.isEmpty());
}

void TestPlainBuild::keptConfigIsInTheExport()
{
    const BuildReport report =
        buildPlainly(u"FROM busybox\nRUN echo > /file\nCMD [\"true\"]\nLABEL a=b\nHEALTHCHECK NONE\n"_s);
    VERIFY_BUILT(report);
    engine::ExportRequest request;
    request.image = report.result->image;
    QBuffer target;
    target.open(QBuffer::WriteOnly);
    QCOMPARE(QCoro::waitFor(m_plain->exportImage(request, &target, {})).error().kind, ErrorKind::Unsupported);
    request.names = {u"kept:1"_s};
    request.config = build::ImageConfigs::ofResults().find(request.image).value_or(std::nullopt);
    QVERIFY(request.config);
    const auto outcome = QCoro::waitFor(m_plain->exportImage(request, &target, {}));
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));
    const QString file = m_fixture->home(u"kept.tar"_s);
    QFile archive(file);
    QVERIFY(archive.open(QFile::WriteOnly) && archive.write(target.data()) > 0);
    archive.close();
    // An engine that holds settings reads them again, and the files with them.
    engine::ImportRequest import;
    import.archivePath = file;
    const auto imported = QCoro::waitFor(m_fixture->engine.importImage(import, {}));
    QVERIFY2(imported, imported ? "" : qPrintable(imported.error().text()));
    const QJsonObject config = m_fixture->config(imported->image)[u"config"_s].toObject();
    QCOMPARE(config[u"Cmd"_s].toArray(), QJsonArray{u"true"_s});
    QCOMPARE(config[u"Labels"_s][u"a"_s].toString(), u"b"_s);
    QCOMPARE(config[u"Healthcheck"_s][u"Test"_s].toArray(), QJsonArray{u"NONE"_s});
    const QStringList one = test::imageListing(*m_plain, report.result->image);
    QCOMPARE(test::imageListing(m_fixture->engine, imported->image), one);
}

void TestPlainBuild::keptConfigReachesABuildThatBeginsWithTheImage()
{
    const BuildReport parent = buildPlainly(
        u"FROM busybox\nRUN echo > /parent\nENV FROM_PARENT=yes\nONBUILD RUN echo > /triggered\n"_s);
    VERIFY_BUILT(parent);
    const BuildReport child =
        buildPlainly(u"FROM %1\nRUN test -e /triggered && echo $FROM_PARENT\n"_s.arg(parent.result->image));
    VERIFY_BUILT(child);
    QCOMPARE(child.output[1], "yes\n");
}

void TestPlainBuild::settingsAloneDoNotReachOtherBuildsOfTheBase()
{
    VERIFY_BUILT(buildPlainly(u"FROM busybox\nENV SETTING=leaked\n"_s));
    const BuildReport other = buildPlainly(u"FROM busybox\nRUN echo \"<$SETTING>\"\n"_s);
    VERIFY_BUILT(other);
    QCOMPARE(other.output[1], "<>\n");
}

QTEST_GUILESS_MAIN(TestPlainBuild)
#include "tst_plainbuild.moc"
