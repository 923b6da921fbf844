#include "app/cli/signin.h"
#include "app/cli/support.h"
#include "tests/app/cli/program.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

static const QByteArray s_canary = "CANARY-6c19";

/// Pushes, imports and builds with a registry behind htpasswd; the accounts lie where docker login puts them.
class CliRegistryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanupTestCase();

    void pushesWithTheStoredAccount();
    void pushesWithAHelpersAccount();
    void importsWithTheStoredAccount();
    void importsForAPlatform();
    void buildsFromAPrivateImage();
    void prefersTheAccountThatIsTyped();
    void saysWhereARefusedAccountIsFrom();
    void goesOnWithoutAFileThatIsBroken();
    void sendsNothingToAnEngineElsewhere();
    void keepsNoSecret();

private:
    void write(const QString &name, const QByteArray &text) const
    {
        const QString path = m_home.path(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly) && file.write(text) == text.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    void signIn(const QByteArray &password) const;

    static inline const QString s_config = u"home/.docker/config.json"_s;
    PrivateHome m_home;
    Registry m_open;
    Registry m_closed;
    QString m_private; ///< An image that only an account may fetch.
};

void CliRegistryTest::signIn(const QByteArray &password) const
{
    const QString host = u"127.0.0.1:%1"_s.arg(m_closed.port());
    const QJsonObject account{{u"auth"_s, QString::fromLatin1(("user:" + password).toBase64())}};
    write(s_config, QJsonDocument(QJsonObject{{u"auths"_s, QJsonObject{{host, account}}}}).toJson());
}

void CliRegistryTest::initTestCase()
{
    if (!findPrograms())
        QSKIP("cooperage or cooperage-engine is not built: whole program skipped");
    qputenv("HOME", QFile::encodeName(m_home.path(u"home"_s)));
    qputenv("PATH", QFile::encodeName(m_home.path(u"bin"_s)) + ':' + qgetenv("PATH"));
    for (const char *name : {"DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "COOPERAGE_URL"})
        qunsetenv(name);
    QVERIFY(m_open.start());
    QVERIFY(m_closed.start(u"user"_s, QString::fromLatin1(s_canary)));
    m_private = m_closed.reference(u"team/box:1"_s);
    const Outcome started = run({u"engine"_s, u"start"_s});
    QVERIFY2(started.exitCode == 0, qPrintable(started.errors));
    signIn(s_canary);
    const Outcome pushed = run({u"push"_s, u"busybox:latest"_s, m_private});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
}

void CliRegistryTest::init()
{
    signIn(s_canary);
}

void CliRegistryTest::cleanupTestCase()
{
    (void)run({u"engine"_s, u"stop"_s});
}

void CliRegistryTest::pushesWithTheStoredAccount()
{
    const Outcome pushed = run({u"push"_s, u"busybox:latest"_s, m_closed.reference(u"team/other:1"_s)});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
    QVERIFY2(pushed.output.startsWith("sha256:"_L1) && pushed.output.size() == 72, qPrintable(pushed.output));
}

void CliRegistryTest::pushesWithAHelpersAccount()
{
    write(s_config, R"({"credsStore": "test"})");
    write(u"bin/docker-credential-test"_s,
          "#!/bin/sh\nread server\ntest \"$server\" = 127.0.0.1:" + QByteArray::number(m_closed.port()) +
              " && echo '{\"Username\":\"user\",\"Secret\":\"" + s_canary + "\"}'\n");
    const Outcome pushed = run({u"push"_s, u"busybox:latest"_s, m_closed.reference(u"team/helped:1"_s)});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
}

void CliRegistryTest::importsWithTheStoredAccount()
{
    const Outcome imported = run({u"import"_s, m_private, u"--tag"_s, u"back:1"_s});
    QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
    const Outcome ran = run({u"run"_s, u"back:1"_s, u"--"_s, u"echo"_s, u"works"_s});
    QCOMPARE(ran.output, u"works\n"_s);
}

void CliRegistryTest::importsForAPlatform()
{
    const Outcome other = run({u"import"_s, m_private, u"--platform"_s, u"linux/s390x"_s});
    QCOMPARE(other.exitCode, 1);
    QVERIFY2(other.errors.contains("There is no image for linux/s390x"_L1), qPrintable(other.errors));
    const Outcome odd = run({u"import"_s, m_private, u"--platform"_s, u"s390x"_s});
    QVERIFY2(odd.errors.contains("must be like linux/arm64"_L1), qPrintable(odd.errors));
}

void CliRegistryTest::buildsFromAPrivateImage()
{
    write(u"context/Dockerfile"_s, "FROM " + m_private.toLatin1() + "\nRUN echo built > /made\n");
    const Outcome built = run({u"build"_s, m_home.path(u"context"_s), u"-t"_s, u"built:1"_s});
    QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
    const Outcome pushed =
        run({u"push"_s, u"built:1"_s, m_closed.reference(u"team/built:1"_s), u"--compression"_s, u"zstd"_s});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
    const Outcome imported =
        run({u"import"_s, m_closed.reference(u"team/built:1"_s), u"--tag"_s, u"built:2"_s});
    QVERIFY2(imported.exitCode == 0, qPrintable(imported.errors));
    QCOMPARE(run({u"cat"_s, u"built:2"_s, u"/made"_s}).output, u"built\n"_s);
}

void CliRegistryTest::prefersTheAccountThatIsTyped()
{
    QProcess process;
    process.start(program, {u"import"_s, m_private, u"--username"_s, u"user"_s, u"--password-stdin"_s});
    process.write("wrong\n");
    process.closeWriteChannel();
    const Outcome refused = finish(process);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains("does not accept"_L1), qPrintable(refused.errors));
    QVERIFY2(!refused.errors.contains("config.json"_L1), qPrintable(refused.errors));
}

void CliRegistryTest::saysWhereARefusedAccountIsFrom()
{
    signIn("WRONG-1b2c");
    for (const QStringList &words :
         {QStringList{u"import"_s, m_private},
          QStringList{u"push"_s, u"busybox:latest"_s, m_closed.reference(u"x:1"_s)}}) {
        const Outcome refused = run(words);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.errors.contains(m_home.path(s_config)), qPrintable(refused.errors));
        QVERIFY2(!refused.errors.contains("WRONG-1b2c"_L1), qPrintable(refused.errors));
    }
}

