#include "core/credentials/credentialfile.h"
#include "core/credentials/credentialhelper.h"
#include "core/credentials/registrycredentials.h"
#include "core/credentials/registryname.h"
#include "tests/support/processes.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace cooperage;
using namespace cooperage::test;
using namespace cooperage::credentials;
using namespace Qt::StringLiterals;

using Found = Result<std::optional<engine::Credentials>>;

class RegistryCredentialsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void normalisesKeys_data();
    void normalisesKeys();
    void findsNothingWhereNothingIs();
    void readsAccountsOfAFile_data();
    void readsAccountsOfAFile();
    void asksTheHelperOfTheRegistryFirst();
    void asksHelpersByTheirProtocol();
    void takesIdentityTokens();
    void takesNotFoundForAnonymous();
    void goesOnToThePlaceThatKnows();
    void letsAVariableOverrideFiles();
    void saysWhereAFileIsBroken_data();
    void saysWhereAFileIsBroken();
    void passesOverABrokenFile();
    void saysWhatIsWrongWithAHelper_data();
    void saysWhatIsWrongWithAHelper();
    void endsASilentHelper();
    void doesNotHoldUpTheCaller();

private:
    void write(const QString &name, const QByteArray &text, bool runs = false) const
    {
        const QString path = m_home.path(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly) && file.write(text) == text.size());
        if (runs)
            QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    void writeConfig(const QByteArray &json) const { write(s_config, json); }
    void writeHelper(const QByteArray &name, const QByteArray &script) const
    {
        write(u"bin/docker-credential-"_s + QString::fromLatin1(name), "#!/bin/sh\n" + script, true);
    }
    [[nodiscard]] static Found find(const QString &reference)
    {
        return QCoro::waitFor(registryCredentials(reference));
    }
    /// "user:password", "" for nothing, "!" and the error's text.
    [[nodiscard]] static QString look(const QString &reference)
    {
        const Found found = find(reference);
        if (!found)
            return u'!' + found.error().text();
        return *found ? (*found)->username + u':' + (*found)->password : QString();
    }

    static inline const QString s_config = u"home/.docker/config.json"_s;
    PrivateHome m_home;
};

static QByteArray encoded(const QByteArray &pair)
{
    return "\"" + pair.toBase64() + "\"";
}

void RegistryCredentialsTest::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path(u"home"_s)));
    qputenv("PATH", QFile::encodeName(m_home.path(u"bin"_s)) + ":/usr/bin:/bin");
}

void RegistryCredentialsTest::init()
{
    qunsetenv("DOCKER_CONFIG");
    qunsetenv("DOCKER_AUTH_CONFIG");
    for (const auto *folder : {"home", "bin", "run/containers", "other"})
        QDir(m_home.path(QString::fromLatin1(folder))).removeRecursively();
}

void RegistryCredentialsTest::normalisesKeys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("normal");
    const auto row = [](const QString &key, const QString &normal) {
        QTest::newRow(qPrintable(key)) << key << normal;
    };
    row(u"https://index.docker.io/v1/"_s, u"docker.io"_s);
    row(u"index.docker.io/v1/"_s, u"docker.io"_s);
    row(u"registry-1.docker.io"_s, u"docker.io"_s);
    row(u"docker.io/me/private"_s, u"docker.io/me/private"_s);
    row(u"https://ghcr.io/v2/"_s, u"ghcr.io"_s);
    row(u"http://localhost:5000"_s, u"localhost:5000"_s);
    row(u"GHCR.io/Me"_s, u"ghcr.io/Me"_s);
    row(u"host/v1/app/"_s, u"host/v1/app"_s);
}

void RegistryCredentialsTest::normalisesKeys()
{
    QFETCH(QString, key);
    QTEST(normalisedKey(key), "normal");
}

void RegistryCredentialsTest::findsNothingWhereNothingIs()
{
    QCOMPARE(look(u"ubuntu"_s), QString());
    writeConfig("");
    QCOMPARE(look(u"ubuntu"_s), QString());
    writeConfig("{}");
    QCOMPARE(look(u"ubuntu"_s), QString());
    QCOMPARE(look(u"Not A Reference"_s), QString());
}

