#include "core/connections/connection.h"
#include "core/connections/contreeprofiles.h"
#include "core/connections/dockersockets.h"
#include "core/connections/profilestore.h"
#include "core/connections/profiletakeover.h"
#include "tests/core/engine/loopback.h"
#include "tests/support/processes.h"

#include <QFile>
#include <QLocalServer>
#include <QTest>

using namespace cooperage;
using namespace cooperage::connections;
using namespace Qt::StringLiterals;

static ConnectionProfile hosted(const QString &name, const QString &url, const QString &project = {})
{
    return {ConnectionProfile::Kind::Contree, name, QUrl(url), project};
}

class ProfilesTest : public QObject
{
    Q_OBJECT
    test::PrivateHome m_home;

private Q_SLOTS:
    void remembersProfiles();
    void refusesWhatCannotBeUsed_data();
    void refusesWhatCannotBeUsed();
    void separatesTheLayersOfEngines();
    void readsTheProfilesOfContree();
    void asksAnEngineHowItIs();
    void saysWhyAnEngineIsNotReady();
    void findsADockerSocket();
};

void ProfilesTest::remembersProfiles()
{
    QCOMPARE(ProfileStore::profiles(), QList{ConnectionProfile::embedded()});
    QCOMPARE(ProfileStore::defaultName(), u"embedded"_s);
    const auto work = hosted(u"work"_s, u"https://contree.example.com/sandboxes"_s, u"p-1"_s);
    const auto general = hosted(u"General"_s, u"http://localhost:8090"_s);
    QVERIFY(ProfileStore::put(work));
    QVERIFY(ProfileStore::put(general));
    QCOMPARE(ProfileStore::profiles(), (QList{ConnectionProfile::embedded(), general, work}));
    QVERIFY(ProfileStore::setDefault(u"work"_s));
    QCOMPARE(ProfileStore::defaultName(), u"work"_s);
    QVERIFY(!ProfileStore::setDefault(u"nobody"_s));
    const auto missing = ProfileStore::profile(u"nobody"_s);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    QVERIFY(missing.error().next.contains("embedded, General, work"_L1));
    QVERIFY(ProfileStore::remove(u"work"_s));
    QVERIFY(ProfileStore::remove(u"General"_s));
    QCOMPARE(ProfileStore::defaultName(), u"embedded"_s);
    QCOMPARE(ProfileStore::profiles().size(), 1);
}

void ProfilesTest::refusesWhatCannotBeUsed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("url");
    QTest::newRow("the embedded engine's name") << u"embedded"_s << u"https://example.com"_s;
    QTest::newRow("a slash") << u"a/b"_s << u"https://example.com"_s;
    QTest::newRow("no address") << u"work"_s << QString();
    QTest::newRow("another scheme") << u"work"_s << u"ftp://example.com"_s;
    QTest::newRow("a password in the address") << u"work"_s << u"https://a:canary@example.com"_s;
    QTest::newRow("no encryption") << u"work"_s << u"http://example.com"_s;
}

void ProfilesTest::refusesWhatCannotBeUsed()
{
    QFETCH(const QString, name);
    QFETCH(const QString, url);
    const auto put = ProfileStore::put(hosted(name, url));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, ErrorKind::BadInput);
    QVERIFY(!put.error().text().contains("canary"_L1));
    QCOMPARE(ProfileStore::profiles().size(), 1);
}

void ProfilesTest::separatesTheLayersOfEngines()
{
    QCOMPARE(ConnectionProfile::embedded().scope(), u"embedded"_s);
    const auto one = hosted(u"a"_s, u"https://example.com"_s, u"p1"_s);
    const auto two = hosted(u"b"_s, u"https://example.com"_s, u"p2"_s);
    QVERIFY(one.scope() != two.scope());
    QCOMPARE(one.scope(), hosted(u"other name"_s, u"https://example.com"_s, u"p1"_s).scope());
}

