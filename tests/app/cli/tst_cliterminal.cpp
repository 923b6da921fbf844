#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QTest>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

namespace {

/// The program with a terminal of its own, at whose other end the test sits.
class OnTerminal
{
public:
    explicit OnTerminal(const QStringList &arguments)
        : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK))
    {
        ::grantpt(m_master);
        ::unlockpt(m_master);
        resize(91, 23);
        m_pts = ::open(::ptsname(m_master), O_RDWR | O_NOCTTY | O_CLOEXEC);
        before = modes();
        m_process.setStandardInputFile(QString::fromLocal8Bit(::ptsname(m_master)));
        m_process.setStandardOutputFile(QString::fromLocal8Bit(::ptsname(m_master)));
        m_process.setStandardErrorFile(QString::fromLocal8Bit(::ptsname(m_master)));
        m_process.setChildProcessModifier([] {
            ::setsid();
            ::ioctl(STDIN_FILENO, TIOCSCTTY, 0);
        });
        m_process.start(program, arguments);
    }
    ~OnTerminal()
    {
        m_process.kill();
        m_process.waitForFinished();
        ::close(m_pts);
        ::close(m_master);
    }
    void type(const QByteArray &keys)
    {
        (void)!::write(m_master, keys.constData(), std::size_t(keys.size()));
    }
    void resize(unsigned short columns, unsigned short rows)
    {
        const winsize size{rows, columns, 0, 0};
        ::ioctl(m_master, TIOCSWINSZ, &size);
    }
    [[nodiscard]] const QByteArray &screen()
    {
        std::array<char, 4096> bytes;
        for (ssize_t got = 0; (got = ::read(m_master, bytes.data(), bytes.size())) > 0;)
            m_screen.append(bytes.data(), got);
        return m_screen;
    }
    [[nodiscard]] bool hasEnded()
    {
        (void)screen(); // What is not read would hold it up.
        return m_process.waitForFinished(0) || m_process.state() == QProcess::NotRunning;
    }
    [[nodiscard]] int exitCode() const
    {
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    void signal(int number) { ::kill(pid_t(m_process.processId()), number); }
    [[nodiscard]] tcflag_t modes() const
    {
        termios now{};
        ::tcgetattr(m_pts, &now);
        return now.c_lflag & (ICANON | ECHO | ISIG);
    }

    tcflag_t before = 0;

private:
    int m_master;
    int m_pts = -1;
    QProcess m_process;
    QByteArray m_screen;
};

} // namespace

/// `cooperage run -it` with the real engine.
class CliTerminalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!findPrograms())
            QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
        QCOMPARE(run({u"engine"_s, u"start"_s}).exitCode, 0);
    }
    void cleanupTestCase() { QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0); }

    void aShellTakesKeysAndPassesItsExitCodeOn();
    void theSizeFollows();
    void everyKeyIsPassedOn();
    void aSignalRestoresTheTerminal();
    void withoutATerminalItIsRefused();
    void withoutACommandItAsksForOne();

private:
    PrivateHome m_home;
};

void CliTerminalTest::aShellTakesKeysAndPassesItsExitCodeOn()
{
    OnTerminal shell({u"run"_s, u"-it"_s, u"busybox:latest"_s});
    QTRY_VERIFY_WITH_TIMEOUT(shell.screen().contains("# "), 30'000);
    QCOMPARE(shell.modes(), tcflag_t(0));
    shell.type("echo $((40+2)) > /made; cat /made; stty size; exit 7\r");
    QTRY_VERIFY_WITH_TIMEOUT(shell.hasEnded(), 30'000);
    QCOMPARE(shell.exitCode(), 7);
    QVERIFY2(shell.screen().contains("\n42\r\n"), shell.screen().constData());
    QVERIFY(shell.screen().contains("23 91\r\n"));
    QVERIFY(shell.screen().contains("image: "));
    QCOMPARE(shell.modes(), shell.before);
}

void CliTerminalTest::theSizeFollows()
{
    OnTerminal waiting({u"run"_s, u"-it"_s, u"busybox:latest"_s, u"--"_s, u"sh"_s, u"-c"_s,
                        u"trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done"_s});
    QTRY_VERIFY_WITH_TIMEOUT(waiting.screen().contains("ready"), 30'000);
    waiting.resize(61, 17);
    QTRY_VERIFY_WITH_TIMEOUT(waiting.hasEnded(), 30'000);
    QVERIFY2(waiting.screen().contains("17 61"), waiting.screen().constData());
    QCOMPARE(waiting.exitCode(), 0);
}

void CliTerminalTest::everyKeyIsPassedOn()
{
    OnTerminal program({u"run"_s, u"-it"_s, u"--disposable"_s, u"busybox:latest"_s, u"--"_s, u"sh"_s, u"-c"_s,
                        u"stty raw -echo; printf ready; dd bs=1 count=5 2>/dev/null | od -An -tx1"_s});
    QTRY_VERIFY_WITH_TIMEOUT(program.screen().contains("ready"), 30'000);
    program.type("\x03\x1a\x1b[A");
    QTRY_VERIFY_WITH_TIMEOUT(program.hasEnded(), 30'000);
    QVERIFY2(program.screen().contains("03 1a 1b 5b 41"), program.screen().constData());
    QCOMPARE(program.exitCode(), 0);
}

void CliTerminalTest::aSignalRestoresTheTerminal()
{
    OnTerminal program({u"run"_s, u"-it"_s, u"busybox:latest"_s, u"--"_s, u"sh"_s, u"-c"_s,
                        u"trap '' HUP TERM; echo ready; sleep 1000"_s});
    QTRY_VERIFY_WITH_TIMEOUT(program.screen().contains("ready"), 30'000);
    QCOMPARE(program.modes(), tcflag_t(0));
    program.signal(SIGTERM);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasEnded(), 30'000);
    QCOMPARE(program.exitCode(), 130);
    QCOMPARE(program.modes(), program.before);
}

void CliTerminalTest::withoutATerminalItIsRefused()
{
    const Outcome outcome = run({u"run"_s, u"-it"_s, u"busybox:latest"_s});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.errors.contains(u"-it needs a terminal"_s), qPrintable(outcome.errors));
}

void CliTerminalTest::withoutACommandItAsksForOne()
{
    const Outcome outcome = run({u"run"_s, u"busybox:latest"_s});
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.errors.contains(u"which command?"_s), qPrintable(outcome.errors));
}

QTEST_GUILESS_MAIN(CliTerminalTest)
#include "tst_cliterminal.moc"
