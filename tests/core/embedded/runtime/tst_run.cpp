#include "core/embedded/store/staging.h"
#include "tests/core/embedded/runtime/runfixture.h"

#include <csignal>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

class TestRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<RunFixture>();
        if (!m_fixture->base.missing.isEmpty())
            QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
        qInfo("runtime: %s %s", m_fixture->base.runtime.program.c_str(),
              m_fixture->base.runtime.version.c_str());
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->begin(); }
    void cleanup() { m_fixture->draft.reset(); }

    void outputAndExitCodeComeBack();
    void standardInputIsSentOrAtItsEnd();
    void missingProgramIs127AndUnexecutable126();
    void signalIsReported();
    void environmentIsThatOfTheUser();
    void otherUsersGroupsComeFromTheImage();
    void chownAndSuWork();
    void changesAreInTheLayerAndStubsAreNot();
    void stubsStayOutOfAStagedEtc();
    void emptyImageRuns();
    void missingWorkingFolderIsMade();
    void setuidSurvivesCommit();
    void confinementHolds();
    void networkCanBeOff();
    void badSpecificationsAreRefused();
    void layerLimitHolds();

private:
    std::unique_ptr<RunFixture> m_fixture;
};

void TestRun::outputAndExitCodeComeBack()
{
    const Ran ran = m_fixture->run(shell("echo out; echo err >&2; exit 7"));
    QCOMPARE(ran.out, "out\n");
    QCOMPARE(ran.err, "err\n");
    QCOMPARE(ran.code(), 7);
    QCOMPARE(ran.outcome->signal, -1);
    QVERIFY(ran.outcome->pid > 1);
    QVERIFY(Store::isEmpty(*m_fixture->draft));
}

void TestRun::standardInputIsSentOrAtItsEnd()
{
    QCOMPARE(m_fixture->run(shell("cat; echo end")).out, "end\n");
    ProcessSpec spec = shell("wc -c");
    spec.stdinData.assign(3'000'000, 'x');
    QCOMPARE(m_fixture->run(spec).out.trimmed(), "3000000");
    spec.argv = {"true"}; // Does not read: must neither hang nor end us.
    QCOMPARE(m_fixture->run(spec).code(), 0);
}

void TestRun::missingProgramIs127AndUnexecutable126()
{
    const Ran missing = m_fixture->run({.argv = {"no-such-program"}, .cwd = "/"});
    QCOMPARE(missing.code(), 127);
    QCOMPARE(missing.err, "no-such-program: not found\n");
    const Ran refused = m_fixture->run({.argv = {"/etc/passwd"}, .cwd = "/"});
    QCOMPARE(refused.code(), 126);
    QVERIFY(refused.err.startsWith("/etc/passwd: "));
}

void TestRun::signalIsReported()
{
    const Ran killed = m_fixture->run(shell("kill -9 $$"));
    QCOMPARE(killed.code(), -1);
    QCOMPARE(killed.outcome->signal, 9);
    QVERIFY(!killed.outcome->timedOut);
    QCOMPARE(m_fixture->run(shell("kill -SEGV $$")).outcome->signal, SIGSEGV);
}

