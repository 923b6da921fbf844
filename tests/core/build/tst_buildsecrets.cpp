#include "core/build/buildsecrets.h"
#include "core/build/sshagents.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::build;

// The words of --secret and --ssh, and what stands behind them.
class TestBuildSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsSecrets_data();
    void readsSecrets();
    void readsAgents_data();
    void readsAgents();
    void loadsFilesAndVariables();
    void refusesWhatCannotBeLoaded();
    void keysAreHeldByAnAgentOfTheirOwn();
    void agentsThatCannotBeUsedAreTold();
};

void TestBuildSecrets::readsSecrets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read");
    QTest::newRow("file") << u"id=x,src=/f"_s << u"x|/f|"_s;
    QTest::newRow("source") << u"ID=x,Source=f"_s << u"x|f|"_s;
    QTest::newRow("comma in the name") << u"id=x,\"src=a,b\""_s << u"x|a,b|"_s;
    QTest::newRow("variable") << u"id=x,env=V"_s << u"x||V"_s;
    QTest::newRow("type env") << u"type=env,id=x,src=V"_s << u"x||V"_s;
    QTest::newRow("the variable of that name")
        << u"id=COOPERAGE_TEST_SET"_s << u"COOPERAGE_TEST_SET||COOPERAGE_TEST_SET"_s;
    QTest::newRow("the file of that name") << u"id=some.file"_s << u"some.file|some.file|"_s;
    QTest::newRow("no id") << u"src=f"_s << u"\"src=f\" has no id"_s;
    QTest::newRow("bare") << u"id=x,src"_s << u"invalid field 'src' must be a key=value pair"_s;
    QTest::newRow("unknown") << u"id=x,file=f"_s << u"unexpected key 'file' in 'file=f'"_s;
    QTest::newRow("empty") << QString() << u"--secret wants"_s;
}

void TestBuildSecrets::readsSecrets()
{
    QFETCH(QString, text);
    QFETCH(QString, read);
    qputenv("COOPERAGE_TEST_SET", "value");
    const auto source = readSecretSource(text);
    const QString shown =
        source ? QStringList{source->id, source->file, source->variable}.join(u'|') : source.error().what;
    QVERIFY2(source ? shown == read : shown.contains(read), qPrintable(shown));
}

void TestBuildSecrets::readsAgents_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read");
    QTest::newRow("default") << u"default"_s << u"default"_s;
    QTest::newRow("key") << u"default=/k"_s << u"default|/k"_s;
    QTest::newRow("keys") << u"git=/k,/l"_s << u"git|/k|/l"_s;
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("no id") << u"=/k"_s << QString();
    QTest::newRow("no path") << u"a="_s << QString();
}

void TestBuildSecrets::readsAgents()
{
    QFETCH(QString, text);
    const auto source = readAgentSource(text);
    QTEST(source ? (QStringList{source->id} + source->paths).join(u'|') : QString(), "read");
}

void TestBuildSecrets::loadsFilesAndVariables()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"f"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(QByteArray("a\0b\n", 4));
    file.close();
    qputenv("COOPERAGE_TEST_SET", "value");
    const auto secrets = loadSecrets({{u"f"_s, file.fileName(), {}}, {u"v"_s, {}, u"COOPERAGE_TEST_SET"_s}});
    QVERIFY(secrets);
    QCOMPARE(secrets->value(u"f"_s), QByteArray("a\0b\n", 4));
    QCOMPARE(secrets->value(u"v"_s), "value");
}

void TestBuildSecrets::refusesWhatCannotBeLoaded()
{
    QTemporaryDir folder;
    QFile large(folder.filePath(u"large"_s));
    QVERIFY(large.open(QFile::WriteOnly) && large.resize(500 * 1024 + 1));
    large.close();
    QCOMPARE(loadSecrets({{u"x"_s, folder.filePath(u"none"_s), {}}}).error().kind, ErrorKind::NotFound);
    QVERIFY(!loadSecrets({{u"x"_s, folder.path(), {}}}));
    QCOMPARE(loadSecrets({{u"x"_s, {}, u"COOPERAGE_TEST_UNSET"_s}}).error().kind, ErrorKind::NotFound);
    QVERIFY(
        loadSecrets({{u"x"_s, large.fileName(), {}}}).error().what.contains(u"larger than 512000 bytes"_s));
}

void TestBuildSecrets::keysAreHeldByAnAgentOfTheirOwn()
{
    if (QStandardPaths::findExecutable(u"ssh-agent"_s).isEmpty() ||
        QStandardPaths::findExecutable(u"ssh-keygen"_s).isEmpty())
        QSKIP("the OpenSSH client is not installed");
    QTemporaryDir folder;
    const QString key = folder.filePath(u"key"_s);
    QCOMPARE(QProcess::execute(u"ssh-keygen"_s,
                               {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, key}),
             0);
    QString socket;
    {
        SshAgents agents;
        const auto sockets = QCoro::waitFor(agents.open({{u"k"_s, {key}}}));
        QVERIFY2(sockets, sockets ? "" : qPrintable(sockets.error().text()));
        socket = sockets->value(u"k"_s);
        QProcess list;
        list.start(u"env"_s, {u"SSH_AUTH_SOCK="_s + socket, u"ssh-add"_s, u"-L"_s});
        QVERIFY(list.waitForFinished());
        QFile publicKey(key + u".pub"_s);
        QVERIFY(publicKey.open(QFile::ReadOnly));
        QCOMPARE(list.readAll().split(' ').value(1), publicKey.readAll().split(' ').value(1));
    }
    QVERIFY(!QFile::exists(socket));
    const QString locked = folder.filePath(u"locked"_s);
    QCOMPARE(QProcess::execute(u"ssh-keygen"_s,
                               {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, u"password"_s, u"-f"_s, locked}),
             0);
    SshAgents agents;
    const auto refused = QCoro::waitFor(agents.open({{u"k"_s, {locked}}}));
    QVERIFY(!refused && refused.error().what.contains(u"The SSH key cannot be used"_s));
}

void TestBuildSecrets::agentsThatCannotBeUsedAreTold()
{
    qunsetenv("SSH_AUTH_SOCK");
    SshAgents agents;
    const auto unset = QCoro::waitFor(agents.open({{u"default"_s, {}}}));
    QVERIFY(!unset && unset.error().what.contains(u"make sure SSH_AUTH_SOCK is set"_s));
    const auto missing = QCoro::waitFor(agents.open({{u"a"_s, {u"/nowhere/key"_s}}}));
    QVERIFY(!missing && missing.error().where == u"/nowhere/key"_s);
}

QTEST_GUILESS_MAIN(TestBuildSecrets)
#include "tst_buildsecrets.moc"
