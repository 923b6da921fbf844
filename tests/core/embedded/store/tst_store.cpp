#include "core/embedded/store/store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

class TestStore : public QObject
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

    void storeIsClosedToOtherUsers();
    void secondEngineIsTurnedAwayWithTheFirstOnesPid();
    void committedLayerOutlivesReopening();
    void abandonedDraftLeavesNothing();
    void imageOfUnknownLayerIsRefused();
    void tagListPutsExactMatchFirstAndOwnBeforePublic();
    void ownTagHidesPublicOne();
    void oneRowPerTagNewestFirst();
    void tagMovesAndIsRemoved();
    void uuidPrefixFinds();

private:
    void reopen()
    {
        m_store.reset();
        auto opened = Store::open(m_folder->filePath(u"store"_s));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_store = std::move(*opened);
    }
    QString path(const char *below) const
    {
        return m_folder->filePath(u"store/"_s + QString::fromLatin1(below));
    }
    LayerId makeLayer(const QByteArray &content, const LayerFacts &facts = {})
    {
        auto draft = m_store->beginLayer();
        if (!draft)
            return {};
        QFile file(QFile::decodeName((draft->upper() + "/file").c_str()));
        if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
            return {};
        file.close();
        return m_store->commitLayer(std::move(*draft), facts).value_or(LayerId());
    }
    QString makeImage(bool isPublic = false)
    {
        const auto image = m_store->createImage({.layers = {}, .isPublic = isPublic});
        return image ? image->uuid : QString();
    }
    QStringList tagsOf(const ImageFilter &filter)
    {
        QStringList tags;
        for (const ImageRow &row : m_store->images(filter).value_or(QList<ImageRow>()))
            tags << row.tag;
        return tags;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
};

void TestStore::storeIsClosedToOtherUsers()
{
    QVERIFY(::chmod(QFile::encodeName(path("")).constData(), 0755) == 0);
    reopen();
    for (const char *folder : {"", "layers", "active", "files", "tmp", "trash"}) {
        struct stat info{};
        QCOMPARE(::stat(QFile::encodeName(path(folder)).constData(), &info), 0);
        QCOMPARE(info.st_mode & 07777, 0700U);
    }
}

void TestStore::secondEngineIsTurnedAwayWithTheFirstOnesPid()
{
    const auto second = Store::open(m_folder->filePath(u"store"_s));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::Denied);
    QVERIFY(second.error().what.contains(QString::number(QCoreApplication::applicationPid())));
    QVERIFY(second.error().where.endsWith(u"/lock"_s));
}

void TestStore::committedLayerOutlivesReopening()
{
    const LayerId id = makeLayer("contents", {"sha256:abc", "sha256:chain"});
    QVERIFY(!id.empty());
    const auto made = m_store->createImage({.layers = {id}, .config = "{\"a\": 1.10}", .operation = u"op"_s});
    QVERIFY(made);
    QCOMPARE(made->size, 8);
    reopen();
    const auto image = m_store->image(made->uuid.toUpper());
    QVERIFY(image);
    QCOMPARE(image->layers, std::vector<LayerId>{id});
    QCOMPARE(image->config, "{\"a\": 1.10}");
    QCOMPARE(image->operation, u"op"_s);
    QCOMPARE(image->createdAt, made->createdAt);
    QFile file(QFile::decodeName((m_store->layerPath(id) + "/file").c_str()));
    QVERIFY(file.open(QFile::ReadOnly));
    QCOMPARE(file.readAll(), "contents");
    QVERIFY(m_store->layerByChain("sha256:chain") == id);
    QVERIFY(!m_store->layerByChain("sha256:abc"));
    QVERIFY(!m_store->layerByChain({}));
    const auto layers = m_store->layers(*image);
    QVERIFY(layers && layers->size() == 1 && layers->first().size == 8);
}

void TestStore::abandonedDraftLeavesNothing()
{
    {
        const auto draft = m_store->beginLayer();
        QVERIFY(draft);
        QVERIFY(Store::isEmpty(*draft));
        QVERIFY(QDir().mkpath(QFile::decodeName((draft->upper() + "/a/b").c_str())));
        QVERIFY(!Store::isEmpty(*draft));
    }
    QVERIFY(QDir(path("active")).isEmpty());
    QTRY_VERIFY(QDir(path("trash")).isEmpty());
}

