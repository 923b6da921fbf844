#include "core/build/forecast.h"
#include "core/dockerfile/parser.h"
#include "tests/core/build/buildfixture.h"

#include <QDirIterator>
#include <QRandomGenerator>

#include <sys/socket.h>
#include <sys/un.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// RUN --mount, --network and heredocs on the real engine.
class TestBuildMounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void bindsShowContextStagesAndImages();
    void bindsFollowTheIgnoreFile();
    void aBindOfTheContextEntersTheKeyByContent();
    void writesToABindAreThrownAway();
    void cachesOutliveBuilds();
    void cacheNamespacesAreApart();
    void memoryIsLimitedAndGone();
    void secretsAreSeenByTheStepAlone();
    void secretValuesEnterNoKey();
    void missingSecretsAreErrorsOnlyIfRequired();
    void missingSourcesAreFoundBeforeTheBuild();
    void agentsAreForwarded();
    void networkNoneHasLoopbackOnly();
    void networksNeedPermission();
    void scriptsHaveTheirInterpreter();
    void proxiesAndHostNameReachTheCommand();
    void theForecastKnowsMounts();
    void mountPointsStayOutOfTheImage();
    void laterStagesCannotBeMounted();

private:
    [[nodiscard]] BuildReport build(const QString &lines, build::BuildRequest request = {})
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines, std::move(request));
    }
    static build::BuildRequest withSecret(const QString &id, const QString &file)
    {
        build::BuildRequest request;
        request.secrets << build::SecretSource{id, file, {}};
        return request;
    }
    QByteArray everythingInHome() const;
    /// One letter per step: Cached, Run, Unknown.
    QString forecast(const QString &lines) const;

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), shown(text).constData())

static QByteArray shown(const QString &text)
{
    return text.toUtf8();
}
static QByteArray shown(const QByteArray &text)
{
    return text;
}

void TestBuildMounts::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

QByteArray TestBuildMounts::everythingInHome() const
{
    QByteArray all;
    QDirIterator files(m_fixture->home({}), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile next(files.next());
        if (!next.fileName().startsWith(m_fixture->home(u"given"_s)) && next.open(QFile::ReadOnly))
            all += next.readAll();
    }
    return all;
}

QString TestBuildMounts::forecast(const QString &lines) const
{
    const auto plan = build::makePlan(dockerfile::parse(lines), {});
    auto context = context::FolderContext::open(m_fixture->context());
    if (!plan || !context)
        return u"no plan or no context"_s;
    const auto steps = QCoro::waitFor(
        build::predict(&*plan, std::shared_ptr<const context::FolderContext>(std::move(*context)),
                       m_fixture->sessions.get()));
    QString result;
    for (const build::StepForecast &step : steps)
        result += step.state == build::StepForecast::State::Cached    ? u'C'
                  : step.state == build::StepForecast::State::WillRun ? u'R'
                                                                      : u'U';
    return result;
}

void TestBuildMounts::bindsShowContextStagesAndImages()
{
    m_fixture->write(u"src/a.txt"_s, "context\n");
    m_fixture->write(u"odd [1]*.txt"_s, "odd\n");
    const auto report = m_fixture->build(
        u"FROM busybox AS Lib\nRUN mkdir /out && echo stage > /out/f\n"
        "FROM busybox\nWORKDIR /w\n"
        "RUN --mount=target=/c --mount=type=bind,source=src,TARGET=s,rw=false "
        "--mount=from=lib,src=/out/f,dst=/f "
        "--mount=from=busybox,source=/bin,target=/b \\\n"
        " cat /c/src/a.txt /w/s/a.txt /f '/c/odd [1]*.txt' && test -x /b/busybox && ! touch /c/x\n"
        "RUN --mount=\"source=odd [1]*.txt,target=/o\" cat /o\n"
        "RUN --mount=source=src pwd && ls\n"_s);
    VERIFY_BUILT(report);
    VERIFY_CONTAINS(report.output[4], "context\ncontext\nstage\nodd\n");
    VERIFY_CONTAINS(report.output[5], "odd\n");
    QDir(m_fixture->context()).mkdir(u"empty"_s);
    const auto empty = build(u"RUN --mount=source=empty,target=/e test -d /e && ls -A /e | wc -l\n"_s);
    VERIFY_BUILT(empty);
    VERIFY_CONTAINS(empty.output[1], "0\n");
    const auto missing = build(u"\nRUN --mount=source=nope,target=/x true\n"_s);
    VERIFY_CONTAINS(missing.error(), u"Dockerfile:3:1"_s);
    VERIFY_CONTAINS(missing.error(), u"nope"_s);
}

