#include "core/embedded/registry/registryclient.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/registry/badregistry.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

static const QString s_canary = u"CANARY-40aa"_s;

/// A registry that wants a Bearer token for manifests and blobs.
class TokenRegistry
{
public:
    explicit TokenRegistry(const std::string &reply, int tars = 1) : m_reply(reply), registry(imageOf(tars))
    {
        registry.on("/v2/app/manifests/.*", [this](const auto &request, auto &reply) {
            if (admits(request, reply))
                registry.sendManifest(reply);
        });
        registry.on("/v2/app/blobs/(.*)", [this](const auto &request, auto &reply) {
            if (admits(request, reply))
                reply.set_content(registry.blob(request.matches[1]), "application/octet-stream");
        });
        const auto give = [this](const httplib::Request &request, httplib::Response &reply) {
            const std::lock_guard lock(mutex);
            requests.push_back(request);
            reply.status = status;
            reply.set_content(m_reply, "application/json");
        };
        registry.on("/token", give);
        registry.server().Post("/token", give);
    }

    [[nodiscard]] bool admits(const httplib::Request &request, httplib::Response &reply)
    {
        if (request.get_header_value("Authorization") == "Bearer tok" && (!refuses || !refuses(request)))
            return true;
        reply.status = 401;
        const std::string host = realm.empty() ? "http://" + registry.host() + "/token" : realm;
        reply.set_header("WWW-Authenticate", "Basic realm=\"x\"");
        // A second header of the same name.
        reply.headers.emplace("WWW-Authenticate", "Bearer realm=\"" + host + "\",service=\"s\"" + more);
        return false;
    }

    static TestImage imageOf(int tars)
    {
        QList<QByteArray> all;
        for (int i = 0; i < tars; ++i)
            all.append(tarOf({file("f" + std::to_string(i), std::string(1000, 'x'))}));
        return TestImage(all);
    }

private:
    std::string m_reply;

public:
    BadRegistry registry;
    std::mutex mutex;
    std::vector<httplib::Request> requests; ///< For tokens.
    std::function<bool(const httplib::Request &)> refuses;
    std::string realm; ///< Empty: its own.
    std::string more;  ///< Of the challenge.
    int status = 200;
};

class TokensTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areFetchedOnceForAllThreads();
    void areFetchedAgainWhenTheyRunOut();
    void areFetchedAgainWithMoreScopes();
    void areNotAskedForWithoutEnd();
    void areGotWithAnIdentityToken();
    void sayThatAnIdentityTokenIsRefused();
    void waitForABusyService();
    void areNotFetchedFromUnsafePlaces_data();
    void areNotFetchedFromUnsafePlaces();
    void joinTheirScopes();
};

void TokensTest::areFetchedOnceForAllThreads()
{
    TokenRegistry source(R"({"token":"tok","expires_in":300})", 6);
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->layers.size(), 6u);
    QCOMPARE(source.requests.size(), 1u);
    QVERIFY(!source.requests.front().has_header("Authorization"));
}

void TokensTest::areFetchedAgainWhenTheyRunOut()
{
    // Half of its life is kept in reserve, and the config takes longer than the other half.
    TokenRegistry source(R"({"token":"tok","expires_in":1})");
    source.refuses = [&](const httplib::Request &request) {
        if (request.path.find("/blobs/") != std::string::npos &&
            !request.path.ends_with(source.registry.layer()))
            std::this_thread::sleep_for(std::chrono::milliseconds(600));
        return false;
    };
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(source.requests.size(), 2u);
}

void TokensTest::areFetchedAgainWithMoreScopes()
{
    TokenRegistry source(R"({"token":"tok"})");
    source.refuses = [&](const httplib::Request &) {
        source.more = R"(,error="insufficient_scope",scope="repository:app:pull repository:base:pull")";
        const std::lock_guard lock(source.mutex);
        return source.requests.size() < 2;
    };
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(source.requests.size(), 2u);
    QCOMPARE(source.requests.back().get_param_value_count("scope"), 2u);
}

void TokensTest::areNotAskedForWithoutEnd()
{
    TokenRegistry source(R"({"token":"tok"})");
    source.refuses = [](const auto &) { return true; };
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host(), u"user"_s, s_canary);
    QCOMPARE(done.error().kind, ErrorKind::Denied);
    QVERIFY2(done.error().what.contains("this account may not"_L1), why(done).constData());
    QCOMPARE(source.requests.size(), 1u);
}

void TokensTest::areGotWithAnIdentityToken()
{
    TokenRegistry source(R"({"access_token":"tok"})");
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host(), u"<token>"_s, s_canary);
    QVERIFY2(done, why(done).constData());
    const httplib::Request &request = source.requests.front();
    QCOMPARE(request.method, std::string("POST"));
    QCOMPARE(request.get_param_value("grant_type"), std::string("refresh_token"));
    QCOMPARE(request.get_param_value("refresh_token"), s_canary.toStdString());
    QCOMPARE(request.get_param_value("scope"), std::string("repository:app:pull"));
    QVERIFY(!request.get_param_value("client_id").empty());
    for (const SeenRequest &seen : source.registry.seen())
        QVERIFY(seen.path.find(s_canary.toStdString()) == std::string::npos);
}

void TokensTest::sayThatAnIdentityTokenIsRefused()
{
    TokenRegistry source(R"({"error":"invalid_grant"})");
    source.status = 400;
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host(), u"<token>"_s, s_canary);
    QCOMPARE(done.error().kind, ErrorKind::Denied);
    QVERIFY2(done.error().what.contains("identity token"_L1), why(done).constData());
    QVERIFY(!done.error().text().contains(s_canary));
}

void TokensTest::waitForABusyService()
{
    TokenRegistry source(R"({"token":"tok"})");
    source.status = 503;
    source.registry.server().set_post_routing_handler(
        [&](const httplib::Request &request, httplib::Response &) {
            if (request.path == "/token")
                source.status = 200;
        });
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host());
    QVERIFY2(done, why(done).constData());
    QCOMPARE(source.requests.size(), 2u);
}

void TokensTest::areNotFetchedFromUnsafePlaces_data()
{
    QTest::addColumn<QByteArray>("realm");
    QTest::addColumn<QString>("words");
    QTest::newRow("plain http") << QByteArray("http://auth.invalid/token") << u"unencrypted"_s;
    QTest::newRow("private network") << QByteArray("https://10.0.0.1/token") << u"private network"_s;
    QTest::newRow("metadata service") << QByteArray("https://169.254.169.254/") << u"private network"_s;
    QTest::newRow("no address") << QByteArray("token") << u"where to get a token"_s;
    QTest::newRow("with a name") << QByteArray("https://u:p@auth.invalid/") << u"where to get a token"_s;
}

void TokensTest::areNotFetchedFromUnsafePlaces()
{
    QFETCH(QByteArray, realm);
    QFETCH(QString, words);
    TokenRegistry source(R"({"token":"tok"})");
    source.realm = realm.toStdString();
    source.registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, source.registry.host(), u"user"_s, s_canary);
    QVERIFY2(!done && done.error().what.contains(words), why(done).constData());
    QCOMPARE(source.requests.size(), 0u);
}

void TokensTest::joinTheirScopes()
{
    embedded::TokenScopes scopes("repository:host:5000/a:push repository:a:pull");
    scopes.add("repository:host:5000/a:pull,push nonsense a:b :");
    QCOMPARE(scopes.list(),
             (std::vector<std::string>{"repository:a:pull", "repository:host:5000/a:pull,push"}));
}

COOPERAGE_TEST_MAIN_AS_ROOT(TokensTest)
#include "tst_tokens.moc"
