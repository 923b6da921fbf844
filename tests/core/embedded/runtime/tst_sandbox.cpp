#include "core/embedded/store/fd.h"
#include "tests/core/embedded/runtime/sandboxfixture.h"

#include <QDir>

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
    void initTestCase_data() { addRuntimes(); }
    void initTestCase()
    {
        m_fixture = std::make_unique<SandboxFixture>();
        if (!m_fixture->base.missing.isEmpty())
            QSKIP(qPrintable(u"whole program: "_s + m_fixture->base.missing));
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void init()
    {
        QFETCH_GLOBAL(QString, runtime);
        if (const QString missing = m_fixture->beginWith(runtime); !missing.isEmpty())
            QSKIP(qPrintable(missing));
    }
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

private:
    std::unique_ptr<SandboxFixture> m_fixture;
};

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
    const QMap<QByteArray, int> said = m_fixture->probe({"calls"});
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
        m_fixture->output(
            "for f in kcore keys interrupts timer_list sched_debug latency_stats; do "
            "[ ! -e /proc/$f ] || [ \"$(head -c 1 /proc/$f 2>/dev/null | wc -c)\" = 0 ] || echo $f; done;"
            "ls /proc/acpi /proc/scsi /proc/asound /sys/firmware /sys/devices/virtual/powercap 2>/dev/null |"
            " grep -v ':$' | grep ."),
        "");
}

void TestSandbox::kernelFilesAreReadOnly()
{
    const QMap<QByteArray, int> said = m_fixture->probe(
        {"write", "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
         "/proc/irq/default_smp_affinity", "/sys/kernel/profiling", "/sys/kernel/mm/ksm/run",
         "/etc/resolv.conf", "/etc/hosts", "/dev/.cooperage-init"});
    QCOMPARE(said.size(), 9);
    for (const auto &[path, error] : said.asKeyValueRange())
        QVERIFY2(error == EROFS || error == ENOENT || error == EACCES || error == ETXTBSY,
                 qPrintable(u"%1: %2"_s.arg(QLatin1StringView(path)).arg(error)));
    QCOMPARE(m_fixture->output("ls -A /sys/fs/cgroup; mkdir /sys/fs/cgroup/x 2>/dev/null && echo made"), "");
}

void TestSandbox::mountsAreThoseOfTheSandbox()
{
    const QByteArray mounts = m_fixture->output("cat /proc/self/mountinfo");
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
    const QMap<QByteArray, int> said = m_fixture->probe(
        {"open", secret, store, store + "/store.db", "/proc/1/root" + secret, "/proc/1/cwd" + store,
         "/proc/self/root/../../.." + secret, "/proc/self/root" + QDir::homePath().toLocal8Bit() + "/.cache",
         COOPERAGE_SOURCE_DIR "/README.md"});
    QCOMPARE(said.size(), 8);
    for (const auto &[path, error] : said.asKeyValueRange())
        QVERIFY2(error == ENOENT || error == EACCES,
                 qPrintable(u"%1: %2"_s.arg(QFile::decodeName(path)).arg(error)));
}

void TestSandbox::otherBuildsAreOutOfReach()
{
    const auto other = m_fixture->base.store->beginLayer();
    QVERIFY(other);
    const auto root = MountedRoot::mount(*m_fixture->base.store, m_fixture->base.layers, *other);
    QVERIFY(root && stageEntries(root->path(), {{.path = "/of-another-build", .content = "x"}}));
    QCOMPARE(m_fixture->output("find / -xdev -name 'of-another*' 2>/dev/null; find / -name '" +
                               other->id().name() + "' 2>/dev/null; grep -c " + other->id().name() +
                               " /proc/self/mountinfo"),
             "0");
}

void TestSandbox::otherProcessesAreOutOfSight()
{
    // The runtime's init, the shell and what it starts.
    const QByteArray names = m_fixture->output("cat /proc/[0-9]*/comm | sort -u");
    for (const QByteArray &name : names.split('\n'))
        QVERIFY2(QByteArrayList({".cooperage-init", "cat", "sh", "sort"}).contains(name), names.constData());
    QCOMPARE(m_fixture->output("kill -9 -1; kill -0 2 2>/dev/null; echo survived"), "survived");
}

void TestSandbox::devicesAreTheHarmlessOnes()
{
    const QByteArray names = m_fixture->output("ls -A /dev | tr '\\n' ' '");
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
        m_fixture->probe({"open", "/zero", "/memory", "/disk", "/dev/zero"}),
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
    QCOMPARE(m_fixture->output(
                 "ls -l /proc/1/fd 2>/dev/null | grep -c -e passwd -e store; cat /proc/*/environ | grep "
                 "-c canary"),
             "0\n0");
    QCOMPARE(m_fixture->output("env | cut -d= -f1 | sort | tr '\\n' ' '"), "HOME HOSTNAME PATH PWD SHLVL");
    qunsetenv("CANARY_OF_THE_ENGINE");
}

void TestSandbox::networkIsTheHostsOrLoopbackAlone()
{
    const QByteArray name = "cooperage-test-" + QByteArray::number(::getpid());
    const auto [tcp, port] = loopbackListener();
    const Fd abstract = abstractListener(name);
    QVERIFY(tcp && port != 0 && abstract);
    const QByteArrayList words{"reach", name, QByteArray::number(port)};
    QCOMPARE(m_fixture->probe(words), (QMap<QByteArray, int>{{"abstract", 0}, {"loopback", 0}}));
    ProcessSpec alone{.argv = {}, .cwd = "/", .networking = false};
    const QMap<QByteArray, int> said = m_fixture->probe(words, alone);
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

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
