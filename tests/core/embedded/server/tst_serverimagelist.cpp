#include "core/engine/contree/contreeengine.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <qcorotask.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;
using engine::ImageGrouping;
using engine::ImageListQuery;

/// Browsing images: pages, orders, filters, groups, and what shadows what; asked by the real client.
class TestServerImageList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void pagesAddUpToTheTotal();
    void sortsByTagAndSize();
    void filtersByTextAndKind();
    void wildcardsOfTheDatabaseAreOrdinaryLetters();
    void groupsByRepositoryRegistryAndImage();
    void ownTagHidesThePublicOne();
    void sizesTellWhatRemovingFrees();
    void originIsTheOperation();
    void badParametersAreRefused();
    void plainEngineKnowsTheNewestFirst();

private:
    [[nodiscard]] engine::ImagePage browse(const ImageListQuery &query)
    {
        auto page = QCoro::waitFor(m_engine->browse(query));
        if (!page)
            QTest::qFail(qPrintable(page.error().text()), __FILE__, __LINE__);
        return page.value_or(engine::ImagePage());
    }
    [[nodiscard]] QStringList tags(const ImageListQuery &query)
    {
        QStringList tags;
        for (const engine::ImageListRow &row : browse(query).rows)
            tags << row.image.tag;
        return tags;
    }
    [[nodiscard]] QStringList groups(ImageGrouping by, const ImageListQuery &query = {})
    {
        QStringList lines;
        const auto groups = QCoro::waitFor(m_engine->groups(by, query));
        for (const engine::ImageGroup &group : groups.value_or(QList<engine::ImageGroup>()))
            lines << u"%1 %2"_s.arg(group.name).arg(group.images);
        return lines;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    std::unique_ptr<engine::contree::ContreeEngine> m_engine;
    QString m_one;
    QString m_two;
    QString m_untagged;
};

void TestServerImageList::initTestCase()
{
    m_fixture = std::make_unique<ServerFixture>();
    COOPERAGE_NEEDS(*m_fixture);
    m_one = imageOf(m_fixture->shell(u"head -c 300000 /dev/zero > /big"_s));
    m_two = imageOf(m_fixture->shell(u"echo small > /small"_s));
    m_untagged = imageOf(m_fixture->shell(u"echo none > /none"_s));
    Store &store = m_fixture->store();
    for (const auto &[uuid, tag] : {std::pair{m_one, u"localhost:5000/team/app:1"_s},
                                    {m_one, u"team/app:1"_s},
                                    {m_two, u"team/app:2"_s},
                                    {m_two, u"ghcr.io/o/tool"_s},
                                    {m_two, u"100%_sure"_s.replace(u'%', u'-')}})
        QVERIFY(store.setTag(uuid, tag));
    engine::contree::Endpoint endpoint;
    endpoint.socketPath = m_fixture->socket();
    m_engine = std::make_unique<engine::contree::ContreeEngine>(endpoint);
}

void TestServerImageList::cleanupTestCase()
{
    m_engine.reset();
    m_fixture.reset();
}

void TestServerImageList::pagesAddUpToTheTotal()
{
    ImageListQuery query{.limit = 2, .show = ImageListQuery::Show::All};
    const qint64 total = browse(query).total;
    QCOMPARE(total, 7); // Five tags, busybox, and the untagged image.
    QStringList seen;
    for (query.offset = 0; query.offset < total; query.offset += query.limit)
        for (const engine::ImageListRow &row : browse(query).rows)
            seen << row.image.uuid + row.image.tag;
    QCOMPARE(seen.size(), total);
    QCOMPARE(seen.removeDuplicates(), 0);
    query.offset = 100;
    QCOMPARE(browse(query).total, total);
    QVERIFY(browse(query).rows.isEmpty());
}

void TestServerImageList::sortsByTagAndSize()
{
    using Order = ImageListQuery::Order;
    QStringList byTag = tags({.show = ImageListQuery::Show::All, .order = Order::Tag, .descending = false});
    QCOMPARE(byTag.takeLast(), QString()); // Untagged ones last.
    QStringList sorted = byTag;
    sorted.sort();
    QCOMPARE(byTag, sorted);
    const auto bySize = browse({.order = Order::Size});
    QCOMPARE(bySize.rows.first().image.uuid, m_one);
    QVERIFY(bySize.rows.first().size > bySize.rows.last().size);
}

