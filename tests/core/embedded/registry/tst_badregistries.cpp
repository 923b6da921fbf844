#include "core/embedded/registry/pull.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/registry/badregistry.h"
#include "tests/support/processes.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

static const QString s_canary = u"CANARY-9b2e"_s;

class BadRegistriesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void getNoCredentialsThroughARedirect();
    void getATokenAndNothingElse();
    void cannotRepeatCredentialsInErrors();
    void areNotFollowedToUnsafeAddresses_data();
    void areNotFollowedToUnsafeAddresses();
    void areToldApartFromOtherServers();
    void areReportedWhenUnreachable();
};

void BadRegistriesTest::getNoCredentialsThroughARedirect()
{
    BadRegistry storage(noisyImage());
    storage.on("/signed/(.*)", [&](const httplib::Request &request, httplib::Response &reply) {
        reply.set_content(storage.blob(request.matches[1]), "application/octet-stream");
    });
    storage.start();
    BadRegistry registry(noisyImage());
    const std::string basic = "Basic " + ("user:" + s_canary.toLatin1()).toBase64().toStdString();
    const auto guarded = [&](const httplib::Request &request, httplib::Response &reply,
                             const std::function<void()> &send) {
        if (request.get_header_value("Authorization") == basic)
            return send();
        reply.status = 401;
        reply.set_header("WWW-Authenticate", "Basic realm=\"r\"");
    };
    registry.on("/v2/app/manifests/.*", [&](const auto &request, auto &reply) {
        guarded(request, reply, [&] { registry.sendManifest(reply); });
    });
    registry.on("/v2/app/blobs/(.*)", [&](const auto &request, auto &reply) {
        guarded(request, reply, [&] {
            reply.set_redirect(
                "http://" + storage.host() + "/signed/" + request.matches[1].str() + "?X-Sig=a%2Fb+c", 307);
        });
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host(), u"user"_s, s_canary);
    QVERIFY2(done, why(done).constData());
    QVERIFY(!storage.seen().empty());
    for (const SeenRequest &request : storage.seen()) {
        QCOMPARE(request.authorization, std::string());
        QCOMPARE(request.acceptEncoding, std::string("identity"));
        QVERIFY(request.path.ends_with("?X-Sig=a%2Fb+c"));
    }
}

void BadRegistriesTest::getATokenAndNothingElse()
{
    BadRegistry registry(noisyImage());
    const auto guarded = [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.get_header_value("Authorization") == "Bearer tok")
            return true;
        reply.status = 401;
        // Two challenges in one value, the wanted one last.
        reply.set_header("WWW-Authenticate", "Basic realm=\"a, b\", Bearer realm=\"http://" +
                                                 registry.host() + "/token\",service=\"my service\"");
        return false;
    };
    registry.on("/v2/app/manifests/.*", [&](const auto &request, auto &reply) {
        if (guarded(request, reply))
            registry.sendManifest(reply);
    });
    registry.on("/token", [](const httplib::Request &, httplib::Response &reply) {
        reply.set_content(R"({"access_token":"tok","expires_in":300})", "application/json");
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host(), u"user"_s, s_canary);
    QVERIFY2(done, why(done).constData());
    const auto seen = registry.seen();
    const auto token = std::ranges::find_if(seen, [](const auto &r) { return r.path.starts_with("/token"); });
    QCOMPARE(token->path, std::string("/token?service=my%20service&scope=repository:app:pull"));
    QVERIFY(token->authorization.starts_with("Basic "));
    QCOMPARE(std::ranges::count_if(seen, [](const auto &r) { return r.authorization.starts_with("Basic "); }),
             1);
}

void BadRegistriesTest::cannotRepeatCredentialsInErrors()
{
    for (const int status : {400, 401, 403, 404, 418}) {
        BadRegistry registry(noisyImage());
        registry.on("/v2/app/manifests/.*", [&](const httplib::Request &request, httplib::Response &reply) {
            const bool isFirst = request.get_header_value("Authorization").empty();
            reply.status = isFirst ? 401 : status;
            reply.set_header("WWW-Authenticate", "Basic realm=\"" + s_canary.toStdString() + "\"");
            reply.set_content(R"({"errors":[{"code":"DENIED","message":"user:)" + s_canary.toStdString() +
                                  "\"}]}",
                              "application/json");
        });
        registry.start();
        StoreFixture fixture;
        const auto done = pullApp(fixture, registry.host(), u"user"_s, s_canary);
        QVERIFY(!done);
        QVERIFY2(!done.error().text().contains(s_canary), why(done).constData());
        QVERIFY2(!done.error().text().toLatin1().contains(("user:" + s_canary.toLatin1()).toBase64()),
                 why(done).constData());
    }
}

void BadRegistriesTest::areNotFollowedToUnsafeAddresses_data()
{
    QTest::addColumn<QByteArray>("location");
    QTest::newRow("plain http elsewhere") << QByteArray("http://registry.invalid/x");
    QTest::newRow("another scheme") << QByteArray("file:///etc/passwd");
    QTest::newRow("with a user name") << QByteArray("http://a:b@127.0.0.1/x");
    QTest::newRow("for ever") << QByteArray("/v2/app/manifests/1");
    QTest::newRow("nowhere") << QByteArray();
}

void BadRegistriesTest::areNotFollowedToUnsafeAddresses()
{
    QFETCH(QByteArray, location);
    BadRegistry registry(noisyImage());
    registry.on("/v2/app/manifests/.*", [&](const httplib::Request &, httplib::Response &reply) {
        reply.status = 307;
        reply.set_header("Location", location.toStdString());
    });
    registry.start();
    StoreFixture fixture;
    const auto done = pullApp(fixture, registry.host());
    QVERIFY(!done);
    QVERIFY2(done.error().what.contains("redirects"_L1), why(done).constData());
}

void BadRegistriesTest::areToldApartFromOtherServers()
{
    BadRegistry site(noisyImage());
    site.on(".*", [](const httplib::Request &, httplib::Response &reply) {
        reply.set_content("<html>hello</html>", "text/html");
    });
    site.start();
    BadRegistry nothing(noisyImage());
    nothing.on(".*", [](const httplib::Request &, httplib::Response &reply) { reply.status = 404; });
    nothing.start();
    for (const std::string &host : {site.host(), nothing.host()}) {
        StoreFixture fixture;
        const auto done = pullApp(fixture, host);
        QVERIFY(!done);
        QVERIFY2(done.error().what.contains("not as a container registry"_L1), why(done).constData());
        QVERIFY(!done.error().next.isEmpty());
    }
}

void BadRegistriesTest::areReportedWhenUnreachable()
{
    StoreFixture fixture;
    const auto refused = pullApp(fixture, "127.0.0.1:" + std::to_string(freePort()));
    QCOMPARE(refused.error().kind, ErrorKind::Unreachable);
    QVERIFY2(refused.error().what.contains("refuses the connection"_L1), why(refused).constData());
    const auto unknown = pullApp(fixture, "registry.invalid");
    QCOMPARE(unknown.error().kind, ErrorKind::Unreachable);
    QVERIFY2(unknown.error().where.contains("registry.invalid"_L1), why(unknown).constData());
    QVERIFY(!unknown.error().next.isEmpty());
}

COOPERAGE_TEST_MAIN_AS_ROOT(BadRegistriesTest)
#include "tst_badregistries.moc"
