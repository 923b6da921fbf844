#include "core/embedded/store/imagecatalogue.h"
#include "core/embedded/store/store.h"
#include "tests/core/embedded/archive/asroot.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

/// Images of another image's lowest layers.
class TestLayersImages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        reopen();
        m_whole = image({*layer(), *layer()});
        QVERIFY(m_store->setTag(m_whole, u"whole"_s));
    }
    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void theSameLayersAreTheSameImage();
    void requestsAtOnceMakeOne();
    void listsShowItOnlyWithATag();
    void sizesDoNotCountIt();
    void untaggedOnesAreCollected();
    void itGoesWithTheImagesThatHaveItsLayers();
    void itStaysWhileItIsUsedOrTagged();
    void aRehearsalTellsTheSame();
    void itIsThereAfterARestart();

private:
    void reopen()
    {
        m_store.reset();
        auto opened = Store::open(m_folder->filePath(u"store"_s));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_store = std::move(*opened);
    }
    Result<LayerId> layer()
    {
        auto draft = m_store->beginLayer();
        if (!draft)
            return std::unexpected(draft.error());
        QFile file(QFile::decodeName((draft->upper() + "/file").c_str()));
        if (!file.open(QFile::WriteOnly) || file.write(QByteArray(10'000, 'x')) != 10'000)
            return failure(ErrorKind::Failed, file.errorString());
        file.close();
        return m_store->commitLayer(std::move(*draft));
    }
    QString image(const std::vector<LayerId> &layers)
    {
        const auto made = m_store->createImage({.layers = layers});
        return made ? made->uuid : QString();
    }
    QString lowest(const QByteArray &config = "{}")
    {
        const auto whole = m_store->image(m_whole);
        const auto made = m_store->imageOfLayers({whole->layers.front()}, config);
        return made ? made->image.uuid : QString();
    }
    QStringList listed(const ImageFilter &filter = {})
    {
        QStringList uuids;
        const auto rows = m_store->images(filter);
        for (const ImageRow &row : rows ? *rows : QList<ImageRow>())
            uuids << row.uuid;
        return uuids;
    }
    QStringList catalogued(const CatalogueQuery &query = {})
    {
        QStringList uuids;
        const auto page = ImageCatalogue(m_store->database()).page(query);
        for (const CatalogueRow &row : page ? *page : QList<CatalogueRow>())
            uuids << row.uuid;
        return uuids;
    }
    QStringList collected(const CollectRequest &request = {})
    {
        const auto done = m_store->collect(request);
        return done ? done->images : QStringList{done.error().text()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    QString m_whole;
};

static constexpr std::chrono::seconds now{0};

void TestLayersImages::theSameLayersAreTheSameImage()
{
    const auto whole = m_store->image(m_whole);
    const auto first = m_store->imageOfLayers({whole->layers.front()}, "{}");
    const auto second = m_store->imageOfLayers({whole->layers.front()}, "{}");
    QVERIFY(first && second && first->isNew && !second->isNew);
    QCOMPARE(second->image.uuid, first->image.uuid);
    QCOMPARE(second->image.layers, first->image.layers);
    QCOMPARE(second->image.config, QByteArray("{}"));
    QVERIFY(lowest("{\"a\": 1}") != first->image.uuid);
    QCOMPARE(m_store->imageOfLayers({LayerId("nothere1")}, "{}").error().kind, ErrorKind::NotFound);
}

void TestLayersImages::requestsAtOnceMakeOne()
{
    std::mutex mutex;
    QSet<QString> uuids;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                const QString uuid = lowest();
                const std::scoped_lock lock(mutex);
                uuids << uuid;
            });
    }
    QCOMPARE(uuids.size(), 1);
    QVERIFY(!uuids.contains(QString()));
}

void TestLayersImages::listsShowItOnlyWithATag()
{
    const QString uuid = lowest();
    QCOMPARE(listed(), QStringList{m_whole});
    QCOMPARE(catalogued(), QStringList{m_whole});
    QCOMPARE(listed({.uuidPrefix = uuid.first(8)}), QStringList());
    QCOMPARE(listed({.uuidPrefix = uuid}), QStringList{uuid});
    QCOMPARE(catalogued({.uuid = uuid}), QStringList{uuid});
    QVERIFY(m_store->setTag(uuid, u"lowest"_s));
    QCOMPARE(listed(), (QStringList{uuid, m_whole}));
    QCOMPARE(catalogued().size(), 2);
    QVERIFY(m_store->removeTag(uuid, u"lowest"_s));
    QCOMPARE(listed(), QStringList{m_whole});
}

