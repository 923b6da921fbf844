#include "core/embedded/store/layerblobtable.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/registry/uploadregistry.h"

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

static const QString s_canary = u"CANARY-e31a"_s;

class BadPushesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_image = ownImage(m_fixture, {{u"big"_s, noise(300'000)}}); }
    void followEveryNewLocation();
    void goOnAfterACutChunk();
    void beginAgainWhereTheUploadIsForgotten();
    void sendLargerChunksWhereAsked();
    void goWholeWhereChunksAreRefused();
    void giveNoCredentialsToOtherHosts();
    void areNotSentToUnsafeAddresses();
    void giveUpOnARegistryThatTakesNothing();
    void noticeAnotherManifest();
    void askForTheScopesOfBothRepositories();

private:
    StoreFixture m_fixture;
    embedded::StoredImage m_image;
};

void BadPushesTest::followEveryNewLocation()
{
    UploadRegistry target;
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(target.seen("PATCH").size(), 4u);
    int last = 0;
    for (const SeenRequest &request : target.seen("PATCH")) {
        QVERIFY2(request.path.ends_with("?_state=a%2Bb"), request.path.c_str());
        const int number = std::stoi(request.path.substr(4));
        QVERIFY(number > last);
        last = number;
    }
    QVERIFY(target.seen("PUT").front().path.find("?_state=a%2Bb&digest=sha256:") != std::string::npos);
    QCOMPARE(target.blobs.size(), 2u);
}

void BadPushesTest::goOnAfterACutChunk()
{
    UploadRegistry target;
    int patches = 0;
    target.onPatch = [&](const httplib::Request &request, httplib::Response &reply) {
        if (++patches != 2)
            return true;
        const std::lock_guard lock(target.mutex);
        target.taken += request.body.substr(0, 30'000); // The rest went lost.
        reply.status = 502;
        return false;
    };
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(target.seen("POST").size(), 2u); // One upload for the layer, one for the config.
    QCOMPARE(patches, 4);
}

void BadPushesTest::beginAgainWhereTheUploadIsForgotten()
{
    int patches = 0;
    UploadRegistry forgetful;
    forgetful.onPatch = [&](const httplib::Request &, httplib::Response &reply) {
        reply.status = 503;
        return ++patches != 2;
    };
    forgetful.registry.server().set_pre_routing_handler(
        [](const httplib::Request &request, httplib::Response &reply) {
            const bool isState = request.method == "GET" && request.path.starts_with("/up/");
            reply.status = isState ? 404 : reply.status;
            return isState ? httplib::Server::HandlerResponse::Handled
                           : httplib::Server::HandlerResponse::Unhandled;
        });
    int posts = 0;
    forgetful.onPost = [&](const auto &, auto &) { return ++posts > 0; };
    forgetful.start();
    const auto pushed = forgetful.push(m_fixture, m_image, 100'000);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(posts, 3); // The layer twice, the config once.
}

void BadPushesTest::sendLargerChunksWhereAsked()
{
    UploadRegistry target;
    target.onPost = [](const auto &, httplib::Response &reply) {
        reply.set_header("OCI-Chunk-Min-Length", "200000");
        return true;
    };
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(target.seen("PATCH").size(), 2u);
}

void BadPushesTest::goWholeWhereChunksAreRefused()
{
    UploadRegistry target;
    target.onPatch = [](const auto &, httplib::Response &reply) {
        reply.status = 405;
        return false;
    };
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(target.seen("PATCH").size(), 1u);
}

void BadPushesTest::giveNoCredentialsToOtherHosts()
{
    UploadRegistry storage;
    storage.start();
    UploadRegistry target;
    target.onPost = [&](const httplib::Request &request, httplib::Response &reply) {
        if (request.get_header_value("Authorization").empty()) {
            reply.status = 401;
            reply.set_header("WWW-Authenticate", "Basic realm=\"r\"");
            return false;
        }
        reply.status = 202;
        reply.set_header("Location", "http://" + storage.registry.host() + "/up/1");
        return false;
    };
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000, u"user"_s, s_canary);
    // Layer and config are at the other host, where each upload begins anew.
    QVERIFY(!storage.registry.seen().empty());
    for (const SeenRequest &request : storage.registry.seen())
        QCOMPARE(request.authorization, std::string());
    QVERIFY2(pushed || !pushed.error().text().contains(s_canary), why(pushed).constData());
}

void BadPushesTest::areNotSentToUnsafeAddresses()
{
    for (const char *location :
         {"http://registry.invalid/up/1", "file:///etc/passwd", "http://u:p@127.0.0.1/up/1", ""}) {
        UploadRegistry target;
        target.onPost = [&](const auto &, httplib::Response &reply) {
            reply.status = 202;
            reply.set_header("Location", location);
            return false;
        };
        target.start();
        const auto pushed = target.push(m_fixture, m_image);
        QVERIFY2(!pushed && pushed.error().what.contains("where to upload to"_L1), why(pushed).constData());
    }
}

void BadPushesTest::giveUpOnARegistryThatTakesNothing()
{
    UploadRegistry target;
    target.onPatch = [&](const auto &, httplib::Response &reply) {
        const std::lock_guard lock(target.mutex);
        target.answer(reply, 202);
        return false;
    };
    target.start();
    const auto pushed = target.push(m_fixture, m_image, 100'000);
    QVERIFY(!pushed);
    QVERIFY2(pushed.error().what.contains("does not take the upload"_L1), why(pushed).constData());
}

void BadPushesTest::noticeAnotherManifest()
{
    UploadRegistry target;
    target.lies = true;
    target.start();
    const auto pushed = target.push(m_fixture, m_image);
    QVERIFY2(!pushed && pushed.error().what.contains("another manifest"_L1), why(pushed).constData());
}

void BadPushesTest::askForTheScopesOfBothRepositories()
{
    UploadRegistry target;
    std::vector<std::string> asked;
    target.onPost = [&](const httplib::Request &request, httplib::Response &reply) {
        if (!request.get_header_value("Authorization").empty()) {
            reply.status = request.has_param("mount") ? 201 : 202;
            if (request.has_param("mount"))
                return false;
            return true;
        }
        reply.status = 401;
        reply.set_header("WWW-Authenticate", "Bearer realm=\"http://" + target.registry.host() +
                                                 "/token\",service=\"s\",scope=\"repository:app:pull,push\"");
        return false;
    };
    target.registry.on("/token", [&](const httplib::Request &request, httplib::Response &reply) {
        for (const auto &[name, value] : request.params)
            if (name == "scope")
                asked.push_back(value);
        reply.set_content(R"({"token":"tok","expires_in":300})", "application/json");
    });
    target.start();
    embedded::LayerBlobTable table(m_fixture.store().database());
    QVERIFY(table.add({m_image.layers[0], QString::fromStdString(target.registry.host()) + u"/base/one"_s,
                       "sha256:" + QByteArray(64, 'a'), "sha256:" + QByteArray(64, 'b'), 10,
                       u"application/vnd.oci.image.layer.v1.tar+gzip"_s}));
    const auto pushed = target.push(m_fixture, m_image);
    QVERIFY2(pushed, why(pushed).constData());
    QCOMPARE(asked, (std::vector<std::string>{"repository:app:pull,push", "repository:base/one:pull",
                                              "repository:app:pull,push"}));
}

COOPERAGE_TEST_MAIN_AS_ROOT(BadPushesTest)
#include "tst_badpushes.moc"
