#include "tests/core/embedded/server/subprocessfixture.h"

#include <csignal>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Further processes in a running instance (contract 2.7): what they are and when they end.
class TestServerSubprocesses : public QObject
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

    void aProcessRunsBesideTheMainOne();
    void allFieldsOfAnExecutionHold();
    void environmentAndUserComeFromImageAndInstance();
    void theSandboxIsThatOfTheMainProcess();
    void inputStaysOpenUntilItIsClosed();
    void eventsCarryTheNumber();
    void theMainProcessEndsThemAll();
    void theMainProcessTakesTheSameRequests();
    void aDaemonLeftBehindDoesNotDelayTheEnd();
    void resultsOutliveARestart();

private:
    std::unique_ptr<SubprocessFixture> m_fixture;
};

void TestServerSubprocesses::aProcessRunsBesideTheMainOne()
{
    m_fixture->begin();
    const Reply reply = m_fixture->post({{u"command"_s, u"echo"_s}, {u"args"_s, QJsonArray{u"a  b"_s}}});
    QCOMPARE(reply.status, 201);
    QCOMPARE(reply.json(), (QJsonObject{{u"spid"_s, 2}}));
    const QJsonObject last = m_fixture->ended(2);
    QCOMPARE(valueOf(last), u"a  b\n"_s);
    QCOMPARE(numberOf(last, u"exit_code"_s), 0);
    QCOMPARE(numberOf(last, u"signal"_s), -1);
    QCOMPARE(last.value(u"state"_s).toObject().size(), 7);
    QCOMPARE(last.value(u"resources"_s).toObject().size(), 16);
    QCOMPARE(m_fixture->startShell(u"exit 7"_s), 3);
    QCOMPARE(numberOf(m_fixture->ended(3), u"exit_code"_s), 7);
    QCOMPARE(numberOf(m_fixture->result(1), u"exit_code"_s), -1);
}

void TestServerSubprocesses::allFieldsOfAnExecutionHold()
{
    m_fixture->begin(
        {{u"env"_s, QJsonObject{{u"A"_s, u"main"_s}, {u"B"_s, u"main"_s}}}, {u"hostname"_s, u"box"_s}});
    const int spid = m_fixture->startShell(
        u"echo $A $B $C; pwd; id -u; id -g; hostname; echo \"$1\"; cat; stat -c '%u %a' ."_s,
        {{u"env"_s, QJsonObject{{u"B"_s, u"sub"_s}, {u"C"_s, u"new"_s}}},
         {u"cwd"_s, u"/made/here"_s},
         {u"uid"_s, 33},
         {u"gid"_s, 34},
         {u"stdin"_s, QJsonObject{{u"value"_s, u"aW4K"_s}, {u"encoding"_s, u"base64"_s}}}});
    QCOMPARE(valueOf(m_fixture->ended(spid)), u"main sub new\n/made/here\n33\n34\nbox\n\nin\n33 755\n"_s);
    // The layer has the folder.
    QCOMPARE(valueOf(m_fixture->ended(m_fixture->startShell(u"ls -d /made/here; pwd"_s))),
             u"/made/here\n/root\n"_s);
    QCOMPARE(
        valueOf(m_fixture->ended(m_fixture->startShell(u"echo"_s, {{u"args"_s, QJsonArray{u"x  y"_s}}}))),
        u"x  y\n"_s);
}

