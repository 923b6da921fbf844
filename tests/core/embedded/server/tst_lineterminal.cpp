#include "core/engine/console.h"
#include "core/engine/contree/contreeengine.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QBuffer>
#include <QSignalSpy>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using engine::ConsoleKind;
using engine::Terminal;

/// Consoles on an engine without terminals, which is our own one in plain v1.
class TestLineTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_fixture->stop();
        m_fixture->start([](ServerOptions &options) { options.extensions = false; });
        m_engine = std::make_unique<engine::contree::ContreeEngine>(
            engine::contree::Endpoint{.socketPath = m_fixture->socket()});
    }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_fixture.reset();
    }

    void filesAndFolderAreCarriedOn();
    void controlCStopsTheCommandAlone();
    void aCommandRunsOnceAndEnds();
    void hangingUpKeepsWhatWasDone();
    void cancelKeepsNothing();
    void missingFoldersStayWhereTheyWere();

private:
    [[nodiscard]] std::shared_ptr<Terminal> open(ConsoleKind kind = ConsoleKind::Shell,
                                                 const QString &command = engine::shellCommand())
    {
        engine::RunRequest run{.image = m_fixture->busybox(), .command = command, .shell = true};
        const auto terminal = QCoro::waitFor(engine::openConsole(m_engine.get(), kind, {run, {}}));
        if (!terminal)
            return {};
        m_screen.clear();
        connect(terminal->get(), &Terminal::output, this,
                [this](const QByteArray &bytes) { m_screen += bytes; });
        return *terminal;
    }

    /// Nothing if there is no such file.
    [[nodiscard]] std::optional<QByteArray> fileIn(const QString &image, const QString &path)
    {
        QBuffer bytes;
        bytes.open(QBuffer::WriteOnly);
        const auto read = QCoro::waitFor(m_engine->download(image, path, &bytes));
        return read ? std::optional(bytes.data()) : std::nullopt;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    std::unique_ptr<engine::Engine> m_engine;
    QByteArray m_screen;
};

void TestLineTerminal::filesAndFolderAreCarriedOn()
{
    const auto terminal = open();
    QVERIFY(terminal);
    QTRY_VERIFY(m_screen.contains("no terminals") && m_screen.endsWith("~ $ "));
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    // All at once: what is typed ahead waits.
    terminal->write("mkdir /made\rcd /made\recho inside > file\rcat /made/file; pwd\rexit 3\r");
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 30'000);
    QVERIFY2(m_screen.contains("inside\r\n/made\r\n"), m_screen.constData());
    QVERIFY(m_screen.contains("/made $ "));
    const auto outcome = terminal->outcome()->value();
    QCOMPARE(outcome.exitCode, 3);
    QCOMPARE(fileIn(outcome.image, u"/made/file"_s), "inside\n");
}

void TestLineTerminal::controlCStopsTheCommandAlone()
{
    const auto terminal = open();
    QVERIFY(terminal);
    terminal->write("echo started; sleep 1000\r");
    QTRY_VERIFY2_WITH_TIMEOUT(m_screen.contains("\nstarted"), m_screen.constData(), 20'000);
    terminal->write("\x03");
    terminal->write("echo after\r");
    QTRY_VERIFY_WITH_TIMEOUT(m_screen.contains("\nafter\r\n"), 20'000);
    QVERIFY(!terminal->outcome());
}

void TestLineTerminal::aCommandRunsOnceAndEnds()
{
    const auto terminal = open(ConsoleKind::Command, u"echo one; echo two; exit 6"_s);
    QVERIFY(terminal);
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    QCOMPARE(m_screen, "one\r\ntwo\r\n");
    QCOMPARE(terminal->outcome()->value().exitCode, 6);
}

void TestLineTerminal::hangingUpKeepsWhatWasDone()
{
    const auto terminal = open();
    QVERIFY(terminal);
    terminal->write("touch /kept\rtouch /lost; sleep 1000\r");
    QTRY_VERIFY_WITH_TIMEOUT(m_screen.contains("sleep 1000\r\n"), 20'000);
    terminal->hangUp();
    QTRY_VERIFY_WITH_TIMEOUT(terminal->outcome().has_value(), 20'000);
    const QString image = terminal->outcome()->value().image;
    QVERIFY(fileIn(image, u"/kept"_s));
    QVERIFY(!fileIn(image, u"/lost"_s));
}

void TestLineTerminal::cancelKeepsNothing()
{
    const auto terminal = open();
    QVERIFY(terminal);
    terminal->write("touch /lost\r");
    terminal->cancel();
    QTRY_VERIFY(terminal->outcome().has_value());
    QCOMPARE(terminal->outcome()->error().kind, ErrorKind::Cancelled);
}

void TestLineTerminal::missingFoldersStayWhereTheyWere()
{
    const auto terminal = open();
    QVERIFY(terminal);
    terminal->write("cd /nowhere\rpwd\r");
    QTRY_VERIFY_WITH_TIMEOUT(m_screen.contains("\n/root\r\n"), 20'000);
    QVERIFY2(m_screen.contains("/nowhere"), m_screen.constData());
    QVERIFY(!m_screen.contains("/nowhere $ "));
}

QTEST_GUILESS_MAIN(TestLineTerminal)
#include "tst_lineterminal.moc"
