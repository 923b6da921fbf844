#include "tests/core/embedded/runtime/processmarks.h"
#include "tests/core/embedded/server/subprocessfixture.h"

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Instances with a terminal (docs/engine-protocol.md): what the command finds, and when it ends.
class TestServerTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<SubprocessFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void cleanup() { m_fixture->end(); }

    void theCommandHasAControllingTerminal();
    void aUserOfTheImageOwnsIt();
    void theSizeIsTheOneAskedFor();
    void anotherSizeIsSignalled();
    void controlCReachesTheForegroundAlone();
    void rawModeGetsEveryKey();
    void closingTheInputHangsUp();
    void exitCodeAndImageAreKept();
    void aFloodWaitsForItsFollower();
    void whatTheLogKeepsIsLimited();
    void aFollowerHoldsTheTimeOut();
    void withoutAFollowerItEnds();
    void cancelEndsEverything();
    void otherInstancesHaveNone();
    void badSizesAreRefused();
    void plainV1IgnoresIt();

private:
    void begin(const QString &script, QJsonObject more = {})
    {
        more[u"command"_s] = script;
        more[u"args"_s] = QJsonArray();
        more[u"shell"_s] = true;
        if (!more.contains(u"terminal"_s))
            more[u"terminal"_s] = QJsonObject{{u"columns"_s, 100}, {u"rows"_s, 30}};
        m_fixture->begin(more);
    }
    [[nodiscard]] static QByteArray bytesOf(const QJsonObject &stream)
    {
        const QByteArray value = stream[u"value"_s].toString().toUtf8();
        return stream[u"encoding"_s] == u"base64"_s ? QByteArray::fromBase64(value) : value;
    }
    [[nodiscard]] QString shown()
    {
        return QString::fromUtf8(bytesOf(m_fixture->result(1)[u"stdout"_s].toObject()));
    }
    [[nodiscard]] int resize(const QJsonObject &size)
    {
        SocketClient client = m_fixture->client();
        return Reply(client.Put("/v1/operations/" + m_fixture->uuid.toStdString() + "/terminal",
                                QJsonDocument(size).toJson().toStdString(), "application/json"))
            .status;
    }
    void follow(SocketClient &client, const std::function<bool(const char *, std::size_t)> &take)
    {
        (void)client.Get("/v1/operations/" + m_fixture->uuid.toStdString() + "/events?follow=1",
                         [&](const char *bytes, std::size_t size) { return take(bytes, size); });
    }

    std::unique_ptr<SubprocessFixture> m_fixture;
};

void TestServerTerminal::theCommandHasAControllingTerminal()
{
    const QString script = u"tty; test -t 0 && test -t 1 && test -t 2 && echo three; echo $TERM;"
                           " echo ours > /dev/tty; cut -d' ' -f6-7 /proc/self/stat; echo $$; ls -l $(tty)"_s;
    const QJsonObject operation =
        m_fixture->shell(script, {{u"terminal"_s, QJsonObject{}}, {u"disposable"_s, true}});
    const QStringList lines = outputOf(operation).split(u"\r\n"_s);
    QVERIFY2(lines.size() >= 7, qPrintable(outputOf(operation)));
    QCOMPARE(lines[0], u"/dev/pts/0"_s);
    QCOMPARE(lines[1], u"three"_s);
    QCOMPARE(lines[2], u"xterm-256color"_s);
    QCOMPARE(lines[3], u"ours"_s);
    QCOMPARE(lines[4], lines[5] + u" 34816"_s); // Session leader; 136:0, the first one of the container.
    const QJsonObject other = m_fixture->shell(
        u"echo $TERM"_s, {{u"terminal"_s, QJsonObject{}}, {u"env"_s, QJsonObject{{u"TERM"_s, u"vt100"_s}}}});
    QCOMPARE(outputOf(other), u"vt100\r\n"_s);
}

void TestServerTerminal::aUserOfTheImageOwnsIt()
{
    const QJsonObject operation =
        m_fixture->shell(u"stat -c %u $(tty); echo again > $(tty); echo std > /dev/stdout"_s,
                         {{u"terminal"_s, QJsonObject{}}, {u"uid"_s, 1000}, {u"gid"_s, 1000}});
    QCOMPARE(outputOf(operation), u"1000\r\nagain\r\nstd\r\n"_s);
}

void TestServerTerminal::theSizeIsTheOneAskedFor()
{
    const QJsonObject operation = m_fixture->shell(
        u"stty size"_s, {{u"terminal"_s, QJsonObject{{u"columns"_s, 123}, {u"rows"_s, 45}}}});
    QCOMPARE(outputOf(operation), u"45 123\r\n"_s);
    QCOMPARE(outputOf(m_fixture->shell(u"stty size"_s, {{u"terminal"_s, QJsonObject{}}})), u"24 80\r\n"_s);
}