void TestBuildMounts::bindsFollowTheIgnoreFile()
{
    m_fixture->write(u".dockerignore"_s, "hidden\n");
    m_fixture->write(u"hidden"_s, "x");
    m_fixture->write(u"seen"_s, "x");
    const auto report = build(u"RUN --mount=target=/c ls -A /c\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.output[1], ".dockerignore\nseen\n");
}

void TestBuildMounts::aBindOfTheContextEntersTheKeyByContent()
{
    const QString lines = u"RUN --mount=source=src,target=/s cat /s/a\n"_s;
    m_fixture->write(u"src/a"_s, "one");
    m_fixture->write(u"other"_s, "one");
    QCOMPARE(build(lines).states(), u"CD"_s);
    m_fixture->write(u"other"_s, "two");
    m_fixture->write(u"src/a"_s, "one");
    QCOMPARE(build(lines).states(), u"CC"_s);
    m_fixture->write(u"src/a"_s, "two");
    const auto changed = build(lines);
    QCOMPARE(changed.states(), u"CD"_s);
    QCOMPARE(changed.output[1], "two");
}

void TestBuildMounts::writesToABindAreThrownAway()
{
    m_fixture->write(u"src/a"_s, "one\n");
    const auto report =
        build(u"RUN --mount=source=src,target=/s,rw echo two > /s/a && touch /s/new && cat /s/a\n"
              "RUN --mount=source=src,target=/s,rw cat /s/* && ls /s\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.output[1], "two\n");
    QCOMPARE(report.output[2], "one\na\n");
    QFile file(m_fixture->context() + u"/src/a"_s);
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), "one\n");
}

void TestBuildMounts::cachesOutliveBuilds()
{
    const QString lines =
        u"ARG N\nRUN --mount=type=cache,target=/root/.cache,id=%1 echo $N >> /root/.cache/n; "
        "cat /root/.cache/n\n"_s;
    build::BuildRequest request;
    for (const QString &n : {u"1"_s, u"2"_s}) {
        request.buildArgs = {{u"N"_s, n}};
        VERIFY_BUILT(build(lines.arg(u"kept"_s), request));
    }
    const auto third = build(u"RUN --mount=type=cache,target=/x,id=kept,ro cat /x/n; ! touch /x/y\n"_s);
    QCOMPARE(third.output[1].first(4), "1\n2\n");
    const auto seeded =
        m_fixture->build(u"FROM busybox AS seed\nRUN mkdir /d && echo seed > /d/f\nFROM busybox\n"
                         "RUN --mount=type=cache,target=/c,from=seed,source=/d cat /c/f\n"_s);
    VERIFY_BUILT(seeded);
    QCOMPARE(seeded.output[3], "seed\n");
}

void TestBuildMounts::cacheNamespacesAreApart()
{
    build::BuildRequest request;
    VERIFY_BUILT(build(u"RUN --mount=type=cache,target=/ns touch /ns/a\n"_s));
    request.buildArgs = {{u"BUILDKIT_CACHE_MOUNT_NS"_s, u"other"_s}};
    const auto apart = build(u"RUN --mount=type=cache,target=/ns ls /ns; echo .\n"_s, request);
    QCOMPARE(apart.output[1], ".\n");
    QCOMPARE(apart.messages, QStringList());
}

