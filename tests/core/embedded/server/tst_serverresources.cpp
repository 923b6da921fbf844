#include "core/base/sha256.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QFile>
#include <QRegularExpression>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

static qint64 memoryPeakKb()
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QFile::ReadOnly))
        return 0;
    static const QRegularExpression line(u"VmHWM:\\s+(\\d+)"_s);
    return line.match(QString::fromLatin1(file.readAll())).captured(1).toLongLong();
}

/// Whoami, images, tags, files and the form of errors.
class TestServerResources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void whoamiTellsPermissionsAndExtensions();
    void errorsAreJsonWithTheirStatus_data();
    void errorsAreJsonWithTheirStatus();
    void tagsMoveAndGo();
    void exactTagComesFirst();
    void listsKnowPagesAndTimes();
    void uploadsWithBothFramingsAreTheSameFile();
    void brokenUploadStoresNothing();
    void largeUploadTakesLittleMemory();
    void legacyFileQueriesAnswer();
    void configAndLayersAreShown();

private:
    Reply get(const std::string &path) { return m_fixture->client().Get(path); }

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerResources::whoamiTellsPermissionsAndExtensions()
{
    const Reply reply = get("/v1/whoami");
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.json().value(u"permissions"_s).toObject().value(u"list"_s).toBool());
    QVERIFY(reply.json().contains(u"token_expiration"_s));
    QCOMPARE(reply.json().value(u"limits"_s).toObject().value(u"instance_max_timeout"_s).toInt(), 3600);
    QVERIFY(reply.json().value(u"extensions"_s).toArray().contains(u"local-files"_s));
    QVERIFY(!reply.header("X-Request-Id").isEmpty());
}

void TestServerResources::errorsAreJsonWithTheirStatus_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray none = "11111111-1111-1111-1111-111111111111";
    const auto add = [](const char *name, const QByteArray &method, const QByteArray &path,
                        const QByteArray &body,
                        int status) { QTest::newRow(name) << method << path << body << status; };
    add("unknown path", "GET", "/v1/nothing", {}, 404);
    add("grep of unknown image", "GET", "/v1/inspect/" + none + "/grep?pattern=x", {}, 404);
    add("unknown method", "PUT", "/v1/images", "{}", 405);
    add("delete a list", "DELETE", "/v1/files", {}, 405);
    add("limit 0", "GET", "/v1/images?limit=0", {}, 400);
    add("limit 1001", "GET", "/v1/operations?limit=1001", {}, 400);
    add("bad time", "GET", "/v1/images?since=yesterday", {}, 400);
    add("bad status", "GET", "/v1/operations?status=DONE", {}, 400);
    add("unknown image", "GET", "/v1/inspect/" + none + "/", {}, 404);
    add("unknown tag", "GET", "/v1/inspect/?tag=nothing:1", {}, 404);
    add("no tag", "GET", "/v1/inspect/", {}, 400);
    add("unknown operation", "GET", "/v1/operations/" + none, {}, 404);
    add("cancel unknown", "DELETE", "/v1/operations/" + none, {}, 404);
    add("events of unknown", "GET", "/v1/operations/" + none + "/events", {}, 404);
    add("unknown file", "GET", "/v1/files/" + QByteArray(64, 'a'), {}, 404);
    add("malformed digest", "GET", "/v1/files/../../etc", {}, 404);
    add("not JSON", "POST", "/v1/instances", "{", 400);
    add("no object", "POST", "/v1/instances", "[]", 400);
    add("empty body", "POST", "/v1/instances", "", 400);
    add("no command", "POST", "/v1/instances", R"({"image":"tag:busybox:latest"})", 400);
    add("instance of unknown", "POST", "/v1/instances", R"({"command":"true","image":")" + none + R"("})",
        404);
    add("instance of nonsense", "POST", "/v1/instances", R"({"command":"true","image":"busybox"})", 400);
    add("too long", "POST", "/v1/instances",
        R"({"command":"true","image":"tag:busybox:latest","timeout":3601})", 400);
    add("unknown staged file", "POST", "/v1/instances",
        R"({"command":"true","image":"tag:busybox:latest","files":{"/a":{"uuid":")" + none + R"("}}})", 404);
    add("relative staged file", "POST", "/v1/instances",
        R"({"command":"true","image":"tag:busybox:latest","files":{"a":{"uuid":")" + none + R"("}}})", 400);
    add("import without url", "POST", "/v1/images/import", "{}", 400);
    add("import with bad tag", "POST", "/v1/images/import",
        R"({"registry":{"url":"docker://x/y"},"tag":"no spaces"})", 400);
    add("import for no platform", "POST", "/v1/images/import",
        R"({"registry":{"url":"docker://x/y","platform":"arm64"}})", 400);
    add("tag unknown image", "PATCH", "/v1/images/" + none + "/tag", R"({"tag":"a:1"})", 404);
    add("long path", "GET", "/v1/" + QByteArray(2000, 'a'), {}, 414);
}

void TestServerResources::errorsAreJsonWithTheirStatus()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    httplib::Request request;
    request.method = method.toStdString();
    request.path = path.toStdString();
    request.body = body.toStdString();
    const Reply reply = m_fixture->client().send(request);
    QCOMPARE(reply.status, status);
    QVERIFY2(!reply.text(u"error"_s).isEmpty(), reply.body.c_str());
    QCOMPARE(reply.json().value(u"status"_s).toInt(), status);
    QCOMPARE(reply.json().size(), 2);
    QVERIFY(!reply.header("X-Request-Id").isEmpty());
}