void TestServerImageList::filtersByTextAndKind()
{
    using Show = ImageListQuery::Show;
    QCOMPARE(tags({.text = u"TEAM/app"_s}).size(), 3);
    QCOMPARE(tags({.show = Show::All, .text = m_untagged.left(8)}), QStringList{QString()});
    QCOMPARE(tags({.tagPrefix = u"team/"_s}).size(), 2);
    QCOMPARE(tags({.show = Show::Public}), QStringList{u"busybox:latest"_s});
    QVERIFY(!tags({.show = Show::Own}).contains(u"busybox:latest"_s));
    QCOMPARE(browse({.show = Show::Untagged}).rows.value(0).image.uuid, m_untagged);
    QCOMPARE(tags({.repository = u"team/app"_s}).size(), 2);
    QCOMPARE(tags({.registry = u"localhost:5000"_s}), QStringList{u"localhost:5000/team/app:1"_s});
    QCOMPARE(browse({.show = Show::All, .until = u"1h"_s}).total, 0);
    QCOMPARE(browse({.show = Show::All, .since = u"1h"_s}).total, 7);
}

void TestServerImageList::wildcardsOfTheDatabaseAreOrdinaryLetters()
{
    QCOMPARE(tags({.text = u"_"_s}), QStringList{u"100-_sure"_s});
    QVERIFY(tags({.text = u"%"_s}).isEmpty());
}

void TestServerImageList::groupsByRepositoryRegistryAndImage()
{
    QCOMPARE(groups(ImageGrouping::Repository),
             (QStringList{u"100-_sure 1"_s, u"busybox 1"_s, u"ghcr.io/o/tool 1"_s,
                          u"localhost:5000/team/app 1"_s, u"team/app 2"_s}));
    QCOMPARE(groups(ImageGrouping::Registry), (QStringList{u" 4"_s, u"ghcr.io 1"_s, u"localhost:5000 1"_s}));
    const QStringList images = groups(ImageGrouping::Image, {.show = ImageListQuery::Show::All});
    QCOMPARE(images.size(), 4);
    QVERIFY(images.contains(m_two + u" 3"_s));
}

void TestServerImageList::ownTagHidesThePublicOne()
{
    QVERIFY(m_fixture->store().setTag(m_two, u"busybox:latest"_s));
    const auto rows = browse({.text = u"busybox"_s}).rows;
    QCOMPARE(rows.size(), 2);
    for (const engine::ImageListRow &row : rows) {
        QCOMPARE(row.hidesPublic, row.image.uuid == m_two);
        QCOMPARE(row.isHidden, row.isPublic);
    }
    QVERIFY(m_fixture->store().removeTag(m_two, u"busybox:latest"_s));
    QVERIFY(!browse({.text = u"busybox"_s}).rows.value(0).isHidden);
}

void TestServerImageList::sizesTellWhatRemovingFrees()
{
    const auto one = browse({.uuid = m_one}).rows.value(0);
    QVERIFY(one.unique >= 300'000);
    QVERIFY(one.size > one.unique);
    QCOMPARE(one.tagCount, 2);
}

void TestServerImageList::originIsTheOperation()
{
    const auto row = browse({.uuid = m_two}).rows.value(0);
    QCOMPARE(row.originKind, u"instance"_s);
    QCOMPARE(row.originText, u"echo small > /small"_s);
    QVERIFY(browse({.show = ImageListQuery::Show::Public}).rows.value(0).originKind.isEmpty());
}

void TestServerImageList::badParametersAreRefused()
{
    for (const char *bad :
         {"list?sort=colour", "list?show=some", "list?order=up", "list?limit=0", "groups?by=age"}) {
        const Reply reply = m_fixture->client().Get(std::string("/v1/images/") + bad);
        QVERIFY2(reply.status == 400 && reply.text(u"error"_s).contains(u"must be"_s), bad);
    }
}

void TestServerImageList::plainEngineKnowsTheNewestFirst()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = false; });
    engine::contree::Endpoint endpoint;
    endpoint.socketPath = m_fixture->socket();
    engine::contree::ContreeEngine plain(endpoint);
    const auto page = QCoro::waitFor(plain.browse({.limit = 3, .show = ImageListQuery::Show::All}));
    QVERIFY(page);
    QCOMPARE(page->rows.size(), 3);
    QVERIFY(!page->isExact);
    QCOMPARE(page->total, 4);
    QCOMPARE(page->rows.first().size, -1);
    const auto sorted = QCoro::waitFor(plain.browse({.order = ImageListQuery::Order::Tag}));
    QVERIFY(!sorted);
    QCOMPARE(sorted.error().kind, ErrorKind::Unsupported);
    QVERIFY(!QCoro::waitFor(plain.groups(ImageGrouping::Image, {})));
}

QTEST_GUILESS_MAIN(TestServerImageList)
#include "tst_serverimagelist.moc"
