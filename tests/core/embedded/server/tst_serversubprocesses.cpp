#include "core/embedded/server/signalname.h"
#include "tests/core/embedded/server/eventframes.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <csignal>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

static QString valueOf(const QJsonObject &result, const QString &stream = u"stdout"_s)
{
    return result.value(stream).toObject().value(u"value"_s).toString();
}
static int numberOf(const QJsonObject &result, const QString &key)
{
    return result.value(u"state"_s).toObject().value(key).toInt(-99);
}

/// Further processes in a running instance (contract 2.7).
class TestServerSubprocesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }
    void cleanup()
    {
        if (m_uuid.isEmpty())
            return;
        (void)m_fixture->client().Delete("/v1/operations/" + m_uuid.toStdString());
        (void)m_fixture->waitFor(m_uuid);
        m_uuid.clear();
    }

    void aProcessRunsBesideTheMainOne();
    void allFieldsOfAnExecutionHold();
    void environmentAndUserComeFromImageAndInstance();
    void theSandboxIsThatOfTheMainProcess();
    void inputStaysOpenUntilItIsClosed();
    void signalsHaveNamesAndNumbers();
    void signalsReachTheProcess();
    void missingProgramsAnswerLikeAShell();
    void outputIsCutPerProcess();
    void eventsCarryTheNumber();
    void theMainProcessEndsThemAll();
    void theMainProcessTakesTheSameRequests();
    void aDaemonLeftBehindDoesNotDelayTheEnd();
    void manyAtOnce();
    void wrongStatesAreRefused();
    void wrongRequestsAreRefused();
    void resultsOutliveARestart();

