#include "core/embedded/store/fd.h"
#include "core/embedded/store/staging.h"
#include "tests/core/embedded/runtime/runfixture.h"

#include <QDir>
#include <QStandardPaths>

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Commands that try to get out, with each runtime of this machine. What they say is what is compared: a
/// sandbox that is too tight is a failure as well.
class TestSandbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init();
    void cleanup() { m_fixture->draft.reset(); }

    void systemCallsAreDockersDefault();
    void capabilitiesAreDockersWithoutMknod_data();
    void capabilitiesAreDockersWithoutMknod();
    void kernelFilesAreMasked();
    void kernelFilesAreReadOnly();
    void mountsAreThoseOfTheSandbox();
    void filesOfTheHostAreOutOfReach();
    void otherBuildsAreOutOfReach();
    void otherProcessesAreOutOfSight();
    void devicesAreTheHarmlessOnes();
    void deviceNodesOfAnImageCannotBeOpened();
    void setuidProgramsWork();
    void nothingIsInherited();
    void networkIsTheHostsOrLoopbackAlone();
    void hostNameIsItsOwn();
    void mountPointsStayOutOfTheLayer_data();
    void mountPointsStayOutOfTheLayer();
    void workingFolderStaysInside_data();
    void workingFolderStaysInside();
    void stagedFilesStayInside();

private:
    /// What the probe says, sorted by name.
    QMap<QByteArray, int> probe(const QByteArrayList &words, ProcessSpec spec = {.argv = {}, .cwd = "/"});
    QByteArray output(const std::string &script) { return m_fixture->run(shell(script)).out.trimmed(); }

    std::unique_ptr<RunFixture> m_fixture;
    RuntimeChoice m_first;
};

static const char s_probe[] = COOPERAGE_SANDBOX_PROBE;

void TestSandbox::initTestCase_data()
{
    QTest::addColumn<QString>("runtime");
    for (const QString &name : {u"crun"_s, u"runc"_s})
        QTest::newRow(qPrintable(name)) << name;
}

void TestSandbox::initTestCase()
{
    m_fixture = std::make_unique<RunFixture>();
    if (!m_fixture->base.missing.isEmpty())
        QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
    m_first = m_fixture->base.runtime;
    if (!QFile::exists(QString::fromLatin1(s_probe)))
        QSKIP("whole program: the probe is not built");
}

void TestSandbox::init()
{
    QFETCH_GLOBAL(QString, runtime);
    if (QString::fromStdString(m_first.program).endsWith(runtime)) {
        m_fixture->base.runtime = m_first;
    } else {
        const QString program = QStandardPaths::findExecutable(runtime);
        if (program.isEmpty())
            QSKIP("this runtime is not installed");
        m_fixture->base.runtime = {QFile::encodeName(program).toStdString(), {}, {}};
        m_fixture->begin();
        if (m_fixture->run(shell("true")).code() != 0)
            QSKIP("this runtime does not work on this machine");
    }
    m_fixture->begin();
    QVERIFY(stageEntries(m_fixture->draft->upper(), {{.path = "/probe", .mode = 0755, .hostFile = s_probe}}));
}

QMap<QByteArray, int> TestSandbox::probe(const QByteArrayList &words, ProcessSpec spec)
{
    spec.argv = {"/probe"};
    for (const QByteArray &word : words)
        spec.argv.push_back(word.toStdString());
    QMap<QByteArray, int> said;
    for (const QByteArray &line : m_fixture->run(spec).out.split('\n'))
        if (const qsizetype space = line.lastIndexOf(' '); space > 0)
            said[line.first(space)] = line.sliced(space + 1).toInt();
    return said;
}

static std::pair<Fd, int> loopbackListener()
{
    Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool listens = ::bind(listener.get(), reinterpret_cast<sockaddr *>(&address), size) == 0 &&
                         ::listen(listener.get(), 5) == 0 &&
                         ::getsockname(listener.get(), reinterpret_cast<sockaddr *>(&address), &size) == 0;
    return {std::move(listener), listens ? ntohs(address.sin_port) : 0};
}