void TestLayersImages::sizesDoNotCountIt()
{
    const auto before = m_store->imageUses();
    const QString uuid = lowest();
    const auto after = m_store->imageUses();
    QVERIFY(before && after && after->size() == 1);
    QVERIFY(after->first().unique == before->first().unique && after->first().unique > 0);
    QVERIFY(m_store->setTag(uuid, u"lowest"_s));
    QCOMPARE(m_store->imageUses()->size(), 2);
    QVERIFY(m_store->imageUses()->last().unique < before->first().unique);
}

void TestLayersImages::untaggedOnesAreCollected()
{
    const QString uuid = lowest();
    QVERIFY(collected().isEmpty());
    QCOMPARE(collected({.untaggedImages = true, .olderThan = now}), QStringList{uuid});
    QVERIFY(m_store->image(m_whole));
    const auto again = m_store->imageOfLayers({m_store->image(m_whole)->layers.front()}, "{}");
    QVERIFY(again && again->isNew);
}

void TestLayersImages::itGoesWithTheImagesThatHaveItsLayers()
{
    const QString uuid = lowest();
    const QString other = lowest("{\"a\": 1}");
    const auto unique = m_store->imageUses()->first().unique;
    QVERIFY(m_store->removeImage(m_whole));
    QCOMPARE(m_store->storageUse()->reclaimable, unique);
    const auto done = m_store->collect({});
    QVERIFY(done);
    QCOMPARE(QSet<QString>(done->images.begin(), done->images.end()), (QSet<QString>{uuid, other}));
    QCOMPARE(done->layers, 2);
    QCOMPARE(m_store->image(uuid).error().kind, ErrorKind::NotFound);
    QVERIFY(QDir(m_folder->filePath(u"store/layers"_s)).isEmpty());
}

void TestLayersImages::itStaysWhileItIsUsedOrTagged()
{
    const QString uuid = lowest();
    QVERIFY(m_store->removeImage(m_whole));
    {
        const auto used = m_store->image(uuid);
        QVERIFY(used);
        QVERIFY(collected().isEmpty());
        QVERIFY(m_store->image(uuid));
    }
    QVERIFY(m_store->setTag(uuid, u"lowest"_s));
    QVERIFY(collected({.untaggedImages = true, .olderThan = now}).isEmpty());
    QCOMPARE(m_store->storageUse()->reclaimable, 0);
    QVERIFY(m_store->removeTag(uuid, u"lowest"_s));
    QCOMPARE(collected(), QStringList{uuid});
}

void TestLayersImages::aRehearsalTellsTheSame()
{
    (void)lowest();
    (void)lowest("{\"a\": 1}");
    QVERIFY(m_store->removeImage(m_whole));
    for (const bool untagged : {true, false}) {
        CollectRequest request{.dryRun = true, .untaggedImages = untagged, .olderThan = now};
        const auto told = m_store->collect(request);
        QVERIFY(told && told->images.size() == 2 && told->layers == 2 && told->freed >= 20'000);
        if (untagged)
            continue;
        request.dryRun = false;
        const auto done = m_store->collect(request);
        QVERIFY(done);
        QCOMPARE(done->images, told->images);
        QCOMPARE(done->layers, told->layers);
        QCOMPARE(done->freed, told->freed);
    }
}

void TestLayersImages::itIsThereAfterARestart()
{
    const QString uuid = lowest();
    reopen();
    QCOMPARE(lowest(), uuid);
    QVERIFY(m_store->removeImage(m_whole));
    reopen();
    QCOMPARE(m_store->image(uuid).error().kind, ErrorKind::NotFound);
    QVERIFY(QDir(m_folder->filePath(u"store/layers"_s)).isEmpty());
}

COOPERAGE_TEST_MAIN_AS_ROOT(TestLayersImages)
#include "tst_layersimages.moc"