void TestServerTerminal::anotherSizeIsSignalled()
{
    begin(u"trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"_s);
    QTRY_COMPARE(shown(), u"ready\r\n"_s);
    QCOMPARE(resize({{u"columns"_s, 61}, {u"rows"_s, 17}}), 204);
    QTRY_COMPARE(shown(), u"ready\r\n17 61\r\n"_s);
}

void TestServerTerminal::controlCReachesTheForegroundAlone()
{
    begin(u"/bin/sh"_s, {{u"env"_s, QJsonObject{{u"PS1"_s, u"> "_s}}}});
    QTRY_VERIFY(shown().contains(u"> "_s));
    QCOMPARE(m_fixture->feed(1, u"echo start; sleep 1000; echo never\n"_s, false), 204);
    QTRY_VERIFY(shown().contains(u"\r\nstart\r\n"_s));
    QCOMPARE(m_fixture->feed(1, u"\x03"_s, false), 204);
    QTRY_VERIFY(shown().contains(u"^C\r\n"_s));
    QVERIFY(!shown().contains(u"\r\nnever"_s));
    QCOMPARE(m_fixture->feed(1, u"echo $?; exit 5\n"_s, false), 204);
    QCOMPARE(numberOf(m_fixture->ended(1), u"exit_code"_s), 5);
    QVERIFY(shown().contains(u"130\r\n"_s));
}

void TestServerTerminal::rawModeGetsEveryKey()
{
    // As an editor does it: no echo, no signals, every byte at once.
    begin(u"stty raw -echo; printf ready; dd bs=1 count=6 2>/dev/null | od -An -tx1; stty sane; echo end"_s);
    QTRY_COMPARE(shown(), u"ready"_s);
    QCOMPARE(m_fixture->feed(1, u"\x03\x1b[A\r\x04"_s, false), 204);
    QCOMPARE(numberOf(m_fixture->ended(1), u"exit_code"_s), 0);
    QVERIFY2(shown().contains(u"03 1b 5b 41 0d 04"_s), qPrintable(shown()));
    QVERIFY(shown().endsWith(u"end\r\n"_s));
}

void TestServerTerminal::closingTheInputHangsUp()
{
    begin(
        u"echo kept > /kept; trap 'echo gone >> /kept; exit 3' HUP; echo ready; while :; do sleep 0.05; done"_s);
    QTRY_COMPARE(shown(), u"ready\r\n"_s);
    QCOMPARE(m_fixture->feed(1, {}, true), 204);
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(), 3);
    const QJsonObject kept = m_fixture->shell(u"cat /kept"_s, {{u"image"_s, imageOf(operation)}});
    QCOMPARE(outputOf(kept), u"kept\ngone\n"_s);
}

void TestServerTerminal::exitCodeAndImageAreKept()
{
    const QJsonObject operation =
        m_fixture->shell(u"echo new > /new; exit 42"_s, {{u"terminal"_s, QJsonObject{}}});
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(), 42);
    QCOMPARE(outputOf(m_fixture->shell(u"cat /new"_s, {{u"image"_s, imageOf(operation)}})), u"new\n"_s);
    QCOMPARE(operation.value(u"metadata"_s).toObject().value(u"terminal"_s).toObject(),
             (QJsonObject{{u"columns"_s, 80}, {u"rows"_s, 24}}));
}

void TestServerTerminal::aFloodWaitsForItsFollower()
{
    begin(u"yes | head -c 1000000; echo; echo flood-end"_s, {{u"truncate_output_at"_s, 1000}});
    // Nobody reads: the writer must wait.
    QTRY_COMPARE(shown().size(), 1000);
    QCOMPARE(numberOf(m_fixture->result(1), u"exit_code"_s), -1);
    std::string stream;
    SocketClient client = m_fixture->client();
    follow(client, [&](const char *bytes, std::size_t size) {
        stream.append(bytes, size);
        return true;
    });
    std::size_t total = 0;
    for (const Frame &frame : framesOf(stream)) {
        if (frame.type == u"stdout"_s)
            total += static_cast<std::size_t>(bytesOf(frame.data()).size());
    }
    QCOMPARE(total, std::size_t(1'500'000 + 2 + 11)); // Every line feed comes with a carriage return.
    QVERIFY(stream.find("flood-end") != std::string::npos);
}

