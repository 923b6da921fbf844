#include "core/embedded/server/listsnapshots.h"
#include "core/embedded/server/query.h"
#include "core/embedded/store/operationtable.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QScopeGuard>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Lists in pages, their filters and times (contract 1.7, 2.3), and the rules of tags (section 5).
class TestServerLists : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void parallelPagesFitTogether_data();
    void parallelPagesFitTogether();
    void aNewListSeesWhatWasAdded();
    void anyOrderOfPagesIsOneList();
    void limitsOutsideTheBoundsAreRefused_data();
    void limitsOutsideTheBoundsAreRefused();
    void timesInEveryForm_data();
    void timesInEveryForm();
    void sinceAndUntilChoose();
    void prefixQueriesPutTheExactTagFirstAndOwnBeforePublic();
    void anOwnTagHidesThePublicOneUntilRemoved();
    void severalTagsAreSeveralRows();
    void removingWithoutATagDropsThemAll();
    void aTagMovesWhenItIsAssignedAgain();
    void tagsHaveRules_data();
    void tagsHaveRules();
    void aPrefixMayEndInASeparator();
    void uuidsAreMatchedByPrefix();
    void inflightTellsHowItStands();

private:
    Reply get(const std::string &path) { return m_fixture->client().Get(path); }
    QJsonArray images(const std::string &query)
    {
        return get("/v1/images?" + query).json().value(u"images"_s).toArray();
    }
    QString newImage() { return m_fixture->store().createImage({.layers = {}})->uuid; }
    Reply tag(const QString &uuid, const QString &name)
    {
        return m_fixture->client().Patch("/v1/images/" + uuid.toStdString() + "/tag",
                                         QJsonDocument(QJsonObject{{u"tag"_s, name}}).toJson().toStdString(),
                                         "application/json");
    }
    Reply untag(const QString &uuid, const std::string &query)
    {
        return m_fixture->client().Delete("/v1/images/" + uuid.toStdString() + "/tag" + query);
    }
    static QStringList column(const QJsonArray &rows, const QString &key)
    {
        QStringList values;
        for (const QJsonValue &row : rows)
            values << row[key].toString();
        return values;
    }

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerLists::parallelPagesFitTogether_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("key");
    QTest::newRow("images") << QByteArray("/v1/images?tagged=0") << u"tag"_s;
    QTest::newRow("tagged images") << QByteArray("/v1/images?tagged=1") << u"tag"_s;
    QTest::newRow("files") << QByteArray("/v1/files?") << u"uuid"_s;
    QTest::newRow("operations") << QByteArray("/v1/operations?") << u"uuid"_s;
}

// What contree-cli does: eight pages at once, beyond the end if need be, while others add rows.
void TestServerLists::parallelPagesFitTogether()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, key);
    OperationTable operations(m_fixture->store().database());
    std::atomic<int> number = 0;
    const QString moving = newImage();
    const auto add = [&] {
        const int n = ++number;
        const QString uuid = newImage();
        (void)m_fixture->store().setTag(uuid, u"%1-%2"_s.arg(key).arg(n));
        (void)m_fixture->store().setTag(n % 2 ? uuid : moving, u"moving"_s);
        bool sent = false;
        (void)m_fixture->store().addFile([&](char *buffer, qint64) -> qint64 {
            const QByteArray text = sent ? QByteArray() : path + QByteArray::number(n);
            sent = true;
            std::ranges::copy(text, buffer);
            return text.size();
        });
        (void)operations.insert({.uuid = uuid, .kind = u"instance"_s, .status = u"SUCCESS"_s});
    };
    const auto all = [&] {
        const Reply reply = get(path.toStdString() + "&limit=1000");
        const QJsonObject object = reply.json();
        return column(object.isEmpty() ? reply.array() : object.begin()->toArray(), key);
    };
    for (int i = 0; i < 60; ++i)
        add();
    std::atomic<bool> over = false;
    std::thread adding([&] {
        for (int i = 0; i < 100 && !over; ++i)
            add();
    });
    const auto ended = qScopeGuard([&] {
        over = true;
        adding.join();
    });
    for (int round = 0; round < 3; ++round) {
        const QStringList before = all();
        std::vector<QStringList> pages(24);
        std::atomic<size_t> next = 0;
        std::vector<std::thread> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back([&] {
                SocketClient client = m_fixture->client();
                for (size_t page = next++; page < pages.size(); page = next++) {
                    const Reply reply =
                        client.Get(path.toStdString() + "&limit=25&offset=" + std::to_string(page * 25));
                    const QJsonObject object = reply.json();
                    pages[page] = column(object.isEmpty() ? reply.array() : object.begin()->toArray(), key);
                }
            });
        }
        for (std::thread &client : clients)
            client.join();
        QStringList listed;
        for (const QStringList &page : pages)
            listed += page;
        // Rows without a tag cannot be told apart.
        listed.removeIf([](const QString &row) { return row.isEmpty(); });
        const QSet<QString> distinct(listed.begin(), listed.end());
        QCOMPARE(distinct.size(), listed.size());
        QVERIFY(before.size() >= 60);
        for (const QString &row : before)
            QVERIFY2(row.isEmpty() || row == u"moving"_s || distinct.contains(row), qPrintable(row));
    }
}