static Fd abstractListener(const QByteArray &name)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.constData(), static_cast<std::size_t>(name.size()));
    const auto size =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<std::size_t>(name.size()));
    Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listener.get(), reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        ::listen(listener.get(), 5) != 0)
        listener.reset();
    return listener;
}

void TestSandbox::systemCallsAreDockersDefault()
{
    QMap<QByteArray, int> expected{{"clone3", ENOSYS}, {"personality-none", 0}, {"personality-read", 0},
                                   {"socket-inet", 0}, {"socket-unix", 0},      {"ptrace", 0},
                                   {"mknod-pipe", 0}};
    for (const char *denied : {"unshare-user",
                               "unshare-mount",
                               "setns",
                               "clone-user",
                               "mount",
                               "umount",
                               "pivot_root",
                               "fsopen",
                               "open_tree",
                               "move_mount",
                               "mount_setattr",
                               "open_by_handle_at",
                               "keyctl",
                               "add_key",
                               "request_key",
                               "bpf",
                               "userfaultfd",
                               "perf_event_open",
                               "io_uring_setup",
                               "init_module",
                               "kexec_load",
                               "reboot",
                               "swapon",
                               "clock_settime",
                               "sethostname",
                               "syslog",
                               "acct",
                               "quotactl",
                               "personality-no-randomize",
                               "socket-alg",
                               "socket-vsock",
                               "mknod-char",
                               "mknod-block"})
        expected[denied] = EPERM;
    const QMap<QByteArray, int> said = probe({"calls"});
    for (const auto &[name, error] : expected.asKeyValueRange())
        QVERIFY2(said.value(name, -1) == error,
                 qPrintable(u"%1: %2"_s.arg(QLatin1StringView(name)).arg(said.value(name, -1))));
    QCOMPARE(said.size(), expected.size());
}

void TestSandbox::capabilitiesAreDockersWithoutMknod_data()
{
    QTest::addColumn<int>("uid");
    QTest::addColumn<QByteArray>("effective");
    QTest::newRow("root") << 0 << QByteArray("00000000a00425fb");
    QTest::newRow("another user") << 1000 << QByteArray("0000000000000000");
}

void TestSandbox::capabilitiesAreDockersWithoutMknod()
{
    QFETCH(int, uid);
    QFETCH(QByteArray, effective);
    ProcessSpec spec = shell("grep -E '^(Cap|Seccomp:|NoNewPrivs)' /proc/self/status | tr -d '\\t'");
    spec.uid = static_cast<std::uint32_t>(uid);
    const QByteArray out = m_fixture->run(spec).out;
    QCOMPARE(out, "CapInh:0000000000000000\nCapPrm:" + effective + "\nCapEff:" + effective +
                      "\nCapBnd:00000000a00425fb\nCapAmb:0000000000000000\nNoNewPrivs:0\nSeccomp:2\n");
}

void TestSandbox::kernelFilesAreMasked()
{
    QCOMPARE(
        output(
            "for f in kcore keys interrupts timer_list sched_debug latency_stats; do "
            "[ ! -e /proc/$f ] || [ \"$(head -c 1 /proc/$f 2>/dev/null | wc -c)\" = 0 ] || echo $f; done;"
            "ls /proc/acpi /proc/scsi /proc/asound /sys/firmware /sys/devices/virtual/powercap 2>/dev/null |"
            " grep -v ':$' | grep ."),
        "");
}

void TestSandbox::kernelFilesAreReadOnly()
{
    const QMap<QByteArray, int> said =
        probe({"write", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
               "/proc/irq/default_smp_affinity", "/sys/kernel/profiling", "/sys/kernel/mm/ksm/run",
               "/etc/resolv.conf", "/etc/hosts", "/dev/.cooperage-init"});
    QCOMPARE(said.size(), 9);
    for (const auto &[path, error] : said.asKeyValueRange())
        QVERIFY2(error == EROFS || error == ENOENT || error == EACCES || error == ETXTBSY,
                 qPrintable(u"%1: %2"_s.arg(QLatin1StringView(path)).arg(error)));
    QCOMPARE(output("ls -A /sys/fs/cgroup; mkdir /sys/fs/cgroup/x 2>/dev/null && echo made"), "");
}

