#include "core/embedded/server/signalname.h"
#include "tests/core/embedded/server/subprocessfixture.h"

#include <csignal>
#include <thread>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Requests about further processes (contract 2.7): signals, refusals, many at once.
class TestServerSubprocessRequests : public QObject
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

    void signalsHaveNamesAndNumbers();
    void signalsReachTheProcess();
    void missingProgramsAnswerLikeAShell();
    void outputIsCutPerProcess();
    void manyAtOnce();
    void wrongStatesAreRefused();
    void wrongRequestsAreRefused();

private:
    std::unique_ptr<SubprocessFixture> m_fixture;
};

void TestServerSubprocessRequests::signalsHaveNamesAndNumbers()
{
    for (const QString &name : {u"TERM"_s, u"SIGTERM"_s, u"term"_s, u"15"_s})
        QCOMPARE(signalNumber(name), SIGTERM);
    QCOMPARE(signalNumber(u"USR1"_s), SIGUSR1);
    QCOMPARE(signalNumber(u"SIGKILL"_s), SIGKILL);
    for (const QString &name : {u""_s, u"0"_s, u"-9"_s, u"SIG"_s, u"NOTHING"_s, u"9x"_s, u"1000"_s})
        QVERIFY2(!signalNumber(name), qPrintable(name));
}

void TestServerSubprocessRequests::signalsReachTheProcess()
{
    m_fixture->begin();
    for (const auto &[query, number] :
         {std::pair("", SIGTERM), std::pair("?signal=KILL", SIGKILL), std::pair("?signal=SIGINT", SIGINT),
          std::pair("?signal=1", SIGHUP)}) {
        const int spid = m_fixture->post({{u"command"_s, u"sleep"_s}, {u"args"_s, QJsonArray{u"1000"_s}}})
                             .json()
                             .value(u"spid"_s)
                             .toInt();
        QCOMPARE(m_fixture->kill(spid, query), 204);
        const QJsonObject last = m_fixture->ended(spid);
        QCOMPARE(numberOf(last, u"signal"_s), number);
        QCOMPARE(numberOf(last, u"exit_code"_s), -1);
        QCOMPARE(m_fixture->kill(spid, query), 409);
    }
    const int caught =
        m_fixture->startShell(u"trap 'echo caught; exit 5' USR1; echo ready; while :; do sleep 0.05; done"_s);
    QTRY_COMPARE(valueOf(m_fixture->result(caught)), u"ready\n"_s);
    QCOMPARE(m_fixture->kill(caught, "?signal=USR1"), 204);
    QCOMPARE(numberOf(m_fixture->ended(caught), u"exit_code"_s), 5);
    QCOMPARE(valueOf(m_fixture->result(caught)), u"ready\ncaught\n"_s);
    QCOMPARE(m_fixture->kill(caught, "?signal=BOGUS"), 400);
    QCOMPARE(m_fixture->kill(99), 404);
    QCOMPARE(numberOf(m_fixture->result(1), u"signal"_s), -1);
}

void TestServerSubprocessRequests::missingProgramsAnswerLikeAShell()
{
    m_fixture->begin();
    const QJsonObject missing = m_fixture->ended(
        m_fixture->post({{u"command"_s, u"no-such-program"_s}}).json().value(u"spid"_s).toInt());
    QCOMPARE(numberOf(missing, u"exit_code"_s), 127);
    QCOMPARE(valueOf(missing, u"stderr"_s), u"no-such-program: not found\n"_s);
    const QJsonObject refused =
        m_fixture->ended(m_fixture->post({{u"command"_s, u"/etc/passwd"_s}}).json().value(u"spid"_s).toInt());
    QCOMPARE(numberOf(refused, u"exit_code"_s), 126);
    const QJsonObject folder =
        m_fixture->ended(m_fixture->post({{u"command"_s, u"true"_s}, {u"cwd"_s, u"/etc/passwd"_s}})
                             .json()
                             .value(u"spid"_s)
                             .toInt());
    QCOMPARE(numberOf(folder, u"exit_code"_s), 126);
    QVERIFY(valueOf(folder, u"stderr"_s).contains(u"/etc/passwd"_s));
}