void TestServerLists::aNewListSeesWhatWasAdded()
{
    for (int i = 0; i < 5; ++i) {
        const QString uuid = newImage();
        QCOMPARE(images("limit=1")[0][u"uuid"_s].toString(), uuid);
    }
}

void TestServerLists::anyOrderOfPagesIsOneList()
{
    ListSnapshots<int> lists;
    QList<int> rows{5, 4, 3, 2, 1};
    const auto load = [&](int limit) -> Result<QList<int>> {
        return limit < 0 ? rows : rows.first(std::min<qsizetype>(limit, rows.size()));
    };
    const auto page = [&](int offset) { return *lists.page(u"q"_s, offset, 2, load); };
    QCOMPARE(page(2), (QList<int>{3, 2})); // Not the first page, but the first one to arrive.
    rows.prepend(6);
    QCOMPARE(page(0), (QList<int>{5, 4}));
    QCOMPARE(page(4), QList<int>{1});
    QCOMPARE(page(6), QList<int>());
    QCOMPARE(page(0), (QList<int>{6, 5})); // A second time: a new list.
    rows.removeFirst();
    QCOMPARE(page(2), (QList<int>{4, 3}));
    QCOMPARE(*lists.page(u"other"_s, 2, 2, load), (QList<int>{3, 2}));
    const auto failing = [](int) -> Result<QList<int>> { return failure(ErrorKind::Failed, u"no"_s); };
    QVERIFY(!lists.page(u"failing"_s, 0, 2, failing));
}

void TestServerLists::limitsOutsideTheBoundsAreRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    for (const char *query : {"limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "offset=-1",
                              "offset=x", "limit=99999999999"})
        QTest::newRow(query) << QByteArray(query);
}

void TestServerLists::limitsOutsideTheBoundsAreRefused()
{
    QFETCH(QByteArray, query);
    for (const char *path : {"/v1/images?", "/v1/files?", "/v1/operations?"})
        QCOMPARE(get(path + query.toStdString()).status, 400);
}

void TestServerLists::timesInEveryForm_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QDateTime>("time"); // Invalid: refused.
    const auto at = [](int month, int day, int hour, int minute, int second, int ms = 0) {
        return QDateTime({2026, month, day}, {hour, minute, second, ms}, QTimeZone::UTC);
    };
    const QList<std::pair<const char *, QDateTime>> rows{
        {"2026-06-08T20:00:00Z", at(6, 8, 20, 0, 0)},
        {"2026-06-08T20:00:00+00:00", at(6, 8, 20, 0, 0)},
        {"2026-06-08T20:00:00 00:00", at(6, 8, 20, 0, 0)}, // A plus sign that was not escaped.
        {"2026-06-08T20:00:00.25+02:00", at(6, 8, 18, 0, 0, 250)},
        {"2026-06-08T20:00:00.123456Z", at(6, 8, 20, 0, 0, 123)},
        {"30s", at(6, 9, 11, 59, 30)},
        {"15m", at(6, 9, 11, 45, 0)},
        {"2h", at(6, 9, 10, 0, 0)},
        {"3d", at(6, 6, 12, 0, 0)},
        {"1w", at(6, 2, 12, 0, 0)},
        {"3600", at(6, 9, 11, 0, 0)},
        {"0", at(6, 9, 12, 0, 0)},
        {"yesterday", {}},
        {"-5m", {}},
        {"5y", {}},
        {"99999999999999999w", {}},
        {"2026-13-01T00:00:00Z", {}}};
    for (const auto &[text, time] : rows)
        QTest::newRow(text) << QString::fromLatin1(text) << time;
}