void ProfilesTest::readsTheProfilesOfContree()
{
    qputenv("CONTREE_HOME", QFile::encodeName(m_home.path()));
    const QByteArray text = "# made by contree auth\n"
                            "[DEFAULT]\nprofile = work\n\n"
                            "[profile:work]\ntoken = eyJ%2F=\"x\"\nurl = https://api.example.com/sandboxes\n"
                            "type = iam\nproject = p-7\n"
                            "[profile:default-address]\ntype=iam\ntoken=abc\n"
                            "[profile:no-token]\nurl = https://api.example.com\n"
                            "[profile:no address]\ntoken = x\n"
                            "[cli]\neditor = vi\n";
    QFile file(contreeAuthFile());
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(text);
    file.close();
    const auto profiles = readContreeProfiles(contreeAuthFile());
    QVERIFY(profiles);
    QCOMPARE(profiles->size(), 2);
    QCOMPARE(profiles->at(0).profile.name, u"default-address"_s);
    QCOMPARE(profiles->at(1).profile, hosted(u"work"_s, u"https://api.example.com/sandboxes"_s, u"p-7"_s));
    QCOMPARE(profiles->at(1).token.text(), u"eyJ%2F=\"x\""_s);
    QVERIFY(ProfileStore::put(profiles->at(1).profile));
    QCOMPARE(newContreeProfiles()->size(), 1);
    QVERIFY(ProfileStore::remove(u"work"_s));
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), text);
    QVERIFY(readContreeProfiles(u"/nonexistent/auth.ini"_s)->isEmpty());
}

void ProfilesTest::asksAnEngineHowItIs()
{
    test::Loopback loopback;
    loopback.server.Get("/v1/whoami", [](const httplib::Request &request, httplib::Response &response) {
        if (request.get_header_value("Authorization") != "Bearer good")
            return test::json(response, R"({"error":"who are you?"})", 401);
        test::json(response, R"({"permissions":{"list":true,"spawn":false},"limits":{},"extensions":[]})");
    });
    loopback.server.Get("/v1/images", [](const httplib::Request &, httplib::Response &response) {
        test::json(response, R"({"images":[]})");
    });
    loopback.start();
    const auto profile = hosted(u"work"_s, loopback.url());
    const auto check = QCoro::waitFor(checkConnection(makeEngine(profile, credentials::Secret(u"good"_s))));
    QVERIFY2(check, check ? "" : qPrintable(check.error().text()));
    QCOMPARE(check->missing, QStringList{u"spawn"_s});
    QCOMPARE(check->info.name, u"work"_s);
    QVERIFY(summaryOf(*check).contains("not permitted: spawn"_L1));
    const auto refused =
        QCoro::waitFor(checkConnection(makeEngine(profile, credentials::Secret(u"canary"_s))));
    QCOMPARE(refused.error().kind, ErrorKind::Denied);
    QVERIFY(!refused.error().text().contains("canary"_L1));
}

void ProfilesTest::saysWhyAnEngineIsNotReady()
{
    const auto profile = hosted(u"work"_s, u"http://127.0.0.1:%1"_s.arg(test::freePort()));
    const auto check = QCoro::waitFor(checkConnection(makeEngine(profile, {})));
    QCOMPARE(check.error().kind, ErrorKind::Unreachable);
    credentials::SecretStore store;
    const auto token = QCoro::waitFor(tokenOf(&store, profile));
    QVERIFY(!token);
    QCOMPARE(token.error().where, u"work"_s);
    QVERIFY(QCoro::waitFor(tokenOf(&store, ConnectionProfile::embedded()))->isEmpty());
}

void ProfilesTest::findsADockerSocket()
{
    const QString path = m_home.path(u"docker.sock"_s);
    qputenv("DOCKER_HOST", "unix://" + QFile::encodeName(path));
    const qsizetype before = findDockerSockets().size();
    QLocalServer server;
    QVERIFY(server.listen(path));
    const auto found = findDockerSockets();
    QCOMPARE(found.size(), before + 1);
    QCOMPARE(found.first(), (DockerSocket{u"Docker Engine"_s, path, true}));
}

QTEST_GUILESS_MAIN(ProfilesTest)
#include "tst_profiles.moc"