void TestStore::imageOfUnknownLayerIsRefused()
{
    const auto image = m_store->createImage({.layers = {LayerId("../../etc")}});
    QVERIFY(!image);
    QCOMPARE(image.error().kind, ErrorKind::NotFound);
    QVERIFY(m_store->images({})->isEmpty());
}

void TestStore::tagListPutsExactMatchFirstAndOwnBeforePublic()
{
    QVERIFY(m_store->setTag(makeImage(), u"app:1"_s));
    QVERIFY(m_store->setTag(makeImage(true), u"app"_s, true));
    QVERIFY(m_store->setTag(makeImage(true), u"app:public"_s, true));
    QVERIFY(m_store->setTag(makeImage(), u"app:2"_s));
    QVERIFY(m_store->setTag(makeImage(), u"other"_s));
    QCOMPARE(tagsOf({.tagPrefix = u"app"_s}),
             (QStringList{u"app"_s, u"app:2"_s, u"app:1"_s, u"app:public"_s}));
    QCOMPARE(tagsOf({.limit = 1, .offset = 1, .tagPrefix = u"app"_s}), QStringList{u"app:2"_s});
    QVERIFY(tagsOf({.tagPrefix = u"a%"_s}).isEmpty());
}

void TestStore::ownTagHidesPublicOne()
{
    const QString shared = makeImage(true);
    const QString own = makeImage();
    QVERIFY(m_store->setTag(shared, u"base:1"_s, true));
    QCOMPARE(m_store->uuidOfTag(u"base:1"_s).value_or(QString()), shared);
    QVERIFY(m_store->setTag(own, u"base:1"_s));
    QCOMPARE(m_store->uuidOfTag(u"base:1"_s).value_or(QString()), own);
    QCOMPARE(tagsOf({.tagPrefix = u"base"_s}), QStringList{u"base:1"_s});
    QVERIFY(m_store->removeTag(own, {}));
    QCOMPARE(m_store->uuidOfTag(u"base:1"_s).value_or(QString()), shared);
}

void TestStore::oneRowPerTagNewestFirst()
{
    const QString first = makeImage();
    const QString second = makeImage();
    QVERIFY(m_store->setTag(first, u"a"_s));
    QVERIFY(m_store->setTag(first, u"b"_s));
    QCOMPARE(tagsOf({}), (QStringList{QString(), u"b"_s, u"a"_s}));
    QCOMPARE(tagsOf({.taggedOnly = true}), (QStringList{u"b"_s, u"a"_s}));
    QCOMPARE(m_store->latestTag(first), u"b"_s);
    QCOMPARE(m_store->latestTag(second), QString());
    QVERIFY(m_store->setTag(first, u"a"_s));
    QCOMPARE(m_store->latestTag(first), u"a"_s);
    QVERIFY(tagsOf({.since = QDateTime::currentDateTimeUtc().addDays(1)}).isEmpty());
    QCOMPARE(tagsOf({.until = QDateTime::currentDateTimeUtc().addDays(1)}).size(), 3);
}

void TestStore::tagMovesAndIsRemoved()
{
    const QString first = makeImage();
    const QString second = makeImage();
    QVERIFY(m_store->setTag(first, u"x"_s));
    QVERIFY(m_store->setTag(second, u"x"_s));
    QCOMPARE(m_store->uuidOfTag(u"x"_s).value_or(QString()), second);
    QCOMPARE(m_store->removeTag(first, u"x"_s).error().kind, ErrorKind::NotFound);
    QVERIFY(m_store->removeTag(second, u"x"_s));
    QCOMPARE(m_store->uuidOfTag(u"x"_s).error().kind, ErrorKind::NotFound);
    QVERIFY(m_store->setTag(second, u"y"_s));
    QCOMPARE(m_store->setTag(u"nobody"_s, u"y"_s).error().kind, ErrorKind::NotFound);
    QVERIFY2(m_store->uuidOfTag(u"y"_s), "a failed move must not take the tag away");
}

void TestStore::uuidPrefixFinds()
{
    const QString uuid = makeImage();
    (void)makeImage();
    const auto rows = m_store->images({.uuidPrefix = uuid.left(10).toUpper()});
    QVERIFY(rows && rows->size() == 1);
    QCOMPARE(rows->first().uuid, uuid);
}

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