void TestSandbox::mountsAreThoseOfTheSandbox()
{
    const QByteArray mounts = output("cat /proc/self/mountinfo");
    for (const QByteArray &line : mounts.split('\n')) {
        const QByteArray point = line.split(' ').value(4);
        QVERIFY2(point == "/" || point.startsWith("/proc") || point.startsWith("/sys") ||
                     point.startsWith("/dev") || point == "/etc/resolv.conf" || point == "/etc/hosts",
                 line.constData());
        QVERIFY2(!line.contains(" shared:") && !line.contains(" master:"), line.constData());
        // Nothing the engine mounts can be used to make a device or to see into the host.
        QVERIFY2(point != "/" || line.contains("nodev"), line.constData());
    }
}

void TestSandbox::filesOfTheHostAreOutOfReach()
{
    QTemporaryDir outside;
    const QByteArray secret = QFile::encodeName(outside.filePath(u"secret"_s));
    QFile file(QFile::decodeName(secret));
    QVERIFY(file.open(QFile::WriteOnly) && file.write("secret") > 0);
    file.close();
    const QByteArray store = QByteArray::fromStdString(m_fixture->base.store->folder());
    const QMap<QByteArray, int> said = probe(
        {"open", secret, store, store + "/store.db", "/proc/1/root" + secret, "/proc/1/cwd" + store,
         "/proc/self/root/../../.." + secret, "/proc/self/root" + QDir::homePath().toLocal8Bit() + "/.cache",
         COOPERAGE_SOURCE_DIR "/README.md"});
    QCOMPARE(said.size(), 8);
    for (const auto &[path, error] : said.asKeyValueRange())
        QVERIFY2(error == ENOENT, qPrintable(u"%1: %2"_s.arg(QFile::decodeName(path)).arg(error)));
}

void TestSandbox::otherBuildsAreOutOfReach()
{
    const auto other = m_fixture->base.store->beginLayer();
    QVERIFY(other);
    const auto root = MountedRoot::mount(*m_fixture->base.store, m_fixture->base.layers, *other);
    QVERIFY(root && stageEntries(root->path(), {{.path = "/of-another-build", .content = "x"}}));
    QCOMPARE(output("find / -xdev -name 'of-another*' 2>/dev/null; find / -name '" + other->id() +
                    "' 2>/dev/null; grep -c " + other->id() + " /proc/self/mountinfo"),
             "0");
}

void TestSandbox::otherProcessesAreOutOfSight()
{
    // The runtime's init, the shell and what it starts.
    const QByteArray names = output("cat /proc/[0-9]*/comm | sort -u");
    for (const QByteArray &name : names.split('\n'))
        QVERIFY2(QByteArrayList({".cooperage-init", "cat", "sh", "sort"}).contains(name), names.constData());
    QCOMPARE(output("kill -9 -1; kill -0 2 2>/dev/null; echo survived"), "survived");
}

void TestSandbox::devicesAreTheHarmlessOnes()
{
    const QByteArray names = output("ls -A /dev | tr '\\n' ' '");
    const QByteArrayList known{
        ".cooperage-init", "core",  "fd",     "full", "mqueue",  "null", "ptmx",   "pts", "random", "shm",
        "stderr",          "stdin", "stdout", "tty",  "urandom", "zero", "console"};
    for (const QByteArray &name : names.split(' '))
        QVERIFY2(known.contains(name), name.constData());
}

