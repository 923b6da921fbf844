#include "core/embedded/server/contentencoding.h"
#include "core/embedded/server/deflater.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <zlib.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Content encoding (contract 1.3).
class TestServerEncoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void weightsDecide_data();
    void weightsDecide();
    void everyKindOfReplyIsCompressed_data();
    void everyKindOfReplyIsCompressed();
    void withoutTheHeaderNothingIs();
    void partsOfAFileStayAsTheyAre();
    void eventsAreFlushedAsTheyCome();
    void emptyRepliesStayEmpty();

private:
    /// The reply with its body as it came.
    Reply raw(const std::string &method, const std::string &path, const httplib::Headers &headers)
    {
        SocketClient client = m_fixture->client();
        client.set_decompress(false);
        httplib::Request request;
        request.method = method;
        request.path = path;
        request.headers = headers;
        return client.send(request);
    }

    std::unique_ptr<ServerFixture> m_fixture;
};

// Empty unless it is exactly one complete gzip member, with its trailer.
static std::string unpacked(const std::string &bytes)
{
    z_stream stream{};
    if (::inflateInit2(&stream, 15 + 16) != Z_OK)
        return {};
    std::string result(64UL * 1024 * 1024, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    const bool whole = ::inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
    result.resize(whole ? stream.total_out : 0);
    ::inflateEnd(&stream);
    return result;
}

void TestServerEncoding::weightsDecide_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("gzip");
    const QList<std::pair<const char *, bool>> rows{{"gzip", true},
                                                    {"", false},
                                                    {"identity", false},
                                                    {"deflate, br", false},
                                                    {"br, gzip", true},
                                                    {"GZIP;Q=0.5", true},
                                                    {"x-gzip", true},
                                                    {"gzip;q=0", false},
                                                    {"gzip; q=0.000", false},
                                                    {"gzip;q=x", false},
                                                    {"*", true},
                                                    {"*;q=0", false},
                                                    {"*, gzip;q=0", false},
                                                    {"gzip;q=0.5, identity", false},
                                                    {"gzip, identity;q=0.5", true},
                                                    {"identity;q=0, gzip;q=0.1", true},
                                                    {" gzip ; q=1 ,", true},
                                                    {"notgzip", false},
                                                    {",,;;q=,", false}};
    for (const auto &[header, gzip] : rows)
        QTest::newRow(*header ? header : "nothing") << QByteArray(header) << gzip;
}

void TestServerEncoding::weightsDecide()
{
    QFETCH(QByteArray, header);
    QFETCH(bool, gzip);
    QCOMPARE(prefersGzip(header.toStdString()), gzip);
    const Reply reply = raw("GET", "/v1/whoami", {{"Accept-Encoding", header.toStdString()}});
    QCOMPARE(reply.header("Content-Encoding"), gzip ? u"gzip"_s : QString());
}

void TestServerEncoding::everyKindOfReplyIsCompressed_data()
{
    QTest::addColumn<QByteArray>("path");
    const QByteArray image = "/v1/inspect/" + m_fixture->busybox().toLatin1();
    const QByteArray run = m_fixture->shell(u"echo hi"_s).value(u"uuid"_s).toString().toLatin1();
    QTest::newRow("JSON") << QByteArray("/v1/whoami");
    QTest::newRow("long JSON") << image + "/list?path=/bin";
    QTest::newRow("text") << image + "/list?path=/&text=1";
    QTest::newRow("file") << image + "/download?path=/bin/busybox";
    QTest::newRow("archive") << image + "/archive?path=/etc";
    QTest::newRow("events") << "/v1/operations/" + run + "/events";
    QTest::newRow("error") << QByteArray("/v1/nothing");
    QTest::newRow("error of a query") << QByteArray("/v1/images?limit=0");
}