void TestServerLists::timesInEveryForm()
{
    QFETCH(QString, text);
    QFETCH(QDateTime, time);
    const Result<QDateTime> parsed = parseTime(text, QDateTime({2026, 6, 9}, {12, 0}, QTimeZone::UTC));
    QCOMPARE(parsed.has_value(), time.isValid());
    if (parsed)
        QCOMPARE(*parsed, time);
}

void TestServerLists::sinceAndUntilChoose()
{
    (void)newImage();
    for (const char *path : {"/v1/images?", "/v1/files?"}) {
        const auto count = [&](const std::string &query) {
            return get(path + query).json().begin()->toArray().size();
        };
        const qsizetype all = count("limit=1000");
        QVERIFY(all > 0);
        QCOMPARE(count("limit=1000&since=1h"), all);
        QCOMPARE(count("since=2099-01-01T00:00:00Z"), 0);
        QCOMPARE(count("until=1w"), 0);
        QCOMPARE(count("limit=1000&until=2099-01-01T00:00:00+00:00"), all);
        QCOMPARE(get(std::string(path) + "since=soon").status, 400);
    }
    QCOMPARE(get("/v1/operations?until=1w").array().size(), 0);
    QCOMPARE(get("/v1/operations?until=x").status, 400);
}

void TestServerLists::prefixQueriesPutTheExactTagFirstAndOwnBeforePublic()
{
    Store &store = m_fixture->store();
    const QString publicLonger = newImage();
    const QString exactPublic = newImage();
    const QString ownLonger = newImage();
    QVERIFY(store.setTag(exactPublic, u"first:1"_s, true) && store.setTag(ownLonger, u"first:1-b"_s) &&
            store.setTag(publicLonger, u"first:1-a"_s, true));
    QCOMPARE(column(images("tag=first:1"), u"uuid"_s), (QStringList{exactPublic, ownLonger, publicLonger}));
    QCOMPARE(column(images("tag=first:1&limit=1"), u"uuid"_s), QStringList{exactPublic});
    QCOMPARE(images("tag=irst:1").size(), 0);
    // Nothing in a tag is a wildcard.
    QCOMPARE(images("tag=first%25").size() + images("tag=firs_").size(), 0);
}

void TestServerLists::anOwnTagHidesThePublicOneUntilRemoved()
{
    const QString theirs = newImage();
    const QString mine = newImage();
    QVERIFY(m_fixture->store().setTag(theirs, u"shadow:1"_s, true));
    const auto resolved = [&] { return get("/v1/inspect/?tag=shadow:1").header("Location").chopped(1); };
    QCOMPARE(resolved(), theirs);
    QCOMPARE(tag(mine, u"shadow:1"_s).status, 200);
    QCOMPARE(resolved(), mine);
    QCOMPARE(column(images("tag=shadow:1"), u"uuid"_s), QStringList{mine});
    QCOMPARE(untag(theirs, "?tag=shadow:1").status, 404); // A public tag is nobody's to remove.
    QCOMPARE(untag(mine, "?tag=shadow:1").status, 204);
    QCOMPARE(resolved(), theirs);
    // A public image may be given own tags.
    QCOMPARE(tag(theirs, u"shadow:own"_s).status, 200);
    QCOMPARE(column(images("tag=shadow:"), u"tag"_s), (QStringList{u"shadow:own"_s, u"shadow:1"_s}));
}

void TestServerLists::severalTagsAreSeveralRows()
{
    const QString uuid = newImage();
    QCOMPARE(images("uuid=" + uuid.toStdString())[0][u"tag"_s], QJsonValue(QJsonValue::Null));
    QCOMPARE(tag(uuid, u"several:1"_s).text(u"tag"_s), u"several:1"_s);
    QCOMPARE(tag(uuid, u"several:2"_s).text(u"tag"_s), u"several:2"_s);
    QCOMPARE(column(images("uuid=" + uuid.toStdString()), u"tag"_s),
             (QStringList{u"several:2"_s, u"several:1"_s}));
    // Without a question for one of them, the image tells the latest.
    QCOMPARE(get("/v1/inspect/" + uuid.toStdString() + "/").text(u"tag"_s), u"several:2"_s);
    QCOMPARE(untag(uuid, "?tag=several:2").status, 204);
    QCOMPARE(get("/v1/inspect/" + uuid.toStdString() + "/").text(u"tag"_s), u"several:1"_s);
    QCOMPARE(untag(uuid, "?tag=several:2").status, 404);
}