private:
    void begin(const QJsonObject &more = {})
    {
        QJsonObject request{{u"command"_s, u"sleep"_s},
                            {u"args"_s, QJsonArray{u"1000"_s}},
                            {u"timeout"_s, 600},
                            {u"image"_s, m_fixture->busybox()}};
        for (auto each = more.begin(); each != more.end(); ++each)
            request[each.key()] = each.value();
        m_uuid = m_fixture->client().post("/v1/instances", request).text(u"uuid"_s);
        QVERIFY(!m_uuid.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(Reply(m_fixture->client().Get(path() + "/1")).status, 200, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(numberOf(result(1), u"pid"_s) > 1, 20'000);
    }
    [[nodiscard]] std::string path() const
    {
        return "/v1/operations/" + m_uuid.toStdString() + "/subprocesses";
    }
    [[nodiscard]] std::string path(int spid) const { return path() + '/' + std::to_string(spid); }
    [[nodiscard]] Reply post(const QJsonObject &request) { return m_fixture->client().post(path(), request); }
    [[nodiscard]] int startShell(const QString &script, QJsonObject more = {})
    {
        more[u"command"_s] = script;
        more[u"shell"_s] = true;
        const Reply reply = post(more);
        if (reply.status != 201)
            qWarning("%d %s", reply.status, reply.body.c_str());
        return reply.json().value(u"spid"_s).toInt();
    }
    [[nodiscard]] QJsonObject result(int spid) { return Reply(m_fixture->client().Get(path(spid))).json(); }
    [[nodiscard]] QJsonObject ended(int spid)
    {
        QJsonObject last;
        (void)QTest::qWaitFor(
            [&] {
                last = result(spid);
                return numberOf(last, u"exit_code"_s) != -1 || numberOf(last, u"signal"_s) != -1;
            },
            20'000);
        return last;
    }
    [[nodiscard]] int feed(int spid, const QString &text, bool close)
    {
        return m_fixture->client()
            .post(path(spid) + "/stdin", {{u"value"_s, text}, {u"close"_s, close}})
            .status;
    }
    [[nodiscard]] int kill(int spid, const std::string &query = {})
    {
        return Reply(m_fixture->client().Delete(path(spid) + query)).status;
    }
    [[nodiscard]] QList<Frame> events(const std::string &query)
    {
        return framesOf(
            Reply(m_fixture->client().Get("/v1/operations/" + m_uuid.toStdString() + "/events" + query))
                .body);
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_uuid;
};

void TestServerSubprocesses::aProcessRunsBesideTheMainOne()
{
    begin();
    const Reply reply = post({{u"command"_s, u"echo"_s}, {u"args"_s, QJsonArray{u"a  b"_s}}});
    QCOMPARE(reply.status, 201);
    QCOMPARE(reply.json(), (QJsonObject{{u"spid"_s, 2}}));
    const QJsonObject last = ended(2);
    QCOMPARE(valueOf(last), u"a  b\n"_s);
    QCOMPARE(numberOf(last, u"exit_code"_s), 0);
    QCOMPARE(numberOf(last, u"signal"_s), -1);
    QCOMPARE(last.value(u"state"_s).toObject().size(), 7);
    QCOMPARE(last.value(u"resources"_s).toObject().size(), 16);
    QCOMPARE(startShell(u"exit 7"_s), 3);
    QCOMPARE(numberOf(ended(3), u"exit_code"_s), 7);
    QCOMPARE(numberOf(result(1), u"exit_code"_s), -1);
}

void TestServerSubprocesses::allFieldsOfAnExecutionHold()
{
    begin({{u"env"_s, QJsonObject{{u"A"_s, u"main"_s}, {u"B"_s, u"main"_s}}}, {u"hostname"_s, u"box"_s}});
    const int spid =
        startShell(u"echo $A $B $C; pwd; id -u; id -g; hostname; echo \"$1\"; cat; stat -c '%u %a' ."_s,
                   {{u"env"_s, QJsonObject{{u"B"_s, u"sub"_s}, {u"C"_s, u"new"_s}}},
                    {u"cwd"_s, u"/made/here"_s},
                    {u"uid"_s, 33},
                    {u"gid"_s, 34},
                    {u"stdin"_s, QJsonObject{{u"value"_s, u"aW4K"_s}, {u"encoding"_s, u"base64"_s}}}});
    QCOMPARE(valueOf(ended(spid)), u"main sub new\n/made/here\n33\n34\nbox\n\nin\n33 755\n"_s);
    // The layer has the folder.
    QCOMPARE(valueOf(ended(startShell(u"ls -d /made/here; pwd"_s))), u"/made/here\n/root\n"_s);
    QCOMPARE(valueOf(ended(startShell(u"echo"_s, {{u"args"_s, QJsonArray{u"x  y"_s}}}))), u"x  y\n"_s);
}

void TestServerSubprocesses::environmentAndUserComeFromImageAndInstance()
{
    const QByteArray config = R"({"config":{"Env":["FROM_IMAGE=1"],"WorkingDir":"/work"}})";
    const QString image =
        m_fixture->store()
            .createImage({.layers = m_fixture->store().image(m_fixture->busybox())->layers, .config = config})
            ->uuid;
    begin({{u"image"_s, image}});
    QCOMPARE(valueOf(ended(startShell(u"echo $FROM_IMAGE $HOME $HOSTNAME; pwd"_s))),
             u"1 /root linuxkit\n/work\n"_s);
    // Somebody that the main process could have added while it ran.
    QCOMPARE(numberOf(ended(startShell(u"echo ann:x:1000:1001::/home/ann:/bin/sh >> /etc/passwd;"
                                       "echo team:x:77:ann >> /etc/group"_s)),
                      u"exit_code"_s),
             0);
    QCOMPARE(valueOf(ended(startShell(u"echo $HOME; id -G"_s, {{u"uid"_s, 1000}, {u"gid"_s, 1001}}))),
             u"/home/ann\n1001 77\n"_s);
}

void TestServerSubprocesses::theSandboxIsThatOfTheMainProcess()
{
    const QString script =
        u"grep -E '^(Cap|Seccomp|NoNewPrivs|Groups)' /proc/self/status;"
        "for n in mnt pid ipc uts net user cgroup; do readlink /proc/self/ns/$n; done;"
        "ls /proc/self/fd; umask; ulimit -n; (mount -t tmpfs x /mnt 2>&1; unshare -U true 2>&1;"
        "head -c1 /proc/kcore | wc -c; ls /proc/1/fd 2>&1; cat /proc/1/environ 2>&1) | wc -l"_s;
    for (const int user : {0, 1000}) {
        begin({{u"command"_s, QString(script + u"; sleep 1000"_s)},
               {u"shell"_s, true},
               {u"args"_s, QJsonArray()},
               {u"uid"_s, user}});
        QTRY_VERIFY_WITH_TIMEOUT(valueOf(result(1)).count(u'\n') >= 21, 20'000);
        const QJsonObject other = ended(startShell(script, {{u"uid"_s, user}}));
        QCOMPARE(valueOf(other), valueOf(result(1)));
        QVERIFY(valueOf(other).contains(u"CapAmb:\t0000000000000000"_s));
        QVERIFY(valueOf(other).contains(u"Seccomp:\t2"_s));
        if (user != 0)
            QVERIFY(valueOf(other).contains(u"CapEff:\t0000000000000000"_s));
        cleanup();
    }
}

void TestServerSubprocesses::inputStaysOpenUntilItIsClosed()
{
    begin();
    const int spid = startShell(u"read a; echo got $a; read b; echo got $b; cat; echo end"_s,
                                {{u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    QCOMPARE(feed(spid, u"one\n"_s, false), 204);
    QTRY_COMPARE(valueOf(result(spid)), u"got one\n"_s);
    QCOMPARE(numberOf(result(spid), u"exit_code"_s), -1);
    QCOMPARE(feed(spid, u"two\n"_s, false), 204);
    QTRY_COMPARE(valueOf(result(spid)), u"got one\ngot two\n"_s);
    QCOMPARE(feed(spid, u"three\n"_s, true), 204);
    QCOMPARE(valueOf(ended(spid)), u"got one\ngot two\nthree\nend\n"_s);
    QCOMPARE(feed(spid, u"late"_s, false), 409);
    // Without stdin, and with it by default, the input is at its end.
    QCOMPARE(valueOf(ended(startShell(u"cat; echo end"_s))), u"end\n"_s);
    const int closed = startShell(u"sleep 1000"_s, {{u"stdin"_s, QJsonObject{{u"value"_s, u"x"_s}}}});
    QCOMPARE(feed(closed, u"more"_s, true), 409);
}

void TestServerSubprocesses::signalsHaveNamesAndNumbers()
{
    for (const QString &name : {u"TERM"_s, u"SIGTERM"_s, u"term"_s, u"15"_s})
        QCOMPARE(signalNumber(name), SIGTERM);
    QCOMPARE(signalNumber(u"USR1"_s), SIGUSR1);
    QCOMPARE(signalNumber(u"SIGKILL"_s), SIGKILL);
    for (const QString &name : {u""_s, u"0"_s, u"-9"_s, u"SIG"_s, u"NOTHING"_s, u"9x"_s, u"1000"_s})
        QVERIFY2(!signalNumber(name), qPrintable(name));
}

void TestServerSubprocesses::signalsReachTheProcess()
{
    begin();
    for (const auto &[query, number] :
         {std::pair("", SIGTERM), std::pair("?signal=KILL", SIGKILL), std::pair("?signal=SIGINT", SIGINT),
          std::pair("?signal=1", SIGHUP)}) {
        const int spid = post({{u"command"_s, u"sleep"_s}, {u"args"_s, QJsonArray{u"1000"_s}}})
                             .json()
                             .value(u"spid"_s)
                             .toInt();
        QCOMPARE(kill(spid, query), 204);
        const QJsonObject last = ended(spid);
        QCOMPARE(numberOf(last, u"signal"_s), number);
        QCOMPARE(numberOf(last, u"exit_code"_s), -1);
        QCOMPARE(kill(spid, query), 409);
    }
    const int caught =
        startShell(u"trap 'echo caught; exit 5' USR1; echo ready; while :; do sleep 0.05; done"_s);
    QTRY_COMPARE(valueOf(result(caught)), u"ready\n"_s);
    QCOMPARE(kill(caught, "?signal=USR1"), 204);
    QCOMPARE(numberOf(ended(caught), u"exit_code"_s), 5);
    QCOMPARE(valueOf(result(caught)), u"ready\ncaught\n"_s);
    QCOMPARE(kill(caught, "?signal=BOGUS"), 400);
    QCOMPARE(kill(99), 404);
    QCOMPARE(numberOf(result(1), u"signal"_s), -1);
}

void TestServerSubprocesses::missingProgramsAnswerLikeAShell()
{
    begin();
    const QJsonObject missing =
        ended(post({{u"command"_s, u"no-such-program"_s}}).json().value(u"spid"_s).toInt());
    QCOMPARE(numberOf(missing, u"exit_code"_s), 127);
    QCOMPARE(valueOf(missing, u"stderr"_s), u"no-such-program: not found\n"_s);
    const QJsonObject refused =
        ended(post({{u"command"_s, u"/etc/passwd"_s}}).json().value(u"spid"_s).toInt());
    QCOMPARE(numberOf(refused, u"exit_code"_s), 126);
    const QJsonObject folder = ended(
        post({{u"command"_s, u"true"_s}, {u"cwd"_s, u"/etc/passwd"_s}}).json().value(u"spid"_s).toInt());
    QCOMPARE(numberOf(folder, u"exit_code"_s), 126);
    QVERIFY(valueOf(folder, u"stderr"_s).contains(u"/etc/passwd"_s));
}

void TestServerSubprocesses::outputIsCutPerProcess()
{
    begin();
    const int spid =
        startShell(u"yes | head -c 300000; yes n | head -c 200000 >&2"_s, {{u"truncate_output_at"_s, 1000}});
    const QJsonObject last = ended(spid);
    for (const QString &stream : {u"stdout"_s, u"stderr"_s}) {
        QCOMPARE(valueOf(last, stream).size(), 1000);
        QVERIFY(last.value(stream).toObject().value(u"truncated"_s).toBool());
    }
    QList<Frame> cut;
    for (const Frame &frame : events("?spid=" + std::to_string(spid)))
        if (frame.type == u"truncated"_s)
            cut += frame;
    QCOMPARE(cut.size(), 2);
    QCOMPARE(
        cut[0].data(),
        (QJsonObject{{u"stream"_s, u"stdout"_s}, {u"bytes_emitted"_s, 1000}, {u"bytes_dropped"_s, 299'000}}));
    QCOMPARE(cut[1].data().value(u"bytes_dropped"_s).toInt(), 199'000);
}

void TestServerSubprocesses::eventsCarryTheNumber()
{
    begin();
    const int spid = startShell(u"echo hi"_s, {{u"env"_s, QJsonObject{{u"MY_TOKEN"_s, u"hunter2"_s}}}});
    (void)ended(spid);
    const QList<Frame> own = events("?spid=" + std::to_string(spid));
    QCOMPARE(typesOf(own), (QStringList{u"spawn"_s, u"stdout"_s, u"exit"_s}));
    for (const Frame &frame : own)
        QCOMPARE(frame.envelope.value(u"spid"_s).toInt(), spid);
    QCOMPARE(own[0].data().value(u"pid"_s), own[2].data().value(u"pid"_s));
    QCOMPARE(own[0].data().value(u"env"_s).toObject().value(u"MY_TOKEN"_s).toString(), u"<MASKED>"_s);
    QVERIFY(!typesOf(events("?spid=1")).contains(u"stdout"_s));
    QCOMPARE(kill(1, "?signal=KILL"), 204);
    QCOMPARE(typesOf(events("?follow=1&spid=" + std::to_string(spid))).last(), u"completion"_s);
}

void TestServerSubprocesses::theMainProcessEndsThemAll()
{
    begin({{u"command"_s, u"read line; echo $line > /kept; exit 3"_s},
           {u"shell"_s, true},
           {u"args"_s, QJsonArray()},
           {u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    const int spid = startShell(u"trap '' TERM HUP; echo begun; sleep 1000"_s);
    QTRY_COMPARE(valueOf(result(spid)), u"begun\n"_s);
    QCOMPARE(feed(1, u"from outside\n"_s, true), 204);
    const QJsonObject operation = m_fixture->waitFor(m_uuid);
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(), 3);
    QVERIFY(!resultOf(operation).contains(u"further_processes"_s));
    QCOMPARE(numberOf(result(spid), u"signal"_s), SIGKILL);
    QCOMPARE(valueOf(result(spid)), u"begun\n"_s);
    QCOMPARE(result(1), resultOf(operation));
    const QStringList types = typesOf(events(""));
    QCOMPARE(types.mid(types.size() - 4),
             (QStringList{u"exit"_s, u"exit"_s, u"shutdown"_s, u"completion"_s}));
    QCOMPARE(typesOf(events("?spid=" + std::to_string(spid))),
             (QStringList{u"spawn"_s, u"stdout"_s, u"exit"_s, u"completion"_s}));
    QCOMPARE(outputOf(m_fixture->shell(u"cat /kept"_s, {{u"image"_s, imageOf(operation)}})),
             u"from outside\n"_s);
    QCOMPARE(post({{u"command"_s, u"true"_s}}).status, 409);
    QCOMPARE(kill(spid), 409);
    QCOMPARE(feed(spid, u"x"_s, true), 409);
}

void TestServerSubprocesses::theMainProcessTakesTheSameRequests()
{
    begin({{u"command"_s, u"cat"_s},
           {u"args"_s, QJsonArray()},
           {u"stdin"_s, QJsonObject{{u"value"_s, u"a"_s}, {u"close"_s, false}}}});
    QTRY_COMPARE(valueOf(result(1)), u"a"_s);
    QCOMPARE(feed(1, u"b"_s, false), 204);
    QTRY_COMPARE(valueOf(result(1)), u"ab"_s);
    QCOMPARE(kill(1, "?signal=TERM"), 204);
    const QJsonObject operation = m_fixture->waitFor(m_uuid);
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(stateOf(operation).value(u"signal"_s).toInt(), SIGTERM);
    QCOMPARE(outputOf(operation), u"ab"_s);
}

void TestServerSubprocesses::aDaemonLeftBehindDoesNotDelayTheEnd()
{
    begin();
    const int spid =
        startShell(u"(while :; do echo noise; echo x >> /alive; sleep 0.01; done) & echo own"_s);
    const QJsonObject last = ended(spid);
    QCOMPARE(numberOf(last, u"exit_code"_s), 0);
    QVERIFY(valueOf(last).contains(u"own\n"_s));
    // Who writes on does not fill the log, and is not ended by a closed pipe.
    const QString lines = u"wc -l < /alive"_s;
    const int before = valueOf(ended(startShell(lines))).toInt();
    QTRY_VERIFY(valueOf(ended(startShell(lines))).toInt() > before + 20);
    QCOMPARE(valueOf(result(spid)), valueOf(last));
}

void TestServerSubprocesses::manyAtOnce()
{
    begin();
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 16; ++i)
            threads.emplace_back([&, i] {
                for (int round = 0; round < 4; ++round) {
                    const QString text = u"%1.%2"_s.arg(i).arg(round);
                    const int spid = startShell(u"cat; echo "_s + text + u"; exit 4"_s,
                                                {{u"stdin"_s, QJsonObject{{u"value"_s, text}}}});
                    const QJsonObject last = ended(spid);
                    good += numberOf(last, u"exit_code"_s) == 4 && valueOf(last) == text + text + u'\n';
                }
            });
    }
    QCOMPARE(good, 64);
}

void TestServerSubprocesses::wrongStatesAreRefused()
{
    m_uuid = u"00000000-0000-4000-8000-000000000000"_s;
    QCOMPARE(post({{u"command"_s, u"true"_s}}).status, 404);
    QCOMPARE(kill(2), 404);
    QCOMPARE(feed(2, u"x"_s, true), 404);
    QCOMPARE(Reply(m_fixture->client().Get(path(1))).status, 404);
    m_uuid = m_fixture->run({{u"command"_s, u"true"_s}}).value(u"uuid"_s).toString();
    QCOMPARE(post({{u"command"_s, u"true"_s}}).status, 409);
    QCOMPARE(Reply(m_fixture->client().Get(path(2))).status, 404);
    QCOMPARE(Reply(m_fixture->client().Get(path(0))).status, 404);
    QCOMPARE(Reply(m_fixture->client().Get(path() + "/x")).status, 404);
    const QJsonObject import = m_fixture->run(
        {{u"registry"_s, QJsonObject{{u"url"_s, u"docker://127.0.0.1:1/nothing:1"_s}}}, {u"timeout"_s, 60}},
        "/v1/images/import");
    m_uuid = import.value(u"uuid"_s).toString();
    QCOMPARE(post({{u"command"_s, u"true"_s}}).status, 409);
    m_uuid.clear();

    // From the start on, each answer is "not yet" or a process: never a wrong one.
    m_uuid = m_fixture->client()
                 .post("/v1/instances", {{u"command"_s, u"sleep 1000"_s},
                                         {u"shell"_s, true},
                                         {u"timeout"_s, 600},
                                         {u"image"_s, m_fixture->busybox()}})
                 .text(u"uuid"_s);
    Reply reply = post({{u"command"_s, u"true"_s}});
    if (reply.status == 425) // A machine may be quicker than that.
        QCOMPARE(reply.header("Retry-After"), u"1"_s);
    QTRY_VERIFY_WITH_TIMEOUT((reply = post({{u"command"_s, u"true"_s}})).status != 425, 20'000);
    QCOMPARE(reply.status, 201);
}

void TestServerSubprocesses::wrongRequestsAreRefused()
{
    begin();
    for (const QJsonObject &request :
         {QJsonObject{}, QJsonObject{{u"command"_s, 5}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"cwd"_s, u"a"_s}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"cwd"_s, u"/proc/self"_s}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"uid"_s, -1}},
          QJsonObject{{u"command"_s, u"x"_s}, {u"env"_s, QJsonObject{{u"A=B"_s, u"c"_s}}}},
          QJsonObject{{u"command"_s, u"x"_s},
                      {u"stdin"_s, QJsonObject{{u"value"_s, u"%"_s}, {u"encoding"_s, u"base64"_s}}}}}) {
        const Reply reply = post(request);
        QVERIFY2(reply.status == 400, qPrintable(QString::fromStdString(reply.body)));
    }
    const int spid =
        startShell(u"cat"_s, {{u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    QCOMPARE(m_fixture->client().post(path(spid) + "/stdin", {}).status, 400);
    QCOMPARE(m_fixture->client()
                 .post(path(spid) + "/stdin", {{u"value"_s, u"x"_s}, {u"encoding"_s, u"rot13"_s}})
                 .status,
             400);
    QCOMPARE(feed(77, u"x"_s, true), 404);
}

void TestServerSubprocesses::resultsOutliveARestart()
{
    begin();
    const int spid = startShell(u"echo kept; exit 9"_s);
    const QJsonObject last = ended(spid);
    QCOMPARE(kill(1), 204);
    (void)m_fixture->waitFor(m_uuid);
    m_fixture->stop();
    m_fixture->start();
    QCOMPARE(result(spid), last);
    QCOMPARE(numberOf(result(1), u"signal"_s), SIGTERM);
}

QTEST_GUILESS_MAIN(TestServerSubprocesses)
#include "tst_serversubprocesses.moc"