void TestServerEncoding::everyKindOfReplyIsCompressed()
{
    QFETCH(QByteArray, path);
    const Reply plain = raw("GET", path.toStdString(), {{"Accept-Encoding", "identity"}});
    const Reply packed = raw("GET", path.toStdString(), {{"Accept-Encoding", "gzip"}});
    QCOMPARE(packed.status, plain.status);
    QCOMPARE(packed.header("Content-Encoding"), u"gzip"_s);
    QCOMPARE(packed.header("Content-Type"), plain.header("Content-Type"));
    QCOMPARE(packed.header("Vary"), u"Accept-Encoding"_s);
    QVERIFY(plain.header("Content-Encoding").isEmpty());
    QVERIFY(!plain.body.empty());
    QVERIFY(unpacked(packed.body) == plain.body);
    QCOMPARE(packed.headers.count("Content-Type"), 1UL);
    const Reply head = raw("HEAD", path.toStdString(), {{"Accept-Encoding", "gzip"}});
    QCOMPARE(head.status, plain.status);
    QVERIFY(head.body.empty());
    for (const char *name :
         {"Content-Encoding", "Content-Type", "Content-Length", "Transfer-Encoding", "Vary"})
        QCOMPARE(head.header(name), packed.header(name));
}

void TestServerEncoding::withoutTheHeaderNothingIs()
{
    const Reply reply = raw("GET", "/v1/whoami", {{"Accept-Encoding", "identity"}});
    QCOMPARE(reply.header("Vary"), u"Accept-Encoding"_s);
    QVERIFY(!reply.json().isEmpty());
}

void TestServerEncoding::partsOfAFileStayAsTheyAre()
{
    const std::string path =
        "/v1/inspect/" + m_fixture->busybox().toStdString() + "/download?path=/bin/busybox";
    const Reply part = raw("GET", path, {{"Accept-Encoding", "gzip"}, {"Range", "bytes=1-3"}});
    QCOMPARE(part.status, 206);
    QCOMPARE(part.body, std::string("ELF"));
    QVERIFY(part.header("Content-Encoding").isEmpty());
}

void TestServerEncoding::eventsAreFlushedAsTheyCome()
{
    SocketClient client = m_fixture->client();
    const QString uuid = client
                             .post("/v1/instances", {{u"image"_s, m_fixture->busybox()},
                                                     {u"command"_s, u"echo seen; sleep 1000"_s},
                                                     {u"shell"_s, true},
                                                     {u"timeout"_s, 600}})
                             .text(u"uuid"_s);
    const std::string path = "/v1/operations/" + uuid.toStdString();
    std::string packed;
    std::string text;
    bool cancelled = false;
    z_stream stream{};
    QCOMPARE(::inflateInit2(&stream, 15 + 16), Z_OK);
    SocketClient follower = m_fixture->client();
    follower.set_decompress(false);
    const auto result = follower.Get(
        path + "/events?follow=1", {{"Accept-Encoding", "gzip"}, {"Accept", "text/event-stream"}},
        [&](const char *bytes, size_t size) {
            packed.append(bytes, size);
            char piece[64 * 1024];
            stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes));
            stream.avail_in = static_cast<uInt>(size);
            stream.next_out = reinterpret_cast<Bytef *>(piece);
            stream.avail_out = sizeof piece;
            ::inflate(&stream, Z_SYNC_FLUSH);
            text.append(piece, sizeof piece - stream.avail_out);
            // It is read while the command still runs: then the command is ended, and with it the stream.
            if (!cancelled && text.find("seen") != std::string::npos)
                cancelled = Reply(client.Delete(path)).status == 202;
            return true;
        });
    ::inflateEnd(&stream);
    QVERIFY(result);
    QVERIFY(cancelled);
    QVERIFY(unpacked(packed) == text);
    QVERIFY(text.find("event: completion") != std::string::npos);
}

void TestServerEncoding::emptyRepliesStayEmpty()
{
    const QString uuid = m_fixture->store().createImage({.layers = {}})->uuid;
    const Reply gone =
        raw("DELETE", "/v1/images/" + uuid.toStdString() + "/tag", {{"Accept-Encoding", "gzip"}});
    QCOMPARE(gone.status, 204);
    QVERIFY(gone.header("Content-Encoding").isEmpty() && gone.body.empty());
    const Reply found = raw("GET", "/v1/inspect/?tag=busybox:latest", {{"Accept-Encoding", "gzip"}});
    QCOMPARE(found.status, 302);
    QVERIFY(found.header("Content-Encoding").isEmpty());
}

QTEST_GUILESS_MAIN(TestServerEncoding)
#include "tst_serverencoding.moc"