void TestServerTerminal::whatTheLogKeepsIsLimited()
{
    begin(u"echo first; seq 20000; read x"_s, {{u"truncate_output_at"_s, 2000}});
    SocketClient client = m_fixture->client();
    std::string stream;
    follow(client, [&](const char *bytes, std::size_t size) {
        stream.append(bytes, size);
        return stream.find("19999") == std::string::npos;
    });
    QCOMPARE(m_fixture->feed(1, u"\n"_s, false), 204);
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QVERIFY(outputOf(operation).startsWith(u"first\r\n1\r\n"_s));
    QVERIFY(outputOf(operation).size() <= 2000);
    QCOMPARE(resultOf(operation).value(u"stdout"_s).toObject().value(u"truncated"_s).toBool(), true);
    qsizetype kept = 0;
    for (const Frame &frame : m_fixture->events("?since=-1")) // What is stored with the operation.
        kept += frame.type == u"stdout"_s ? bytesOf(frame.data()).size() : 0;
    QVERIFY2(kept <= 2000, qPrintable(QString::number(kept)));
}

void TestServerTerminal::aFollowerHoldsTheTimeOut()
{
    begin(u"i=0; while [ $i -lt 7 ]; do sleep 0.5; i=$((i+1)); echo $i; done; exit 9"_s, {{u"timeout"_s, 2}});
    SocketClient client = m_fixture->client();
    follow(client, [](const char *, std::size_t) { return true; });
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(), 9);
    QCOMPARE(stateOf(operation).value(u"timed_out"_s).toBool(), false);
}

void TestServerTerminal::withoutAFollowerItEnds()
{
    begin(u"echo ready; sleep 1000"_s, {{u"timeout"_s, 2}});
    SocketClient client = m_fixture->client();
    follow(client, [](const char *bytes, std::size_t size) {
        return std::string_view(bytes, size).find("ready") == std::string_view::npos; // Then it is gone.
    });
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(stateOf(operation).value(u"timed_out"_s).toBool(), true);
    QVERIFY(imageOf(operation).isEmpty());
}

void TestServerTerminal::cancelEndsEverything()
{
    const std::string mark = uniqueSleep();
    begin(u"(trap '' HUP TERM; sleep %1) & trap '' HUP TERM; echo ready; sleep %1; sleep %1"_s.arg(
        QString::fromStdString(mark)));
    QTRY_COMPARE(shown(), u"ready\r\n"_s);
    QVERIFY(processWith(QByteArray::fromStdString(mark)));
    (void)m_fixture->client().Delete("/v1/operations/" + m_fixture->uuid.toStdString());
    QCOMPARE(statusOf(m_fixture->waitFor(m_fixture->uuid)), u"CANCELLED"_s);
    QVERIFY(!processWith(QByteArray::fromStdString(mark)));
}

void TestServerTerminal::otherInstancesHaveNone()
{
    m_fixture->begin({{u"command"_s, u"test -t 1 || echo none; echo T$TERM; sleep 1000"_s},
                      {u"args"_s, QJsonArray()},
                      {u"shell"_s, true}});
    QTRY_COMPARE(shown(), u"none\nT\n"_s);
    QCOMPARE(resize({{u"columns"_s, 61}, {u"rows"_s, 17}}), 409);
    m_fixture->end();
    begin(u"true"_s);
    (void)m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(resize({{u"columns"_s, 61}, {u"rows"_s, 17}}), 409);
}

void TestServerTerminal::badSizesAreRefused()
{
    for (const QJsonValue &bad : {QJsonValue(0), QJsonValue(-1), QJsonValue(4097), QJsonValue(u"wide"_s)})
        QCOMPARE(m_fixture->client()
                     .post("/v1/instances", {{u"command"_s, u"true"_s},
                                             {u"image"_s, m_fixture->busybox()},
                                             {u"terminal"_s, QJsonObject{{u"columns"_s, bad}}}})
                     .status,
                 400);
    begin(u"sleep 1000"_s);
    QCOMPARE(resize({{u"columns"_s, 0}, {u"rows"_s, 17}}), 400);
    QCOMPARE(resize({{u"columns"_s, 4096}, {u"rows"_s, 1}}), 204);
}

void TestServerTerminal::plainV1IgnoresIt()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = false; });
    const QJsonObject operation =
        m_fixture->shell(u"test -t 1 || echo none"_s, {{u"terminal"_s, QJsonObject{}}});
    QCOMPARE(outputOf(operation), u"none\n"_s);
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = true; });
}

QTEST_GUILESS_MAIN(TestServerTerminal)
#include "tst_serverterminal.moc"