void TestServerSubprocessRequests::outputIsCutPerProcess()
{
    m_fixture->begin();
    const int spid = m_fixture->startShell(u"yes | head -c 300000; yes n | head -c 200000 >&2"_s,
                                           {{u"truncate_output_at"_s, 1000}});
    const QJsonObject last = m_fixture->ended(spid);
    for (const QString &stream : {u"stdout"_s, u"stderr"_s}) {
        QCOMPARE(valueOf(last, stream).size(), 1000);
        QVERIFY(last.value(stream).toObject().value(u"truncated"_s).toBool());
    }
    QList<Frame> cut;
    for (const Frame &frame : m_fixture->events("?spid=" + std::to_string(spid)))
        if (frame.type == u"truncated"_s)
            cut += frame;
    QCOMPARE(cut.size(), 2);
    QCOMPARE(
        cut[0].data(),
        (QJsonObject{{u"stream"_s, u"stdout"_s}, {u"bytes_emitted"_s, 1000}, {u"bytes_dropped"_s, 299'000}}));
    QCOMPARE(cut[1].data().value(u"bytes_dropped"_s).toInt(), 199'000);
}

void TestServerSubprocessRequests::manyAtOnce()
{
    m_fixture->begin();
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 16; ++i)
            threads.emplace_back([&, i] {
                for (int round = 0; round < 4; ++round) {
                    const QString text = u"%1.%2"_s.arg(i).arg(round);
                    const int spid = m_fixture->startShell(u"cat; echo "_s + text + u"; exit 4"_s,
                                                           {{u"stdin"_s, QJsonObject{{u"value"_s, text}}}});
                    const QJsonObject last = m_fixture->ended(spid);
                    good += numberOf(last, u"exit_code"_s) == 4 && valueOf(last) == text + text + u'\n';
                }
            });
    }
    QCOMPARE(good, 64);
}

void TestServerSubprocessRequests::wrongStatesAreRefused()
{
    m_fixture->uuid = u"00000000-0000-4000-8000-000000000000"_s;
    QCOMPARE(m_fixture->post({{u"command"_s, u"true"_s}}).status, 404);
    QCOMPARE(m_fixture->kill(2), 404);
    QCOMPARE(m_fixture->feed(2, u"x"_s, true), 404);
    QCOMPARE(Reply(m_fixture->client().Get(m_fixture->path(1))).status, 404);
    m_fixture->uuid = m_fixture->run({{u"command"_s, u"true"_s}}).value(u"uuid"_s).toString();
    QCOMPARE(m_fixture->post({{u"command"_s, u"true"_s}}).status, 409);
    QCOMPARE(Reply(m_fixture->client().Get(m_fixture->path(2))).status, 404);
    QCOMPARE(Reply(m_fixture->client().Get(m_fixture->path(0))).status, 404);
    QCOMPARE(Reply(m_fixture->client().Get(m_fixture->path() + "/x")).status, 404);
    const QJsonObject import = m_fixture->run(
        {{u"registry"_s, QJsonObject{{u"url"_s, u"docker://127.0.0.1:1/nothing:1"_s}}}, {u"timeout"_s, 60}},
        "/v1/images/import");
    m_fixture->uuid = import.value(u"uuid"_s).toString();
    QCOMPARE(m_fixture->post({{u"command"_s, u"true"_s}}).status, 409);
    m_fixture->uuid.clear();

    // From the start on, each answer is "not yet" or a process: never a wrong one.
    m_fixture->uuid = m_fixture->client()
                          .post("/v1/instances", {{u"command"_s, u"sleep 1000"_s},
                                                  {u"shell"_s, true},
                                                  {u"timeout"_s, 600},
                                                  {u"image"_s, m_fixture->busybox()}})
                          .text(u"uuid"_s);
    Reply reply = m_fixture->post({{u"command"_s, u"true"_s}});
    if (reply.status == 425) // A machine may be quicker than that.
        QCOMPARE(reply.header("Retry-After"), u"1"_s);
    QTRY_VERIFY_WITH_TIMEOUT((reply = m_fixture->post({{u"command"_s, u"true"_s}})).status != 425, 20'000);
    QCOMPARE(reply.status, 201);
}

void TestServerSubprocessRequests::wrongRequestsAreRefused()
{
    m_fixture->begin();
    for (const QJsonObject &request :
         {QJsonObject{}, QJsonObject{{u"command"_s, 5}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"cwd"_s, u"a"_s}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"cwd"_s, u"/proc/self"_s}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"uid"_s, -1}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"env"_s, QJsonObject{{u"A=B"_s, u"c"_s}}}},
          QJsonObject{{u"command"_s, u"x"_s},
                      {u"stdin"_s, QJsonObject{{u"value"_s, u"%"_s}, {u"encoding"_s, u"base64"_s}}}}}) {
        const Reply reply = m_fixture->post(request);
        QVERIFY2(reply.status == 400, qPrintable(QString::fromStdString(reply.body)));
    }
    const int spid = m_fixture->startShell(
        u"cat"_s, {{u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    QCOMPARE(m_fixture->client().post(m_fixture->path(spid) + "/stdin", {}).status, 400);
    QCOMPARE(m_fixture->client()
                 .post(m_fixture->path(spid) + "/stdin", {{u"value"_s, u"x"_s}, {u"encoding"_s, u"rot13"_s}})
                 .status,
             400);
    QCOMPARE(m_fixture->feed(77, u"x"_s, true), 404);
}

QTEST_GUILESS_MAIN(TestServerSubprocessRequests)
#include "tst_serversubprocessrequests.moc"