void TestRun::environmentIsThatOfTheUser()
{
    ProcessSpec spec =
        shell("echo $HOME:$HOSTNAME:$A:$PATH; hostname; pwd; cat /etc/hosts; umask; ls -A /proc/self/fd");
    spec.env = {{"A", "b c"}};
    spec.hostname = "builder";
    const Ran ran = m_fixture->run(spec);
    const QList<QByteArray> lines = ran.out.split('\n');
    QCOMPARE(lines.value(0),
             "/root:builder:b c:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    QCOMPARE(lines.value(1), "builder");
    QCOMPARE(lines.value(2), "/");
    QVERIFY(lines.value(3).contains("localhost builder"));
    QCOMPARE(lines.value(5), "0022");
    QVERIFY2(ran.out.endsWith("0\n1\n2\n3\n"), ran.out.constData()); // 3 is ls' own
}

void TestRun::otherUsersGroupsComeFromTheImage()
{
    QVERIFY(stageEntries(
        m_fixture->draft->upper(),
        {{.path = "/etc/passwd", .content = "root:x:0:0::/root:/bin/sh\nann:x:1000:1001::/home/ann:\n"},
         {.path = "/etc/group", .content = "wheel:x:10:bob,ann\nother:x:20:bob\n"}}));
    ProcessSpec spec = shell("id -u; id -g; id -G; echo $HOME");
    spec.uid = 1000;
    spec.gid = 1001;
    QCOMPARE(m_fixture->run(spec).out, "1000\n1001\n1001 10\n/home/ann\n");
}

void TestRun::chownAndSuWork()
{
    const Ran ran = m_fixture->run(
        shell("touch /f && chown 33:65534 /f && stat -c %u:%g /f && su -s /bin/sh -c 'id -u' nobody"));
    QCOMPARE(ran.out, "33:65534\n65534\n");
    QCOMPARE(ran.code(), 0);
}

void TestRun::changesAreInTheLayerAndStubsAreNot()
{
    QCOMPARE(m_fixture->run(shell("mkdir /new && echo x > /new/file && rm /etc/shells && echo y > /etc/made"))
                 .code(),
             0);
    QCOMPARE(m_fixture->upper(),
             (QStringList{u"etc"_s, u"etc/made"_s, u"etc/shells"_s, u"new"_s, u"new/file"_s}));
    struct stat removed{};
    QCOMPARE(::lstat((m_fixture->draft->upper() + "/etc/shells").c_str(), &removed), 0);
    QVERIFY(S_ISCHR(removed.st_mode) && removed.st_rdev == 0);
}

void TestRun::stubsStayOutOfAStagedEtc()
{
    // A base without /etc, over which the draft already holds an opaque one.
    auto base = m_fixture->base.store->beginLayer();
    QVERIFY(base);
    QVERIFY(stageEntries(base->upper(), {{.path = "/only", .content = "x"}}));
    const auto bottom = m_fixture->base.store->commitLayer(std::move(*base));
    QVERIFY(bottom);
    const std::vector<LayerId> layers{*bottom, *bottom};
    {
        auto root = MountedRoot::mount(*m_fixture->base.store, {*bottom}, *m_fixture->draft);
        QVERIFY(root);
        const std::string busybox = QFile::encodeName(staticBusybox()).toStdString();
        QVERIFY(stageEntries(root->path(), {{.path = "/etc/mine", .content = "x"},
                                            {.path = "/bin/sh", .mode = 0755, .hostFile = busybox}}));
        QVERIFY(root->unmount());
    }
    QCOMPARE(m_fixture->runIn(*m_fixture->draft, {*bottom}, shell("true")).code(), 0);
    QCOMPARE(m_fixture->upper(), (QStringList{u"bin"_s, u"bin/sh"_s, u"etc"_s, u"etc/mine"_s}));
}

void TestRun::emptyImageRuns()
{
    const std::string busybox = QFile::encodeName(staticBusybox()).toStdString();
    QVERIFY(stageEntries(m_fixture->draft->upper(), {{.path = "/sh", .mode = 0755, .hostFile = busybox}}));
    QCOMPARE(
        m_fixture->runIn(*m_fixture->draft, {}, {.argv = {"/sh", "-c", "echo hi > /out"}, .cwd = "/"}).code(),
        0);
    QCOMPARE(m_fixture->upper(), (QStringList{u"out"_s, u"sh"_s}));
}

void TestRun::missingWorkingFolderIsMade()
{
    ProcessSpec spec = shell("pwd; touch here");
    spec.cwd = "/srv/app/../work";
    spec.uid = 33;
    spec.gid = 33;
    QCOMPARE(m_fixture->run(spec).out, "/srv/work\n");
    struct stat info{};
    QCOMPARE(::lstat((m_fixture->draft->upper() + "/srv/work/here").c_str(), &info), 0);
    QCOMPARE(info.st_uid, 33U);
}

void TestRun::setuidSurvivesCommit()
{
    QCOMPARE(m_fixture->run(shell("cp /bin/busybox /mysu && chmod 4755 /mysu")).code(), 0);
    const auto layer = m_fixture->base.store->commitLayer(std::move(*m_fixture->draft));
    QVERIFY2(layer, layer ? "" : qPrintable(layer.error().text()));
    std::vector<LayerId> layers = m_fixture->base.layers;
    layers.push_back(*layer);
    const auto next = m_fixture->base.store->beginLayer();
    ProcessSpec spec = shell("stat -c %a /mysu; /mysu id -u");
    spec.uid = 33;
    QCOMPARE(m_fixture->runIn(*next, layers, spec).out.split('\n').value(0), "4755");
}

void TestRun::confinementHolds()
{
    const Ran ran = m_fixture->run(shell(
        "mount -t tmpfs x /tmp 2>/dev/null && echo mounted; mknod /n b 8 0 2>/dev/null && echo node;"
        "echo 1 2>/dev/null > /proc/sys/kernel/printk && echo sysctl; unshare -U true 2>/dev/null && echo "
        "user;"
        "ls /sys/fs/cgroup; cat /proc/kcore 2>/dev/null | head -c 1; ls /proc/1/cwd/store.db 2>/dev/null;"
        "grep -E '^(CapInh|CapAmb|Seccomp):' /proc/self/status | tr -d '\\t'"));
    QCOMPARE(ran.out, "CapInh:0000000000000000\nCapAmb:0000000000000000\nSeccomp:2\n");
}

void TestRun::networkCanBeOff()
{
    ProcessSpec spec = shell("ls /sys/class/net; cat /etc/resolv.conf");
    spec.networking = false;
    QCOMPARE(m_fixture->run(spec).out, "lo\n");
}

void TestRun::badSpecificationsAreRefused()
{
    for (const ProcessSpec &spec : {ProcessSpec{}, ProcessSpec{.argv = {std::string("a\0b", 3)}},
                                    ProcessSpec{.argv = {"true"}, .env = {{"A=B", "c"}}},
                                    ProcessSpec{.argv = {"true"}, .cwd = "/proc/self/fd/7"},
                                    ProcessSpec{.argv = {"true"}, .uid = 4294967295}}) {
        const Ran ran = m_fixture->run(spec);
        QVERIFY(!ran.outcome);
        QCOMPARE(ran.outcome.error().kind, ErrorKind::BadInput);
    }
    QVERIFY(Store::isEmpty(*m_fixture->draft));
}

void TestRun::layerLimitHolds()
{
    ProcessSpec spec = shell("head -c 2000000 /dev/zero > /big");
    spec.maxLayerBytes = 1'000'000;
    QCOMPARE(m_fixture->run(spec).outcome.error().kind, ErrorKind::Full);
}

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
