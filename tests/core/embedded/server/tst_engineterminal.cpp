#include "core/engine/contree/contreeengine.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QSignalSpy>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using engine::Terminal;

/// The client's terminal against our own server.
class TestEngineTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_engine = std::make_unique<engine::contree::ContreeEngine>(
            engine::contree::Endpoint{.socketPath = m_fixture->socket()});
    }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_fixture.reset();
    }

    void keysGoInAndScreensComeOut();
    void keysKeepTheirOrder();
    void sizesAreTakenOver();
    void hangingUpKeepsWhatWasDone();
    void deletingItEndsTheCommand();
    void disposableOnesLeaveNoImage();
    void missingImagesAreToldAtOnce();
    void withoutTheExtensionItIsUnsupported();

private:
    [[nodiscard]] std::shared_ptr<Terminal> open(const QString &script, bool disposable = false)
    {
        engine::RunRequest run{.image = m_fixture->busybox(), .command = script, .shell = true};
        run.env = {{u"PS1"_s, u"> "_s}};
        run.disposable = disposable;
        const auto terminal = QCoro::waitFor(m_engine->openTerminal({run, {90, 20}}));
        if (!terminal) {
            qWarning("%s", qPrintable(terminal.error().text()));
            return {};
        }
        m_screen.clear();
        connect(terminal->get(), &Terminal::output, this,
                [this](const QByteArray &bytes) { m_screen += bytes; });
        return *terminal;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    std::unique_ptr<engine::Engine> m_engine;
    QByteArray m_screen;
};

void TestEngineTerminal::keysGoInAndScreensComeOut()
{
    const std::shared_ptr<Terminal> terminal = open(u"/bin/sh"_s);
    QVERIFY(terminal);
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    terminal->write("stty size; exit 7\n"); // Before the container is up.
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    QVERIFY(terminal->outcome() && *terminal->outcome());
    QCOMPARE((*terminal->outcome())->exitCode, 7);
    QCOMPARE((*terminal->outcome())->image, m_fixture->busybox()); // Nothing changed.
    QVERIFY2(m_screen.contains("20 90\r\n"), m_screen.constData());
    terminal->write("late\n"); // Nobody is there; no harm.
}

void TestEngineTerminal::keysKeepTheirOrder()
{
    const std::shared_ptr<Terminal> terminal =
        open(u"stty raw -echo; printf ready; head -c 2000 | sha1sum"_s);
    QVERIFY(terminal);
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    QTRY_VERIFY(m_screen.contains("ready"));
    QByteArray all;
    for (int i = 0; i < 1000; ++i) {
        const QByteArray keys = QByteArray::number(i % 90 + 10);
        all += keys;
        terminal->write(keys);
        if (i % 50 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    const QByteArray sum = QCryptographicHash::hash(all, QCryptographicHash::Sha1).toHex();
    QVERIFY2(m_screen.contains(sum), m_screen.constData());
}

void TestEngineTerminal::sizesAreTakenOver()
{
    const std::shared_ptr<Terminal> terminal =
        open(u"trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"_s);
    QVERIFY(terminal);
    QTRY_VERIFY(m_screen.contains("ready"));
    terminal->resize({61, 17});
    QTRY_VERIFY(m_screen.contains("17 61"));
}

void TestEngineTerminal::hangingUpKeepsWhatWasDone()
{
    const std::shared_ptr<Terminal> terminal = open(u"echo x > /made; echo ready; exec sh"_s);
    QVERIFY(terminal);
    QTRY_VERIFY(m_screen.contains("ready"));
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    terminal->hangUp();
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    const auto outcome = *terminal->outcome();
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));
    QVERIFY(!outcome->image.isEmpty() && outcome->image != m_fixture->busybox());
}

void TestEngineTerminal::deletingItEndsTheCommand()
{
    std::shared_ptr<Terminal> terminal = open(u"trap '' HUP TERM; echo ready; sleep 1000"_s);
    QVERIFY(terminal);
    QTRY_VERIFY(m_screen.contains("ready"));
    const QString operation = terminal->operation();
    terminal.reset();
    const auto stateNow = [&] {
        const auto record = QCoro::waitFor(m_engine->operation(operation));
        return record ? record->state : engine::OperationState::Pending;
    };
    QTRY_COMPARE_WITH_TIMEOUT(stateNow(), engine::OperationState::Cancelled, 20'000);
}

void TestEngineTerminal::disposableOnesLeaveNoImage()
{
    const std::shared_ptr<Terminal> terminal = open(u"echo x > /made"_s, true);
    QVERIFY(terminal);
    QSignalSpy ended(terminal.get(), &Terminal::ended);
    QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 20'000);
    QVERIFY((*terminal->outcome())->image.isEmpty());
}

void TestEngineTerminal::missingImagesAreToldAtOnce()
{
    engine::RunRequest run{.image = u"tag:nowhere"_s, .command = u"sh"_s};
    const auto terminal = QCoro::waitFor(m_engine->openTerminal({run, {}}));
    QVERIFY(!terminal);
    QCOMPARE(terminal.error().kind, ErrorKind::NotFound);
}

void TestEngineTerminal::withoutTheExtensionItIsUnsupported()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = false; });
    engine::contree::ContreeEngine plain({.socketPath = m_fixture->socket()});
    const auto terminal =
        QCoro::waitFor(plain.openTerminal({{.image = m_fixture->busybox(), .command = u"sh"_s}, {}}));
    QVERIFY(!terminal);
    QCOMPARE(terminal.error().kind, ErrorKind::Unsupported);
}

QTEST_GUILESS_MAIN(TestEngineTerminal)
#include "tst_engineterminal.moc"