void TestServerLists::removingWithoutATagDropsThemAll()
{
    const QString uuid = newImage();
    QCOMPARE(tag(uuid, u"drop:1"_s).status + tag(uuid, u"drop:2"_s).status, 400);
    QCOMPARE(untag(uuid, "").status, 204);
    QCOMPARE(images("tag=drop:").size(), 0);
    QCOMPARE(untag(uuid, "").status, 204);
}

void TestServerLists::aTagMovesWhenItIsAssignedAgain()
{
    const QString one = newImage();
    const QString two = newImage();
    QCOMPARE(tag(one, u"moves:1"_s).status, 200);
    QCOMPARE(tag(two, u"moves:1"_s).status, 200);
    QCOMPARE(column(images("tag=moves:1"), u"uuid"_s), QStringList{two});
    QCOMPARE(untag(one, "?tag=moves:1").status, 404);
}

void TestServerLists::tagsHaveRules_data()
{
    QTest::addColumn<QString>("tag");
    QTest::addColumn<int>("status");
    const auto add = [](const char *name, const QString &tag, int status) {
        QTest::newRow(name) << tag << status;
    };
    add("letters, digits and separators", u"ns/my_app-2:1.0"_s, 200);
    add("upper case", u"App:V1"_s, 200);
    add("256 characters", QString(256, u'a'), 200);
    add("257 characters", QString(257, u'a'), 400);
    add("empty", u""_s, 400);
    add("space", u"a b"_s, 400);
    add("at sign", u"a@sha256:0"_s, 400);
    add("umlaut", u"tür"_s, 400);
    add("line feed", u"a\n"_s, 400);
    add("ends in a separator", u"a:"_s, 400);
    add("begins with a separator", u"/a"_s, 400);
    add("two slashes", u"a//b"_s, 400);
}

void TestServerLists::tagsHaveRules()
{
    QFETCH(QString, tag);
    QFETCH(int, status);
    const QString uuid = newImage();
    const Reply reply = this->tag(uuid, tag);
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.text(u"error"_s).isEmpty(), status == 200);
    QCOMPARE(images("uuid=" + uuid.toStdString())[0][u"tag"_s].toString(), status == 200 ? tag : QString());
}

void TestServerLists::aPrefixMayEndInASeparator()
{
    QCOMPARE(tag(newImage(), u"sep/app:1.0"_s).status, 200);
    for (const char *prefix : {"sep/", "sep/app:", "sep/app:1."})
        QCOMPARE(images(std::string("tag=") + prefix).size(), 1);
}

void TestServerLists::uuidsAreMatchedByPrefix()
{
    const QString uuid = newImage();
    for (const QString &prefix : {uuid, uuid.first(12), uuid.first(20).toUpper()})
        QCOMPARE(column(images("uuid=" + prefix.toStdString()), u"uuid"_s), QStringList{uuid});
    QCOMPARE(images("uuid=" + uuid.mid(1).toStdString()).size(), 0);
}

void TestServerLists::inflightTellsHowItStands()
{
    const QString uuid = m_fixture->client()
                             .post("/v1/instances", {{u"image"_s, m_fixture->busybox()},
                                                     {u"command"_s, u"echo begun; sleep 1000"_s},
                                                     {u"shell"_s, true},
                                                     {u"timeout"_s, 600}})
                             .text(u"uuid"_s);
    const std::string path = "/v1/operations/" + uuid.toStdString();
    QTRY_COMPARE(outputOf(get(path + "?inflight=1").json()), u"begun\n"_s);
    const Reply live = get(path + "?inflight=1");
    QCOMPARE(statusOf(live.json()), u"EXECUTING"_s);
    QCOMPARE(stateOf(live.json()).value(u"exit_code"_s).toInt(), -1);
    QCOMPARE(stateOf(live.json()).value(u"signal"_s).toInt(), -1);
    QCOMPARE(live.header("Retry-After"), u"1"_s);
    QVERIFY(live.json().value(u"result"_s)[u"image"_s].isNull());
    const Reply plain = get(path);
    QVERIFY(resultOf(plain.json()).isEmpty() && plain.header("Retry-After").isEmpty());
    QCOMPARE(Reply(m_fixture->client().Delete(path)).status, 202);
    QCOMPARE(statusOf(m_fixture->waitFor(uuid)), u"CANCELLED"_s);
    QCOMPARE(Reply(m_fixture->client().Delete(path)).status, 409);
    QVERIFY(get(path + "?inflight=1").header("Retry-After").isEmpty());
}

QTEST_GUILESS_MAIN(TestServerLists)
#include "tst_serverlists.moc"