void TestServerResources::tagsMoveAndGo()
{
    SocketClient client = m_fixture->client();
    const QString one = m_fixture->store().createImage({.layers = {}})->uuid;
    const QString two = m_fixture->store().createImage({.layers = {}})->uuid;
    const auto path = [](const QString &uuid) { return "/v1/images/" + uuid.toStdString() + "/tag"; };
    for (const QString &uuid : {one, two}) {
        const Reply tagged = client.Patch(path(uuid), R"({"tag":"moving:1"})", "application/json");
        QCOMPARE(tagged.status, 200);
        QCOMPARE(tagged.text(u"tag"_s), u"moving:1"_s);
    }
    const Reply redirect = client.Get("/v1/inspect/?tag=moving:1");
    QCOMPARE(redirect.status, 302);
    QCOMPARE(redirect.header("Location"), two + u'/');
    QCOMPARE(Reply(client.Get("/v1/inspect/" + one.toStdString())).json().value(u"tag"_s),
             QJsonValue(QJsonValue::Null));
    QCOMPARE(Reply(client.Get("/v1/inspect/" + two.toStdString() + "/")).text(u"tag"_s), u"moving:1"_s);
    QCOMPARE(Reply(client.Delete(path(two) + "?tag=moving:1")).status, 204);
    QCOMPARE(Reply(client.Get("/v1/inspect?tag=moving%3A1")).status, 404);
    QCOMPARE(Reply(client.Delete(path(two))).status, 204);
}

void TestServerResources::exactTagComesFirst()
{
    Store &store = m_fixture->store();
    const QString exact = store.createImage({.layers = {}})->uuid;
    const QString longer = store.createImage({.layers = {}})->uuid;
    QVERIFY(store.setTag(exact, u"exact:1"_s) && store.setTag(longer, u"exact:1-slim"_s));
    const QJsonArray images = get("/v1/images?tag=exact%3A1").json().value(u"images"_s).toArray();
    QCOMPARE(images.size(), 2);
    QCOMPARE(images[0].toObject().value(u"uuid"_s).toString(), exact);
    QCOMPARE(get("/v1/images?tag=exact:").json().value(u"images"_s).toArray().size(), 2);
    const QString prefix = exact.first(8);
    QCOMPARE(get("/v1/images?uuid=" + prefix.toStdString()).json().value(u"images"_s).toArray().size(), 1);
}

void TestServerResources::listsKnowPagesAndTimes()
{
    for (int i = 0; i < 3; ++i)
        QVERIFY(m_fixture->store().createImage({.layers = {}}));
    const auto count = [&](const std::string &query) {
        return get("/v1/images?" + query).json().value(u"images"_s).toArray().size();
    };
    const qsizetype all = count("");
    QVERIFY(all >= 4);
    QCOMPARE(count("limit=2"), 2);
    QCOMPARE(count("limit=1000&offset=" + std::to_string(all)), 0);
    QCOMPARE(count("since=1h"), all);
    QCOMPARE(count("since=3600"), all);
    QCOMPARE(count("until=1w"), 0);
    QCOMPARE(count("since=2020-01-01T00:00:00Z"), all);
    QCOMPARE(count("since=2020-01-01T00:00:00.5+00:00"), all);
    QCOMPARE(count("until=2020-01-01T00%3A00%3A00%2B02%3A00"), 0);
    QVERIFY(count("tagged=1") < all);
    QCOMPARE(count("tagged="), count("tagged=1"));
    QCOMPARE(count("tagged=0"), all);
    const QJsonArray images = get("/v1/images").json().value(u"images"_s).toArray();
    QVERIFY(images[0].toObject().value(u"created_at"_s).toString() >=
            images[1].toObject().value(u"created_at"_s).toString());
    QVERIFY(images[0].toObject().value(u"created_at"_s).toString().endsWith(u'Z'));
}