void CliRegistryTest::goesOnWithoutAFileThatIsBroken()
{
    const QString open = m_open.reference(u"box:1"_s);
    write(s_config, "{ broken");
    const Outcome pushed = run({u"push"_s, u"busybox:latest"_s, open});
    QVERIFY2(pushed.exitCode == 0, qPrintable(pushed.errors));
    QVERIFY2(pushed.errors.contains("warning: "_L1 + m_home.path(s_config) + u":1"_s),
             qPrintable(pushed.errors));
    write(u"context/Dockerfile"_s, "FROM " + open.toLatin1() + "\n");
    const Outcome built = run({u"build"_s, m_home.path(u"context"_s)});
    QVERIFY2(built.exitCode == 0, qPrintable(built.errors));
    QVERIFY2((built.output + built.errors).contains("not valid JSON"_L1), qPrintable(built.errors));
}

void CliRegistryTest::sendsNothingToAnEngineElsewhere()
{
    const auto account = [this] {
        return cli::await(cli::storedCredentials()(m_private, {})).value_or(std::nullopt);
    };
    QVERIFY(cli::chooseEngine({}));
    QVERIFY(account());
    qputenv("COOPERAGE_URL", "https://contree.example");
    QVERIFY(cli::chooseEngine({}));
    QVERIFY(!account());
    qunsetenv("COOPERAGE_URL");
    QVERIFY(cli::chooseEngine({}));
}

// Runs last: whatever the engine has written by then.
void CliRegistryTest::keepsNoSecret()
{
    const QByteArrayList secrets{s_canary, ("user:" + s_canary).toBase64(), "WRONG-1b2c",
                                 QByteArray("user:WRONG-1b2c").toBase64()};
    int files = 0;
    for (const QString &folder : {u"data"_s, u"state"_s, u"cache"_s, u"run"_s}) {
        QDirIterator all(m_home.path(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            const QString path = all.next();
            QFile file(path);
            if (path.contains("/layers/"_L1) || !file.open(QFile::ReadOnly))
                continue;
            const QByteArray content = file.readAll();
            for (const QByteArray &secret : secrets)
                QVERIFY2(!content.contains(secret), qPrintable(path));
            ++files;
        }
    }
    QVERIFY(files > 3);
}

QTEST_GUILESS_MAIN(CliRegistryTest)
#include "tst_cliregistry.moc"