void TestSandbox::deviceNodesOfAnImageCannotBeOpened()
{
    // As an image may bring them along.
    QCOMPARE(::mknod((m_fixture->draft->upper() + "/zero").c_str(), S_IFCHR | 0666, makedev(1, 5)), 0);
    QCOMPARE(::mknod((m_fixture->draft->upper() + "/memory").c_str(), S_IFCHR | 0666, makedev(1, 1)), 0);
    QCOMPARE(::mknod((m_fixture->draft->upper() + "/disk").c_str(), S_IFBLK | 0666, makedev(254, 0)), 0);
    QCOMPARE(
        probe({"open", "/zero", "/memory", "/disk", "/dev/zero"}),
        (QMap<QByteArray, int>{{"/zero", EACCES}, {"/memory", EACCES}, {"/disk", EACCES}, {"/dev/zero", 0}}));
}

void TestSandbox::setuidProgramsWork()
{
    QCOMPARE(::chmod((m_fixture->draft->upper() + "/probe").c_str(), 04755), 0);
    const Ran ran = m_fixture->run({.argv = {"/probe", "euid"}, .cwd = "/", .uid = 1000, .gid = 1000});
    QCOMPARE(ran.out, "0\n");
}

void TestSandbox::nothingIsInherited()
{
    qputenv("CANARY_OF_THE_ENGINE", "secret-canary");
    const Fd leaked(::fcntl(::open("/etc/passwd", O_RDONLY | O_CLOEXEC), F_DUPFD, 77)); // No CLOEXEC.
    QVERIFY(leaked);
    QCOMPARE(m_fixture->run({.argv = {"/probe", "fds"}, .cwd = "/"}).out, "0\n1\n2\n");
    QCOMPARE(output("ls -l /proc/1/fd 2>/dev/null | grep -c -e passwd -e store; cat /proc/*/environ | grep "
                    "-c canary"),
             "0\n0");
    QCOMPARE(output("env | cut -d= -f1 | sort | tr '\\n' ' '"), "HOME HOSTNAME PATH PWD SHLVL");
    qunsetenv("CANARY_OF_THE_ENGINE");
}

void TestSandbox::networkIsTheHostsOrLoopbackAlone()
{
    const QByteArray name = "cooperage-test-" + QByteArray::number(::getpid());
    const auto [tcp, port] = loopbackListener();
    const Fd abstract = abstractListener(name);
    QVERIFY(tcp && port != 0 && abstract);
    const QByteArrayList words{"reach", name, QByteArray::number(port)};
    QCOMPARE(probe(words), (QMap<QByteArray, int>{{"abstract", 0}, {"loopback", 0}}));
    ProcessSpec alone{.argv = {}, .cwd = "/", .networking = false};
    const QMap<QByteArray, int> said = probe(words, alone);
    QCOMPARE(said.value("abstract"), ECONNREFUSED);
    QVERIFY(said.value("loopback") == ECONNREFUSED || said.value("loopback") == ENETUNREACH);
    alone = shell("ls /sys/class/net; ip route");
    alone.networking = false;
    QCOMPARE(m_fixture->run(alone).out, "lo\n");
}

void TestSandbox::hostNameIsItsOwn()
{
    const QString before = QSysInfo::machineHostName();
    ProcessSpec spec =
        shell("hostname; hostname evil 2>/dev/null; hostname; cat /proc/sys/kernel/domainname >/dev/null");
    spec.hostname = "builder";
    QCOMPARE(m_fixture->run(spec).out, "builder\nbuilder\n");
    QCOMPARE(QSysInfo::machineHostName(), before);
}

using Entries = std::vector<StageEntry>;