void RegistryCredentialsTest::readsAccountsOfAFile_data()
{
    QTest::addColumn<QString>("reference");
    QTest::addColumn<QString>("account");
    QTest::newRow("hub by its old key") << u"ubuntu"_s << u"hub:p"_s;
    QTest::newRow("host and port") << u"localhost:5000/x"_s << u"me:a:b"_s;
    QTest::newRow("NULs behind") << u"nul.example/x"_s << u"n:u"_s;
    QTest::newRow("two fields") << u"fields.example/x:1"_s << u"f:g"_s;
    QTest::newRow("identity token") << u"token.example/x"_s << u"<token>:T"_s;
    QTest::newRow("namespace") << u"spaces.example/team/app"_s << u"team:t"_s;
    QTest::newRow("longest") << u"spaces.example/team/app/deep"_s << u"app:a"_s;
    QTest::newRow("only whole parts") << u"spaces.example/teams/x"_s << u"all:x"_s;
    QTest::newRow("empty entry") << u"empty.example/x"_s << QString();
    QTest::newRow("unknown host") << u"other.example/x"_s << QString();
    QTest::newRow("another port") << u"localhost:5001/x"_s << QString();
}

void RegistryCredentialsTest::readsAccountsOfAFile()
{
    QFETCH(QString, reference);
    writeConfig(R"({"auths": {
        "https://index.docker.io/v1/": {"auth": )" +
                encoded("hub:p") + R"(},
        "localhost:5000": {"auth": )" +
                encoded("me:a:b") + R"(},
        "https://nul.example/v2/": {"auth": )" +
                encoded(QByteArray("n:u\0\0", 5)) + R"(},
        "fields.example": {"username": "f", "password": "g"},
        "token.example": {"auth": )" +
                encoded("x:") + R"(, "identitytoken": "T"},
        "spaces.example": {"auth": )" +
                encoded("all:x") + R"(},
        "spaces.example/team": {"auth": )" +
                encoded("team:t") + R"(},
        "spaces.example/team/app/deep": {"auth": )" +
                encoded("app:a") + R"(},
        "empty.example": {}
    }, "HttpHeaders": {"X": 1}})");
    QTEST(look(reference), "account");
}

void RegistryCredentialsTest::asksTheHelperOfTheRegistryFirst()
{
    writeConfig(R"({"credHelpers": {"one.example": "one"}, "credsStore": "all",
        "auths": {"one.example": {"auth": )" +
                encoded("file:f") + R"(}, "two.example": {"auth": )" + encoded("file:f") + "}}}");
    writeHelper("one", "echo '{\"Username\":\"one\",\"Secret\":\"1\"}'");
    writeHelper("all", "echo '{\"Username\":\"all\",\"Secret\":\"2\"}'");
    QCOMPARE(look(u"one.example/x"_s), u"one:1"_s);
    QCOMPARE(look(u"two.example/x"_s), u"all:2"_s);
    const Found found = find(u"one.example/x"_s);
    QVERIFY2(found && (*found)->source.contains("docker-credential-one"_L1), "the source is named");
    writeConfig(R"({"auths": {"one.example": {"auth": )" + encoded("file:f") + "}}}");
    QCOMPARE((*find(u"one.example/x"_s))->source, m_home.path(s_config));
}

void RegistryCredentialsTest::asksHelpersByTheirProtocol()
{
    writeConfig(R"({"credsStore": "echo"})");
    writeHelper("echo",
                "read server; echo \"{\\\"Username\\\":\\\"$1 $#\\\",\\\"Secret\\\":\\\"$server\\\"}\"");
    QCOMPARE(look(u"ubuntu"_s), u"get 1:https://index.docker.io/v1/"_s);
    QCOMPARE(look(u"localhost:5000/a/b:1"_s), u"get 1:localhost:5000"_s);
}

void RegistryCredentialsTest::takesIdentityTokens()
{
    writeConfig(R"({"credsStore": "token"})");
    writeHelper("token", "echo '{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"T\"}'");
    QCOMPARE(look(u"ubuntu"_s), u"<token>:T"_s);
}

void RegistryCredentialsTest::takesNotFoundForAnonymous()
{
    writeConfig(R"({"credsStore": "none"})");
    writeHelper("none", "echo credentials not found in native keychain; exit 1");
    QCOMPARE(look(u"ubuntu"_s), QString());
    writeHelper("none", "echo '{\"Username\":\"\",\"Secret\":\"\"}'");
    QCOMPARE(look(u"ubuntu"_s), QString());
}

void RegistryCredentialsTest::goesOnToThePlaceThatKnows()
{
    writeConfig(R"({"auths": {"a.example": {"auth": )" + encoded("docker:d") + "}}}");
    write(u"run/containers/auth.json"_s, R"({"auths": {"a.example": {"auth": )" + encoded("podman:p") +
                                             R"(}, "b.example": {"auth": )" + encoded("podman:p") + "}}}");
    QCOMPARE(look(u"a.example/x"_s), u"docker:d"_s);
    QCOMPARE(look(u"b.example/x"_s), u"podman:p"_s);
    write(u"other/config.json"_s, R"({"auths": {"a.example": {"auth": )" + encoded("other:o") + "}}}");
    qputenv("DOCKER_CONFIG", QFile::encodeName(m_home.path(u"other"_s)));
    QCOMPARE(look(u"a.example/x"_s), u"other:o"_s);
}

void RegistryCredentialsTest::letsAVariableOverrideFiles()
{
    writeConfig(R"({"auths": {"a.example": {"auth": )" + encoded("docker:d") + "}}}");
    qputenv("DOCKER_AUTH_CONFIG", R"({"auths": {"a.example": {"auth": )" + encoded("variable:v") + "}}}");
    QCOMPARE(look(u"a.example/x"_s), u"variable:v"_s);
}

void RegistryCredentialsTest::saysWhereAFileIsBroken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("cut") << QByteArray("{\n\"auths\": {\n\"CANARY\"") << u":3"_s;
    QTest::newRow("list") << QByteArray("[]") << u":1"_s;
    QTest::newRow("no base64") << QByteArray(R"({"auths": {"a.example": {"auth": "CANARY!"}}})") << QString();
    QTest::newRow("no colon") << QByteArray(R"({"auths": {"a.example": {"auth": "Q0FOQVJZ"}}})") << QString();
}