void TestServerResources::uploadsWithBothFramingsAreTheSameFile()
{
    SocketClient client = m_fixture->client();
    const std::string bytes = std::string("hello\0world\n", 12) + std::string(100'000, 'x');
    const Reply plain = client.Post("/v1/files", bytes, "application/octet-stream");
    QCOMPARE(plain.status, 201);
    QCOMPARE(plain.text(u"sha256"_s), QString::fromLatin1(Sha256::hex(QByteArray::fromStdString(bytes))));
    QCOMPARE(plain.json().value(u"size"_s).toInteger(), static_cast<qint64>(bytes.size()));
    const Reply chunked = client.Post(
        "/v1/files",
        [&](size_t offset, httplib::DataSink &sink) {
            if (offset < bytes.size())
                return sink.write(bytes.data() + offset, std::min<size_t>(7777, bytes.size() - offset));
            sink.done();
            return true;
        },
        "application/octet-stream");
    QCOMPARE(chunked.status, 201);
    QCOMPARE(chunked.text(u"uuid"_s), plain.text(u"uuid"_s));
    const Reply file = client.Get("/v1/files/" + plain.text(u"sha256"_s).toStdString());
    QCOMPARE(file.status, 200);
    QVERIFY(!file.text(u"created_at"_s).isEmpty() && !file.text(u"updated_at"_s).isEmpty());
    QCOMPARE(
        Reply(client.Post("/v1/files", "", "application/octet-stream")).json().value(u"size"_s).toInt(-1), 0);
}

void TestServerResources::brokenUploadStoresNothing()
{
    const auto count = [&] { return get("/v1/files").json().value(u"files"_s).toArray().size(); };
    const qsizetype before = count();
    for (const bool chunked : {false, true}) {
        SocketClient client = m_fixture->client();
        int calls = 0;
        const auto breakOff = [&](httplib::DataSink &sink) {
            const std::string part(10'000, chunked ? 'c' : 'p');
            return ++calls < 4 && sink.write(part.data(), part.size());
        };
        const auto result =
            chunked ? client.Post(
                          "/v1/files", [&](size_t, httplib::DataSink &sink) { return breakOff(sink); }, "x/y")
                    : client.Post(
                          "/v1/files", 1'000'000,
                          [&](size_t, size_t, httplib::DataSink &sink) { return breakOff(sink); }, "x/y");
        QVERIFY(!result);
    }
    QCOMPARE(count(), before);
    QTRY_VERIFY(QDir(QString::fromStdString(m_fixture->store().folder()) + u"/tmp"_s).isEmpty(QDir::Files));
}

void TestServerResources::largeUploadTakesLittleMemory()
{
    constexpr size_t size = 300 * 1024 * 1024;
    const std::string part(1024 * 1024, 'm');
    const qint64 before = memoryPeakKb();
    const auto send = [&](httplib::DataSink &sink, size_t offset) {
        return sink.write(part.data(), std::min(part.size(), size - offset));
    };
    const Reply reply = m_fixture->client().Post(
        "/v1/files",
        [&](size_t offset, httplib::DataSink &sink) {
            if (offset < size)
                return send(sink, offset);
            sink.done();
            return true;
        },
        "application/octet-stream");
    QCOMPARE(reply.status, 201);
    QCOMPARE(reply.json().value(u"size"_s).toInteger(), static_cast<qint64>(size));
    QVERIFY2(memoryPeakKb() - before < 30 * 1024, QByteArray::number(memoryPeakKb() - before).constData());
}

void TestServerResources::legacyFileQueriesAnswer()
{
    SocketClient client = m_fixture->client();
    const Reply file = client.Post("/v1/files", "legacy", "application/octet-stream");
    const std::string sha256 = file.text(u"sha256"_s).toStdString();
    QCOMPARE(Reply(client.Get("/v1/files?sha256=" + sha256)).text(u"uuid"_s), file.text(u"uuid"_s));
    QCOMPARE(Reply(client.Head("/v1/files?uuid=" + file.text(u"uuid"_s).toStdString())).status, 200);
    QCOMPARE(Reply(client.Head("/v1/files/" + sha256)).status, 200);
    QCOMPARE(Reply(client.Head("/v1/files?sha256=" + std::string(64, '0'))).status, 404);
    QCOMPARE(Reply(client.Head("/v1/files/" + std::string(64, '0'))).status, 404);
    QCOMPARE(Reply(client.Get("/v1/files?limit=1")).json().value(u"files"_s).toArray().size(), 1);
}

void TestServerResources::configAndLayersAreShown()
{
    const QByteArray raw = R"({"config": {"Env": ["A=b"]}, "version": 1.10})";
    const StoredImage image = *m_fixture->store().createImage(
        {.layers = m_fixture->store().image(m_fixture->busybox())->layers, .config = raw});
    const std::string path = "/v1/images/" + image.uuid.toStdString();
    QCOMPARE(QByteArray::fromStdString(get(path + "/config").body), raw);
    const QJsonArray layers = get(path + "/layers").json().value(u"layers"_s).toArray();
    QCOMPARE(layers.size(), 1);
    QVERIFY(layers[0].toObject().value(u"size"_s).toInteger() > 0);
    QVERIFY(layers[0].toObject().contains(u"diff_id"_s));
}

QTEST_GUILESS_MAIN(TestServerResources)
#include "tst_serverresources.moc"
