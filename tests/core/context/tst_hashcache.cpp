#include "contexttree.h"
#include "core/base/sha256.h"
#include "core/context/foldercontext.h"
#include "core/context/hashcache.h"

#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestHashCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersBetweenRuns();
    void addsToWhatAnotherProcessWrote();
    void takesDamagedFilesAsEmpty();
    void findsChangesWithEqualSizeAndTime();
    void doesNotRememberFreshFiles();
};

static const QByteArray digest(64, 'a');
static constexpr FileKey key{.device = 1, .inode = 2, .size = 3, .mtimeNs = 4, .ctimeNs = 5};

static QByteArray hashOf(const ContextTree &tree, const QString &name)
{
    const auto context = FolderContext::open(tree.path(), {.hashCacheFile = tree.at(u"../cache"_s)});
    const auto source = (*context)->resolve(name);
    return source ? source->matches.value(0).items.value(0).sha256 : source.error().text().toUtf8();
}

void TestHashCache::remembersBetweenRuns()
{
    const ContextTree tree;
    const QString file = tree.at(u"new/folder/cache"_s);
    HashCache first(file);
    QVERIFY(!first.find(key));
    first.add(key, digest);
    QCOMPARE(first.find(key), digest);
    first.save();
    HashCache second(file);
    QCOMPARE(second.find(key), digest);
    for (FileKey other : {FileKey{9, 2, 3, 4, 5}, FileKey{1, 9, 3, 4, 5}, FileKey{1, 2, 9, 4, 5},
                          FileKey{1, 2, 3, 9, 5}, FileKey{1, 2, 3, 4, 9}})
        QVERIFY(!second.find(other));
}

void TestHashCache::addsToWhatAnotherProcessWrote()
{
    const ContextTree tree;
    HashCache one(tree.at(u"cache"_s));
    HashCache two(tree.at(u"cache"_s));
    one.add(key, digest);
    one.save();
    two.add({.inode = 7}, QByteArray(64, 'b'));
    two.save();
    HashCache three(tree.at(u"cache"_s));
    QCOMPARE(three.find(key), digest);
    QCOMPARE(three.find({.inode = 7}), QByteArray(64, 'b'));
}

void TestHashCache::takesDamagedFilesAsEmpty()
{
    const ContextTree tree;
    HashCache good(tree.at(u"cache"_s));
    good.add(key, digest);
    good.save();
    QFile file(tree.at(u"cache"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        QByteArray changed = bytes;
        changed[i] = char(changed[i] ^ 1);
        QVERIFY(tree.file(u"cache"_s, changed));
        QVERIFY(!HashCache(tree.at(u"cache"_s)).find(key));
    }
    QVERIFY(tree.file(u"cache"_s, bytes.first(50)));
    QVERIFY(!HashCache(tree.at(u"cache"_s)).find(key));
    HashCache again(tree.at(u"cache"_s));
    again.add(key, digest);
    again.save();
    QCOMPARE(HashCache(tree.at(u"cache"_s)).find(key), digest);
}

void TestHashCache::findsChangesWithEqualSizeAndTime()
{
    const ContextTree tree;
    const timespec old[2] = {{.tv_sec = 1000, .tv_nsec = 0}, {.tv_sec = 1000, .tv_nsec = 0}};
    const QByteArray path = tree.at(u"f"_s).toUtf8();
    for (const QByteArray &content : {"one"_ba, "two"_ba, "six"_ba}) {
        QVERIFY(tree.file(u"f"_s, content) && ::utimensat(AT_FDCWD, path.constData(), old, 0) == 0);
        QCOMPARE(hashOf(tree, u"f"_s), Sha256::hex(content));
    }
}

void TestHashCache::doesNotRememberFreshFiles()
{
    const ContextTree tree;
    QVERIFY(tree.file(u"f"_s, "abc"));
    QCOMPARE(hashOf(tree, u"f"_s), Sha256::hex("abc"));
    QVERIFY(!QFileInfo::exists(tree.at(u"../cache"_s)));

    // Only what lay still before this test began can be remembered: the program itself.
    const QFileInfo program(QCoreApplication::applicationFilePath());
    const QString cache = tree.at(u"../cache"_s);
    const auto context =
        FolderContext::open(program.path(), {.builtInExcludes = false, .hashCacheFile = cache});
    QVERIFY(context);
    QVERIFY((*context)->resolve(program.fileName()));
    struct stat status{};
    QVERIFY(::stat(program.filePath().toUtf8().constData(), &status) == 0);
    if (QDateTime::currentSecsSinceEpoch() - status.st_ctim.tv_sec < 4)
        QSKIP("The test program was built this very moment");
    QVERIFY(QFileInfo::exists(cache));
}

QTEST_GUILESS_MAIN(TestHashCache)
#include "tst_hashcache.moc"