void RegistryCredentialsTest::saysWhereAFileIsBroken()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    writeConfig(text);
    const Found found = find(u"a.example/x"_s);
    QVERIFY(!found);
    QCOMPARE(found.error().where, m_home.path(s_config) + place);
    QVERIFY(!found.error().next.isEmpty());
    QVERIFY2(!found.error().text().contains("CANARY"_L1), qPrintable(found.error().text()));
}

void RegistryCredentialsTest::passesOverABrokenFile()
{
    writeConfig("{");
    write(u"run/containers/auth.json"_s,
          R"({"auths": {"a.example": {"auth": )" + encoded("podman:p") + "}}}");
    QCOMPARE(look(u"a.example/x"_s), u"podman:p"_s);
    QVERIFY(look(u"b.example/x"_s).startsWith(u'!'));
}

void RegistryCredentialsTest::saysWhatIsWrongWithAHelper_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("words");
    QTest::newRow("missing") << QByteArray("gone") << QByteArray() << u"docker-credential-gone"_s;
    QTest::newRow("a path") << QByteArray("../x") << QByteArray() << u"not the name of a credential helper"_s;
    QTest::newRow("a command") << QByteArray("x;id") << QByteArray()
                               << u"not the name of a credential helper"_s;
    QTest::newRow("failing") << QByteArray("bad") << QByteArray("echo pass not initialized; exit 1")
                             << u"pass not initialized"_s;
    QTest::newRow("failing with an account")
        << QByteArray("bad") << QByteArray("echo '{\"Secret\":\"CANARY\"}'; exit 1") << u"failed"_s;
    QTest::newRow("babbling") << QByteArray("bad") << QByteArray("echo CANARY") << u"no readable answer"_s;
    QTest::newRow("flooding") << QByteArray("bad") << QByteArray("yes CANARY") << u"too much"_s;
}

void RegistryCredentialsTest::saysWhatIsWrongWithAHelper()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, script);
    QFETCH(QString, words);
    writeConfig(R"({"credsStore": ")" + name + "\"}");
    if (!script.isEmpty())
        writeHelper(name, script);
    const Found found = find(u"ubuntu"_s);
    QVERIFY(!found);
    QVERIFY2(found.error().text().contains(words), qPrintable(found.error().text()));
    QVERIFY2(!found.error().text().contains("CANARY"_L1), qPrintable(found.error().text()));
    QVERIFY(!found.error().next.isEmpty());
}

void RegistryCredentialsTest::endsASilentHelper()
{
    writeHelper("slow", "exec sleep 1000");
    const Found late = askHelper(u"slow"_s, u"x"_s, {}, std::chrono::milliseconds(100));
    QVERIFY(!late);
    QVERIFY2(late.error().what.contains("does not answer"_L1), qPrintable(late.error().text()));
    std::stop_source stop;
    stop.request_stop();
    const Found stopped = askHelper(u"slow"_s, u"x"_s, stop.get_token());
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
}

void RegistryCredentialsTest::doesNotHoldUpTheCaller()
{
    writeConfig(R"({"credsStore": "gate"})");
    const QString gate = m_home.path(u"bin/gate"_s);
    // It answers when the caller, who goes on meanwhile, opens the gate.
    writeHelper("gate", "while ! test -e '" + QFile::encodeName(gate) +
                            "'; do sleep 0.02; done; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    auto task = registryCredentials(u"ubuntu"_s);
    QVERIFY(!task.isReady());
    write(u"bin/gate"_s, "open");
    const Found found = QCoro::waitFor(task);
    QVERIFY(found && *found);
}

QTEST_GUILESS_MAIN(RegistryCredentialsTest)
#include "tst_registrycredentials.moc"
