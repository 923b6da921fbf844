#include "core/embedded/store/database.h"
#include "core/embedded/store/store.h"
#include "tests/core/embedded/archive/asroot.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cstring>
#include <thread>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

class TestCollection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        reopen();
    }
    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void layerGoesWithItsLastImage();
    void leasedLayerStays();
    void abandonedCommitIsCollected();
    void rehearsalChangesNothing();
    void untaggedImagesGoByAge();
    void imageInUseStays();
    void fileThatIsUsedStays();
    void sizesTellWhatIsShared();
    void crashBetweenRowsAndFoldersIsMendedAtTheNextStart();
    void layerWithoutAnImageGoesAtTheNextStart();
    void uploadWithoutARowGoesAtTheNextStart();
    void collectingBesideCommitsLosesNothing();

private:
    void reopen()
    {
        m_store.reset();
        auto opened = Store::open(m_folder->filePath(u"store"_s));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_store = std::move(*opened);
    }
    QString path(const QString &below) const { return m_folder->filePath(u"store/"_s + below); }
    Result<LayerId> layer(qsizetype bytes = 10'000)
    {
        auto draft = m_store->beginLayer();
        if (!draft)
            return std::unexpected(draft.error());
        QFile file(QFile::decodeName((draft->upper() + "/file").c_str()));
        if (!file.open(QFile::WriteOnly) || file.write(QByteArray(bytes, 'x')) != bytes)
            return failure(ErrorKind::Failed, file.errorString());
        file.close();
        return m_store->commitLayer(std::move(*draft));
    }
    QString image(const std::vector<LayerId> &layers)
    {
        const auto made = m_store->createImage({.layers = layers});
        return made ? made->uuid : QString();
    }
    Collected collect(const CollectRequest &request = {})
    {
        const auto done = m_store->collect(request);
        return done ? *done : Collected{.layers = -1};
    }
    QStringList folders() const
    {
        return QDir(path(u"layers"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    }
    StoredFile upload(const QByteArray &bytes)
    {
        qsizetype done = 0;
        return m_store
            ->addFile([&](char *buffer, qint64 size) {
                const qsizetype piece = std::min<qsizetype>(size, bytes.size() - done);
                std::memcpy(buffer, bytes.constData() + done, static_cast<std::size_t>(piece));
                done += piece;
                return piece;
            })
            .value_or(StoredFile());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
};

static constexpr std::chrono::seconds now{0};

void TestCollection::layerGoesWithItsLastImage()
{
    const QString uuids[] = {image({*layer()}), image({*layer()})};
    const auto shared = m_store->image(uuids[0])->layers;
    const QString third = image(shared);
    QVERIFY(m_store->removeImage(uuids[0]));
    QVERIFY(m_store->removeImage(uuids[1]));
    QCOMPARE(m_store->removeImage(uuids[1]).error().kind, ErrorKind::NotFound);
    const Collected done = collect();
    QCOMPARE(done.layers, 1);
    QVERIFY(done.freed >= 10'000 && done.freed < 100'000);
    QCOMPARE(folders(), QStringList{QString::fromStdString(shared[0])});
    QVERIFY(m_store->image(third));
    QTRY_VERIFY(QDir(path(u"trash"_s)).isEmpty());
}

void TestCollection::leasedLayerStays()
{
    const QString uuid = image({*layer()});
    std::optional<StoredImage> held = *m_store->image(uuid);
    QVERIFY(m_store->removeImage(uuid));
    QCOMPARE(collect().layers, 0);
    QCOMPARE(m_store->storageUse()->reclaimable, 0);
    const std::vector<LayerId> copy = held->layers;
    held.reset();
    QCOMPARE(collect().layers, 0);
    QVERIFY2(!image(copy).isEmpty(), "a layer in use can be given to an image at any time");
}

void TestCollection::abandonedCommitIsCollected()
{
    {
        const auto made = layer();
        QVERIFY(made);
        QCOMPARE(collect().layers, 0);
    }
    QVERIFY(m_store->storageUse()->reclaimable >= 10'000);
    QCOMPARE(collect().layers, 1);
    QVERIFY(folders().isEmpty());
}

void TestCollection::rehearsalChangesNothing()
{
    const QString uuid = image({*layer()});
    const StoredFile file = upload("bytes");
    const QByteArray sha256 = file.sha256;
    const CollectRequest request{.dryRun = true, .untaggedImages = true, .files = true, .olderThan = now};
    QVERIFY(collect(request).images == QStringList{uuid});
    QCOMPARE(collect(request).layers, 1);
    QCOMPARE(collect(request).files, 0); // `file` is a lease.
    QVERIFY(m_store->image(uuid));
    QCOMPARE(folders().size(), 1);
    QVERIFY(m_store->fileBySha256(sha256));
}

void TestCollection::untaggedImagesGoByAge()
{
    const QString tagged = image({*layer()});
    const QString untagged = image({*layer()});
    QVERIFY(m_store->setTag(tagged, u"kept"_s));
    QVERIFY(collect({.olderThan = now}).images.isEmpty());
    QVERIFY(collect({.untaggedImages = true, .olderThan = std::chrono::hours(1)}).images.isEmpty());
    QCOMPARE(collect({.untaggedImages = true, .olderThan = now}).images, QStringList{untagged});
    QVERIFY(m_store->image(tagged));
    QCOMPARE(folders().size(), 1);
}

void TestCollection::imageInUseStays()
{
    const QString uuid = image({*layer()});
    {
        const auto used = m_store->image(uuid);
        QVERIFY(used);
        QVERIFY(collect({.untaggedImages = true, .olderThan = now}).images.isEmpty());
    }
    QCOMPARE(collect({.untaggedImages = true, .olderThan = now}).images, QStringList{uuid});
}

void TestCollection::fileThatIsUsedStays()
{
    const QByteArray sha256 = upload("old").sha256;
    const QByteArray used = upload("used").sha256;
    QVERIFY(m_store->database().query(u"UPDATE files SET updated_at=1000"_s));
    {
        const auto asked = m_store->fileBySha256(used);
        QVERIFY(asked && asked->updatedAt > QDateTime::currentDateTimeUtc().addSecs(-60));
    }
    const CollectRequest request{.files = true, .olderThan = std::chrono::hours(1)};
    QCOMPARE(collect(request).files, 1);
    QCOMPARE(m_store->fileBySha256(sha256).error().kind, ErrorKind::NotFound);
    {
        const auto asked = m_store->fileBySha256(used);
        QVERIFY(asked);
        QCOMPARE(collect({.files = true, .olderThan = now}).files, 0);
    }
    const Collected last = collect({.files = true, .olderThan = now});
    QCOMPARE(last.files, 1);
    QCOMPARE(last.freed, 4096);
    QVERIFY2(!upload("used").uuid.isEmpty(), "the same bytes can be sent again");
}

void TestCollection::sizesTellWhatIsShared()
{
    const LayerId base = *layer(100'000);
    const QString one = image({base});
    const QString two = image({base, *layer(50'000)});
    QVERIFY(m_store->setTag(two, u"two:1"_s));
    QVERIFY(m_store->setTag(two, u"two:2"_s));
    const auto images = m_store->imageUses();
    QVERIFY(images && images->size() == 2);
    const ImageUse &upper = images->at(0);
    QCOMPARE(upper.uuid, two);
    QCOMPARE(upper.tags, (QStringList{u"two:1"_s, u"two:2"_s}));
    QVERIFY(upper.unique >= 50'000 && upper.unique < 90'000);
    QCOMPARE(upper.shared(), images->at(1).size);
    QCOMPARE(images->at(1).unique, 0);
    const auto use = m_store->storageUse();
    QVERIFY(use);
    QCOMPARE(use->layers, 2);
    QCOMPARE(use->layerBytes, upper.size);
    QVERIFY(use->total > 0 && use->free > 0 && use->total >= use->free);
}

void TestCollection::crashBetweenRowsAndFoldersIsMendedAtTheNextStart()
{
    const QString uuid = image({*layer()});
    QVERIFY(m_store->removeImage(uuid));
    QVERIFY(m_store->database().query(u"DELETE FROM layers"_s)); // As far as the killed engine came.
    QCOMPARE(folders().size(), 1);
    reopen();
    QVERIFY(folders().isEmpty());
    QTRY_VERIFY(QDir(path(u"trash"_s)).isEmpty());
}

void TestCollection::layerWithoutAnImageGoesAtTheNextStart()
{
    const QString uuid = image({*layer()});
    QVERIFY(layer()); // As far as the killed engine came.
    QCOMPARE(folders().size(), 2);
    reopen();
    QCOMPARE(folders().size(), 1);
    QCOMPARE(m_store->storageUse()->layers, 1);
    QVERIFY(m_store->image(uuid));
}

void TestCollection::uploadWithoutARowGoesAtTheNextStart()
{
    const QByteArray known = upload("known").sha256;
    const StoredFile orphan = upload("orphan");
    const QString place = QFile::decodeName(m_store->filePath(orphan).c_str());
    QVERIFY(m_store->database().query(u"DELETE FROM files WHERE uuid=?"_s, {orphan.uuid}));
    QVERIFY(QFile::exists(place));
    reopen();
    QVERIFY(!QFile::exists(place));
    QVERIFY(m_store->fileBySha256(known));
}

// Commits, each kept by an image only at the end, and imports that find a layer again, beside collections.
void TestCollection::collectingBesideCommitsLosesNothing()
{
    std::atomic<bool> ended = false;
    std::atomic<int> collections = 0;
    std::jthread collector([&] {
        while (!ended) {
            if (m_store->collect({.untaggedImages = true, .files = true, .olderThan = std::chrono::hours(1)}))
                ++collections;
        }
    });
    std::atomic<int> lost = 0;
    {
        std::vector<std::jthread> workers;
        for (int thread = 0; thread < 3; ++thread)
            workers.emplace_back([&, thread] {
                for (int round = 0; round < 15; ++round) {
                    const QByteArray chain =
                        "sha256:" + QByteArray::number(thread) + '-' + QByteArray::number(round);
                    auto draft = m_store->beginLayer();
                    const auto made = draft ? m_store->commitLayer(std::move(*draft), {{}, chain})
                                            : std::unexpected(draft.error());
                    const auto found = m_store->layerByChain(chain);
                    const StoredFile file = upload(chain);
                    const auto image =
                        found ? m_store->createImage({.layers = {*found}}) : std::unexpected(Error());
                    const bool whole = made && image && m_store->fileByUuid(file.uuid) &&
                                       QDir(QFile::decodeName(m_store->layerPath(*found).c_str())).exists();
                    lost += whole ? 0 : 1;
                }
            });
    }
    ended = true;
    collector.join();
    QCOMPARE(lost.load(), 0);
    QVERIFY(collections > 0);
    reopen();
    QCOMPARE(m_store->images({.limit = 1000})->size(), 45);
    QCOMPARE(folders().size(), 45);
}

COOPERAGE_TEST_MAIN_AS_ROOT(TestCollection)
#include "tst_collection.moc"