void TestBuildMounts::memoryIsLimitedAndGone()
{
    const auto report =
        build(u"RUN --mount=type=tmpfs,target=/m,size=1m touch /m/a && "
              "! dd if=/dev/zero of=/m/b bs=1M count=2 2>/dev/null && grep ' /m ' /proc/mounts\n"
              "RUN ls -d /m || echo gone\n"_s);
    VERIFY_BUILT(report);
    VERIFY_CONTAINS(report.output[1], "tmpfs");
    VERIFY_CONTAINS(report.output[1], "size=1024k");
    VERIFY_CONTAINS(report.output[2], "gone");
}

void TestBuildMounts::secretsAreSeenByTheStepAlone()
{
    const QByteArray canary = "canary-" + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    QDir().mkpath(m_fixture->home(u"given"_s));
    QFile file(m_fixture->home(u"given/secret"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(canary);
    file.close();
    build::BuildRequest request = withSecret(u"dir/x"_s, file.fileName());
    qputenv("COOPERAGE_TEST_SECRET", canary);
    request.secrets << build::SecretSource{u"y"_s, {}, u"COOPERAGE_TEST_SECRET"_s};
    const auto report = build(
        u"RUN --mount=type=secret,id=dir/x --mount=type=secret,id=y,target=/t,mode=0440,uid=5,gid=6 "
        "--mount=type=secret,id=y,env=TOKEN \\\n"
        " stat -c '%a %u:%g' /run/secrets/x /t && cmp /run/secrets/x /t && test \"$(cat /t)\" = \"$TOKEN\" "
        "&& echo ok\n"
        "RUN ls /run/secrets /t 2>/dev/null; echo \"[$TOKEN]\"\n"
        "RUN --mount=type=secret,id=y,env=TOKEN,target=/both cat /both >/dev/null && ls /run/secrets /none; "
        "test \"$(cat /both)\" = \"$TOKEN\" && echo both\n"_s,
        request);
    qunsetenv("COOPERAGE_TEST_SECRET");
    VERIFY_BUILT(report);
    QCOMPARE(report.output[1], "400 0:0\n440 5:6\nok\n");
    QCOMPARE(report.output[2], "[]\n");
    VERIFY_CONTAINS(report.output[3], "both\n");
    for (const QByteArray &form : {canary, canary.toBase64()})
        QVERIFY(!everythingInHome().contains(form));
    QVERIFY(!report.allOutput().contains(canary));
}

void TestBuildMounts::secretValuesEnterNoKey()
{
    QDir().mkpath(m_fixture->home(u"given"_s));
    const auto buildWith = [this](const QByteArray &value, const QString &id) {
        QFile file(m_fixture->home(u"given/value"_s));
        (void)file.open(QFile::WriteOnly);
        file.write(value);
        file.close();
        return build(u"RUN --mount=type=secret,id=%1,target=/k,required cat /k\n"_s.arg(id),
                     withSecret(id, file.fileName()))
            .states();
    };
    QCOMPARE(buildWith("one", u"k"_s), u"CD"_s);
    QCOMPARE(buildWith("two", u"k"_s), u"CC"_s);
    QCOMPARE(buildWith("two", u"l"_s), u"CD"_s);
}

void TestBuildMounts::missingSecretsAreErrorsOnlyIfRequired()
{
    const auto optional = build(u"RUN --mount=type=secret,id=none ls /run/secrets/none || echo without\n"
                                "RUN --mount=type=ssh echo $SSH_AUTH_SOCK\n"_s);
    VERIFY_BUILT(optional);
    VERIFY_CONTAINS(optional.output[1], "without");
    QCOMPARE(optional.output[2], "/run/buildkit/ssh_agent.0\n");
    const auto required = build(u"RUN --mount=type=secret,id=none,required=true true\n"_s);
    VERIFY_CONTAINS(required.error(), u"Dockerfile:2:1: secret none: not found"_s);
    VERIFY_CONTAINS(build(u"RUN --mount=type=ssh,required true\n"_s).error(),
                    u"unset ssh forward key default"_s);
}

void TestBuildMounts::missingSourcesAreFoundBeforeTheBuild()
{
    const auto file = build(u"RUN true\n"_s, withSecret(u"x"_s, m_fixture->home(u"nowhere"_s)));
    VERIFY_CONTAINS(file.error(), u"secret x: the file cannot be read"_s);
    QVERIFY(file.steps.isEmpty());
    build::BuildRequest request;
    request.secrets << build::SecretSource{u"x"_s, {}, u"COOPERAGE_TEST_UNSET"_s};
    VERIFY_CONTAINS(build(u"RUN true\n"_s, request).error(), u"there is no variable COOPERAGE_TEST_UNSET"_s);
    build::BuildRequest agents;
    agents.agents << build::AgentSource{u"default"_s, {m_fixture->home(u"nowhere"_s)}};
    VERIFY_CONTAINS(build(u"RUN true\n"_s, agents).error(), u"no such SSH agent or key"_s);
}

void TestBuildMounts::agentsAreForwarded()
{
    const QByteArray path = QFile::encodeName(m_fixture->home(u"agent"_s));
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
    QCOMPARE(::bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    QCOMPARE(::listen(listener, 8), 0);
    build::BuildRequest request;
    request.agents << build::AgentSource{u"mine"_s, {QFile::decodeName(path)}};
    const auto report =
        build(u"RUN --mount=type=ssh,id=mine,mode=0666 --mount=type=ssh,id=mine,target=/second "
              "echo $SSH_AUTH_SOCK && stat -c %a $SSH_AUTH_SOCK && test -S /second\n"
              "RUN --mount=type=ssh,required true\n"_s,
              request);
    ::close(listener);
    QCOMPARE(report.output[1], "/run/buildkit/ssh_agent.0\n666\n");
    VERIFY_CONTAINS(report.error(), u"Dockerfile:3:1: unset ssh forward key default"_s);
}

void TestBuildMounts::networkNoneHasLoopbackOnly()
{
    const QString look = u"RUN%1 ls /sys/class/net | tr '\\n' ' '; ip addr show lo | grep -c 127.0.0.1\n"_s;
    const auto none = build(look.arg(u" --network=none"_s));
    VERIFY_BUILT(none);
    QCOMPARE(none.output[1], "lo 1\n");
    build::BuildRequest request;
    request.network = u"none"_s;
    const auto asked = build(u"ENV X=1\n"_s + look.arg(QString()), request);
    VERIFY_BUILT(asked);
    QCOMPARE(asked.output[2], "lo 1\n");
    QVERIFY(build(u"ENV X=1\n"_s + look.arg(QString())).states().endsWith(u'D')); // Another key.
}

void TestBuildMounts::networksNeedPermission()
{
    const auto refused = build(u"\nRUN --network=host true\n"_s);
    VERIFY_CONTAINS(refused.error(), u"Dockerfile:3:1: network.host is not allowed"_s);
    build::BuildRequest request;
    request.network = u"host"_s;
    VERIFY_BUILT(build(u"RUN --network=host true\n"_s, request));
    VERIFY_CONTAINS(build(u"RUN --security=insecure true\n"_s).error(),
                    u"security.insecure is not allowed"_s);
    VERIFY_BUILT(build(u"RUN --security=sandbox true\n"_s));
}

void TestBuildMounts::scriptsHaveTheirInterpreter()
{
    const auto report = build(u"USER 7\nRUN <<EOF\n#!/bin/cat\ntext\nEOF\n"
                              "RUN <<-\"A B\"\n\t#!/bin/sh\n\techo tabs $0\n\tA B\n"
                              "RUN <<SH\n#!/bin/sh\necho $0; ls -l $0 | cut -c1-10\nSH\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.output[2], "#!/bin/cat\ntext\n");
    VERIFY_CONTAINS(report.output[3], "tabs /bin/sh\n");
    QCOMPARE(report.output[4], "/dev/pipes/SH\n-rwxr-xr-x\n");
    const QJsonArray history = m_fixture->config(report.result->image)[u"history"_s].toArray();
    QCOMPARE(history.last()[u"created_by"_s].toString(), u"RUN /bin/sh -c /dev/pipes/SH # buildkit"_s);
}

void TestBuildMounts::proxiesAndHostNameReachTheCommand()
{
    build::BuildRequest request;
    const QString lines = u"RUN echo $http_proxy $HTTP_PROXY; hostname\n"_s;
    request.buildArgs = {{u"http_proxy"_s, u"http://p:1"_s}};
    const auto first = build(lines, request);
    VERIFY_BUILT(first);
    QCOMPARE(first.output[1], "http://p:1 http://p:1\nbuildkitsandbox\n");
    const auto history = m_fixture->config(first.result->image)[u"history"_s].toArray().last();
    QVERIFY(!history[u"created_by"_s].toString().contains(u"http"_s + u"://"_s));
    request.buildArgs = {{u"http_proxy"_s, u"http://other:1"_s}};
    QCOMPARE(build(lines, request).states(), u"CC"_s);
    request.buildArgs = {{u"BUILDKIT_SANDBOX_HOSTNAME"_s, u"named"_s}};
    const auto named = build(lines, request);
    QCOMPARE(named.states(), u"CD"_s);
    VERIFY_CONTAINS(named.output[1], "named\n");
    QCOMPARE(named.messages, QStringList());
}

void TestBuildMounts::theForecastKnowsMounts()
{
    const QString lines =
        u"FROM busybox AS a\nRUN mkdir /o && echo 1 > /o/f\nFROM busybox\n"
        "RUN --mount=from=a,source=/o,target=/o --mount=source=src,target=/s cat /o/f /s/a\n"_s;
    m_fixture->write(u"src/a"_s, "1");
    VERIFY_BUILT(m_fixture->build(lines));
    QCOMPARE(forecast(lines), u"CCCC"_s);
    m_fixture->write(u"src/a"_s, "2");
    QCOMPARE(forecast(lines), u"CCCR"_s);
    m_fixture->write(u"src/a"_s, "1");
    QCOMPARE(forecast(QString(lines).replace(u"echo 1"_s, u"echo 2"_s)), u"CRCR"_s);
}

void TestBuildMounts::mountPointsStayOutOfTheImage()
{
    m_fixture->write(u"f"_s, "x");
    const auto report =
        build(u"RUN --mount=type=cache,target=/a/b/c --mount=type=tmpfs,target=/t/u "
              "--mount=source=f,target=/etc/f --mount=type=secret,id=no touch /kept /a/b/c/x\n"_s);
    VERIFY_BUILT(report);
    const auto base = m_fixture->sessions->baseImage(u"busybox"_s);
    QVERIFY(base);
    const auto changes = QCoro::waitFor(m_fixture->engine.diff(report.result->image, *base, u"/"_s, 100));
    QVERIFY(changes);
    QStringList paths;
    for (const engine::ImageChange &change : changes->changes)
        paths << change.path;
    QCOMPARE(paths, QStringList{u"/kept"_s});
}

void TestBuildMounts::laterStagesCannotBeMounted()
{
    const auto later = m_fixture->build(
        u"FROM busybox AS one\nRUN --mount=from=two,target=/x true\nFROM busybox AS two\nFROM one\n"_s);
    VERIFY_CONTAINS(later.error(),
                    u"Dockerfile:2:1: cannot mount from stage \"two\" to \"/x\", stage needs to be "
                    "defined before current command"_s);
    VERIFY_CONTAINS(m_fixture->build(u"FROM busybox AS one\nRUN --mount=from=one,target=/x true\n"_s).error(),
                    u"circular dependency detected on stage: one"_s);
}

QTEST_GUILESS_MAIN(TestBuildMounts)
#include "tst_buildmounts.moc"
