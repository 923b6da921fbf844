#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/server/serverfixture.h"
#include "tests/support/processes.h"

using namespace cooperage;
using namespace cooperage::test;

class ServerPushesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pushesAreOperations();
    void areListedOnlyWhenAskedFor();
    void tellARefusal();
    void areRefusedWhenWrong_data();
    void areRefusedWhenWrong();

private:
    [[nodiscard]] QJsonObject push(const QString &url, const QJsonObject &credentials = {})
    {
        QJsonObject registry{{u"url"_s, url}};
        if (!credentials.isEmpty())
            registry[u"credentials"_s] = credentials;
        return m_server.run({{u"registry"_s, registry}}, path());
    }
    [[nodiscard]] std::string path() { return "/v1/images/" + m_server.busybox().toStdString() + "/push"; }

    ServerFixture m_server;
    Registry m_open;
    Registry m_closed;
};

void ServerPushesTest::initTestCase()
{
    COOPERAGE_NEEDS(m_server);
    QVERIFY(m_open.start());
    QVERIFY(m_closed.start(u"user"_s, u"password"_s));
}

void ServerPushesTest::pushesAreOperations()
{
    const QJsonObject pushed = push(u"docker://"_s + m_open.reference(u"box:1"_s));
    QCOMPARE(statusOf(pushed), u"SUCCESS"_s);
    QCOMPARE(pushed[u"kind"_s].toString(), u"image_push"_s);
    QCOMPARE(pushed[u"image_uuid"_s].toString(), m_server.busybox());
    QVERIFY(resultOf(pushed)[u"digest"_s].toString().startsWith(u"sha256:"_s));
    const Reply info = m_server.client().Get("/v1/whoami");
    QVERIFY(info.json()[u"extensions"_s].toArray().contains(u"push"_s));
}

void ServerPushesTest::areListedOnlyWhenAskedFor()
{
    const QString uuid = push(m_open.reference(u"box:2"_s))[u"uuid"_s].toString();
    const auto lists = [&](const char *query) {
        const QJsonArray all = Reply(m_server.client().Get(std::string("/v1/operations") + query)).array();
        return std::ranges::any_of(
            all, [&](const QJsonValue &one) { return one.toObject()[u"uuid"_s].toString() == uuid; });
    };
    QVERIFY(!lists(""));
    QVERIFY(!lists("?kind=image_import"));
    QVERIFY(lists("?kind=image_push"));
}

void ServerPushesTest::tellARefusal()
{
    const QJsonObject refused =
        push(m_closed.reference(u"box:1"_s), {{u"username"_s, u"user"_s}, {u"password"_s, u"CANARY"_s}});
    QCOMPARE(statusOf(refused), u"FAILED"_s);
    QCOMPARE(resultOf(refused)[u"error_kind"_s].toString(), u"denied"_s);
    const QByteArray text = QJsonDocument(refused).toJson();
    QVERIFY(text.contains("<MASKED>") && !text.contains("CANARY"));
    const QJsonObject pushed =
        push(m_closed.reference(u"box:1"_s), {{u"username"_s, u"user"_s}, {u"password"_s, u"password"_s}});
    QCOMPARE(statusOf(pushed), u"SUCCESS"_s);
    const QJsonObject import{{u"registry"_s, QJsonObject{{u"url"_s, m_closed.reference(u"box:1"_s)}}}};
    QCOMPARE(resultOf(m_server.run(import, "/v1/images/import"))[u"error_kind"_s].toString(), u"denied"_s);
}

void ServerPushesTest::areRefusedWhenWrong_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("words");
    QTest::newRow("no registry") << QByteArray("{}") << u"registry.url"_s;
    QTest::newRow("no name") << QByteArray(R"({"registry":{"url":"Not a name"}})") << u"Not a name"_s;
    QTest::newRow("compression") << QByteArray(R"({"registry":{"url":"a/b:1"},"compression":"xz"})")
                                 << u"compression"_s;
    QTest::newRow("timeout") << QByteArray(R"({"registry":{"url":"a/b:1"},"timeout":-1})") << u"timeout"_s;
    QTest::newRow("plain http") << QByteArray(R"({"registry":{"url":"a/b:1","plain_http":"yes"}})")
                                << u"plain_http"_s;
}

void ServerPushesTest::areRefusedWhenWrong()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, words);
    const Reply refused = m_server.client().Post(path(), body.toStdString(), "application/json");
    QCOMPARE(refused.status, 400);
    QVERIFY2(refused.text(u"error"_s).contains(words), refused.body.c_str());
    const Reply unknown = m_server.client().Post("/v1/images/00000000-0000-0000-0000-000000000000/push",
                                                 body.toStdString(), "application/json");
    QCOMPARE(unknown.status, 404);
}

COOPERAGE_TEST_MAIN_AS_ROOT(ServerPushesTest)
#include "tst_serverpushes.moc"