void TestServerSubprocesses::environmentAndUserComeFromImageAndInstance()
{
    const QByteArray config = R"({"config":{"Env":["FROM_IMAGE=1"],"WorkingDir":"/work"}})";
    const QString image =
        m_fixture->store()
            .createImage({.layers = m_fixture->store().image(m_fixture->busybox())->layers, .config = config})
            ->uuid;
    m_fixture->begin({{u"image"_s, image}});
    QCOMPARE(valueOf(m_fixture->ended(m_fixture->startShell(u"echo $FROM_IMAGE $HOME $HOSTNAME; pwd"_s))),
             u"1 /root linuxkit\n/work\n"_s);
    // Somebody that the main process could have added while it ran.
    QCOMPARE(numberOf(m_fixture->ended(
                          m_fixture->startShell(u"echo ann:x:1000:1001::/home/ann:/bin/sh >> /etc/passwd;"
                                                "echo team:x:77:ann >> /etc/group"_s)),
                      u"exit_code"_s),
             0);
    QCOMPARE(valueOf(m_fixture->ended(
                 m_fixture->startShell(u"echo $HOME; id -G"_s, {{u"uid"_s, 1000}, {u"gid"_s, 1001}}))),
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
        m_fixture->begin({{u"command"_s, QString(script + u"; sleep 1000"_s)},
                          {u"shell"_s, true},
                          {u"args"_s, QJsonArray()},
                          {u"uid"_s, user}});
        QTRY_VERIFY_WITH_TIMEOUT(valueOf(m_fixture->result(1)).count(u'\n') >= 21, 20'000);
        const QJsonObject other = m_fixture->ended(m_fixture->startShell(script, {{u"uid"_s, user}}));
        QCOMPARE(valueOf(other), valueOf(m_fixture->result(1)));
        QVERIFY(valueOf(other).contains(u"CapAmb:\t0000000000000000"_s));
        QVERIFY(valueOf(other).contains(u"Seccomp:\t2"_s));
        if (user != 0)
            QVERIFY(valueOf(other).contains(u"CapEff:\t0000000000000000"_s));
        m_fixture->end();
    }
}

void TestServerSubprocesses::inputStaysOpenUntilItIsClosed()
{
    m_fixture->begin();
    const int spid =
        m_fixture->startShell(u"read a; echo got $a; read b; echo got $b; cat; echo end"_s,
                              {{u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    QCOMPARE(m_fixture->feed(spid, u"one\n"_s, false), 204);
    QTRY_COMPARE(valueOf(m_fixture->result(spid)), u"got one\n"_s);
    QCOMPARE(numberOf(m_fixture->result(spid), u"exit_code"_s), -1);
    QCOMPARE(m_fixture->feed(spid, u"two\n"_s, false), 204);
    QTRY_COMPARE(valueOf(m_fixture->result(spid)), u"got one\ngot two\n"_s);
    QCOMPARE(m_fixture->feed(spid, u"three\n"_s, true), 204);
    QCOMPARE(valueOf(m_fixture->ended(spid)), u"got one\ngot two\nthree\nend\n"_s);
    QCOMPARE(m_fixture->feed(spid, u"late"_s, false), 409);
    // Without stdin, and with it by default, the input is at its end.
    QCOMPARE(valueOf(m_fixture->ended(m_fixture->startShell(u"cat; echo end"_s))), u"end\n"_s);
    const int closed =
        m_fixture->startShell(u"sleep 1000"_s, {{u"stdin"_s, QJsonObject{{u"value"_s, u"x"_s}}}});
    QCOMPARE(m_fixture->feed(closed, u"more"_s, true), 409);
}

void TestServerSubprocesses::eventsCarryTheNumber()
{
    m_fixture->begin();
    const int spid =
        m_fixture->startShell(u"echo hi"_s, {{u"env"_s, QJsonObject{{u"MY_TOKEN"_s, u"hunter2"_s}}}});
    (void)m_fixture->ended(spid);
    const QList<Frame> own = m_fixture->events("?spid=" + std::to_string(spid));
    QCOMPARE(typesOf(own), (QStringList{u"spawn"_s, u"stdout"_s, u"exit"_s}));
    for (const Frame &frame : own)
        QCOMPARE(frame.envelope.value(u"spid"_s).toInt(), spid);
    QCOMPARE(own[0].data().value(u"pid"_s), own[2].data().value(u"pid"_s));
    QCOMPARE(own[0].data().value(u"env"_s).toObject().value(u"MY_TOKEN"_s).toString(), u"<MASKED>"_s);
    QVERIFY(!typesOf(m_fixture->events("?spid=1")).contains(u"stdout"_s));
    QCOMPARE(m_fixture->kill(1, "?signal=KILL"), 204);
    QCOMPARE(typesOf(m_fixture->events("?follow=1&spid=" + std::to_string(spid))).last(), u"completion"_s);
}

void TestServerSubprocesses::theMainProcessEndsThemAll()
{
    m_fixture->begin({{u"command"_s, u"read line; echo $line > /kept; exit 3"_s},
                      {u"shell"_s, true},
                      {u"args"_s, QJsonArray()},
                      {u"stdin"_s, QJsonObject{{u"value"_s, u""_s}, {u"close"_s, false}}}});
    const int spid = m_fixture->startShell(u"trap '' TERM HUP; echo begun; sleep 1000"_s);
    QTRY_COMPARE(valueOf(m_fixture->result(spid)), u"begun\n"_s);
    QCOMPARE(m_fixture->feed(1, u"from outside\n"_s, true), 204);
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(stateOf(operation).value(u"exit_code"_s).toInt(), 3);
    QVERIFY(!resultOf(operation).contains(u"further_processes"_s));
    QCOMPARE(numberOf(m_fixture->result(spid), u"signal"_s), SIGKILL);
    QCOMPARE(valueOf(m_fixture->result(spid)), u"begun\n"_s);
    QCOMPARE(m_fixture->result(1), resultOf(operation));
    const QStringList types = typesOf(m_fixture->events(""));
    QCOMPARE(types.mid(types.size() - 4),
             (QStringList{u"exit"_s, u"exit"_s, u"shutdown"_s, u"completion"_s}));
    QCOMPARE(typesOf(m_fixture->events("?spid=" + std::to_string(spid))),
             (QStringList{u"spawn"_s, u"stdout"_s, u"exit"_s, u"completion"_s}));
    QCOMPARE(outputOf(m_fixture->shell(u"cat /kept"_s, {{u"image"_s, imageOf(operation)}})),
             u"from outside\n"_s);
    QCOMPARE(m_fixture->post({{u"command"_s, u"true"_s}}).status, 409);
    QCOMPARE(m_fixture->kill(spid), 409);
    QCOMPARE(m_fixture->feed(spid, u"x"_s, true), 409);
}

void TestServerSubprocesses::theMainProcessTakesTheSameRequests()
{
    m_fixture->begin({{u"command"_s, u"cat"_s},
                      {u"args"_s, QJsonArray()},
                      {u"stdin"_s, QJsonObject{{u"value"_s, u"a"_s}, {u"close"_s, false}}}});
    QTRY_COMPARE(valueOf(m_fixture->result(1)), u"a"_s);
    QCOMPARE(m_fixture->feed(1, u"b"_s, false), 204);
    QTRY_COMPARE(valueOf(m_fixture->result(1)), u"ab"_s);
    QCOMPARE(m_fixture->kill(1, "?signal=TERM"), 204);
    const QJsonObject operation = m_fixture->waitFor(m_fixture->uuid);
    QCOMPARE(statusOf(operation), u"SUCCESS"_s);
    QCOMPARE(stateOf(operation).value(u"signal"_s).toInt(), SIGTERM);
    QCOMPARE(outputOf(operation), u"ab"_s);
}

void TestServerSubprocesses::aDaemonLeftBehindDoesNotDelayTheEnd()
{
    m_fixture->begin();
    const int spid =
        m_fixture->startShell(u"(while :; do echo noise; echo x >> /alive; sleep 0.01; done) & echo own"_s);
    const QJsonObject last = m_fixture->ended(spid);
    QCOMPARE(numberOf(last, u"exit_code"_s), 0);
    QVERIFY(valueOf(last).contains(u"own\n"_s));
    // Who writes on does not fill the log, and is not ended by a closed pipe.
    const QString lines = u"wc -l < /alive"_s;
    const int before = valueOf(m_fixture->ended(m_fixture->startShell(lines))).toInt();
    QTRY_VERIFY(valueOf(m_fixture->ended(m_fixture->startShell(lines))).toInt() > before + 20);
    QCOMPARE(valueOf(m_fixture->result(spid)), valueOf(last));
}

void TestServerSubprocesses::resultsOutliveARestart()
{
    m_fixture->begin();
    const int spid = m_fixture->startShell(u"echo kept; exit 9"_s);
    const QJsonObject last = m_fixture->ended(spid);
    QCOMPARE(m_fixture->kill(1), 204);
    (void)m_fixture->waitFor(m_fixture->uuid);
    m_fixture->stop();
    m_fixture->start();
    QCOMPARE(m_fixture->result(spid), last);
    QCOMPARE(numberOf(m_fixture->result(1), u"signal"_s), SIGTERM);
}

QTEST_GUILESS_MAIN(TestServerSubprocesses)
#include "tst_serversubprocesses.moc"