void TestSandbox::mountPointsStayOutOfTheLayer_data()
{
    QTest::addColumn<Entries>("image");
    const auto link = [](const char *path, const char *target) {
        return StageEntry{.type = StageEntry::Type::Symlink, .path = path, .linkTarget = target};
    };
    QTest::newRow("files") << Entries{{.path = "/etc/resolv.conf", .content = "x"},
                                      {.path = "/etc/hosts", .content = "y"}};
    QTest::newRow("dangling link") << Entries{
        link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf")};
    QTest::newRow("absolute dangling link")
        << Entries{link("/etc/resolv.conf", "/run/resolvconf/resolv.conf")};
    QTest::newRow("link above the root")
        << Entries{link("/etc/resolv.conf", "../../../../../../tmp/resolv-planted")};
    QTest::newRow("links to folders") << Entries{{.type = StageEntry::Type::Folder, .path = "/elsewhere"},
                                                 link("/etc/hosts", "/elsewhere/hosts")};
}

void TestSandbox::mountPointsStayOutOfTheLayer()
{
    QFETCH(Entries, image);
    auto below = m_fixture->base.store->beginLayer();
    QVERIFY(below && stageEntries(below->upper(), image));
    const auto layer = m_fixture->base.store->commitLayer(std::move(*below));
    QVERIFY(layer);
    std::vector<LayerId> layers = m_fixture->base.layers;
    layers.push_back(*layer);
    const Ran ran =
        m_fixture->runIn(*m_fixture->draft, layers, shell("grep -c ^127 /etc/hosts; echo x > /made"));
    QCOMPARE(ran.out, "1\n");
    QCOMPARE(m_fixture->upper(), (QStringList{u"made"_s, u"probe"_s}));
    QVERIFY(!QFile::exists(u"/tmp/resolv-planted"_s));
}

void TestSandbox::workingFolderStaysInside_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("cwd");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("root") << QByteArray("/") << QByteArray("/link") << QByteArray("/");
    QTest::newRow("parents") << QByteArray("../../../../../../..") << QByteArray("/link/made")
                             << QByteArray("/made");
    QTest::newRow("the host's folder")
        << QByteArray("HOST") << QByteArray("/link/made") << QByteArray("HOST/made");
    QTest::newRow("a process's open folder")
        << QByteArray("/proc/self/fd/8") << QByteArray("/link") << QByteArray();
    QTest::newRow("a process's root") << QByteArray("/proc/1/root") << QByteArray("/link") << QByteArray();
}

void TestSandbox::workingFolderStaysInside()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, cwd);
    QFETCH(QByteArray, expected);
    const QTemporaryDir host;
    target.replace("HOST", QFile::encodeName(host.path()));
    expected.replace("HOST", QFile::encodeName(host.path()));
    QVERIFY(stageEntries(
        m_fixture->draft->upper(),
        {{.type = StageEntry::Type::Symlink, .path = "/link", .linkTarget = target.toStdString()}}));
    ProcessSpec spec =
        shell("pwd -P; [ -x /probe ] && [ -x ../../../../../../../../../../probe ] && echo inside");
    spec.cwd = cwd.toStdString();
    const Ran ran = m_fixture->run(spec);
    QVERIFY(QDir(host.path()).isEmpty());
    if (!expected.isEmpty()) {
        QCOMPARE(ran.out, expected + "\ninside\n");
        return;
    }
    QVERIFY(!ran.outcome);
    QCOMPARE(ran.outcome.error().kind, ErrorKind::BadInput);
}

void TestSandbox::stagedFilesStayInside()
{
    const QTemporaryDir host;
    const std::string target = QFile::encodeName(host.path()).toStdString();
    QCOMPARE(m_fixture
                 ->run(shell("ln -s " + target +
                             " /out; ln -s ../../../../../.. /up; mkdir /d; "
                             "ln -s /proc/self/root/" +
                             target + " /d/l; ln -s " + target + "/f /f"))
                 .code(),
             0);
    auto root = MountedRoot::mount(*m_fixture->base.store, m_fixture->base.layers, *m_fixture->draft);
    QVERIFY(root);
    (void)stageEntries(root->path(), {{.path = "/out/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/up/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/d/l/evil", .content = "x"}});
    (void)stageEntries(root->path(), {{.path = "/f", .content = "x"}});
    (void)stageEntries(root->path(), {{.type = StageEntry::Type::Folder, .path = "/out/a/b"}});
    QVERIFY(QDir(host.path()).isEmpty());
    QVERIFY(!QFile::exists(u"/evil"_s));
    QVERIFY(QFile::exists(QFile::decodeName((root->path() + "/evil").c_str())));
}

Q_DECLARE_METATYPE(Entries)
QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
