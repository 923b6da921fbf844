#include "core/embedded/store/store.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

// What the killed process does: images until it is killed, each told about once it is committed.
static int commitForever(const QString &folder)
{
    auto store = Store::open(folder);
    if (!store)
        return 2;
    for (int i = 0;; ++i) {
        auto draft = (*store)->beginLayer();
        if (!draft)
            return 3;
        for (int n = 0; n < 20; ++n) {
            QFile file(QFile::decodeName((draft->upper() + "/file").c_str()) + QString::number(n));
            if (!file.open(QFile::WriteOnly) || file.write(QByteArray(1000, 'x')) != 1000)
                return 4;
        }
        const auto layer = (*store)->commitLayer(std::move(*draft));
        if (!layer)
            return 5;
        const auto image = (*store)->createImage({.layers = {*layer}});
        if (!image || !(*store)->setTag(image->uuid, u"latest"_s))
            return 6;
        const QByteArray line = image->uuid.toLatin1() + '\n';
        if (::write(STDOUT_FILENO, line.constData(), static_cast<size_t>(line.size())) < 0)
            return 7;
    }
}

class TestRecovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedAtAnyMomentOpensClean();
    void orphansGoAndLostLayersTakeTheirImages();
    void leftoverMountIsDetached();
    void storeOfNewerVersionIsRefused();
    void damagedDatabaseIsNamed();
    void cutOffDatabaseLosesNoLayer_data();
    void cutOffDatabaseLosesNoLayer();
    void foreignFolderIsNamed();
};

void TestRecovery::killedAtAnyMomentOpensClean()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    QStringList promised;
    for (int round = 0; round < 20; ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {u"--commit-forever"_s, path});
        QVERIFY(child.waitForStarted());
        QByteArray told;
        const qsizetype wanted = QRandomGenerator::global()->bounded(4) * 37 + 1; // A line has 37 bytes.
        while (told.size() < wanted && child.waitForReadyRead(30'000))
            told += child.readAllStandardOutput();
        QVERIFY2(told.size() >= wanted, "the child stopped by itself");
        QThread::usleep(
            QRandomGenerator::global()->bounded(3000U)); // The moment within a commit is random as well.
        child.kill();
        QVERIFY(child.waitForFinished());
        told += child.readAllStandardOutput();
        promised += QString::fromLatin1(told).split(u'\n', Qt::SkipEmptyParts);

        const auto store = Store::open(path);
        QVERIFY2(store, store ? "" : qPrintable(store.error().text()));
        QVERIFY(QDir(path + u"/active"_s).isEmpty());
        const auto rows = (*store)->images({.limit = 100'000});
        QVERIFY(rows && rows->size() >= promised.size());
        for (const QString &uuid : std::as_const(promised)) {
            const auto image = (*store)->image(uuid);
            QVERIFY2(image, "a committed image is lost");
            QCOMPARE(QDir(QFile::decodeName((*store)->layerPath(image->layers.front()).c_str())).count(),
                     22U);
        }
        QVERIFY((*store)->uuidOfTag(u"latest"_s));
    }
}

void TestRecovery::orphansGoAndLostLayersTakeTheirImages()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    QString lost;
    QString kept;
    {
        const auto store = Store::open(path);
        QVERIFY(store);
        for (QString *uuid : {&lost, &kept}) {
            auto draft = (*store)->beginLayer();
            QVERIFY(draft);
            const auto layer = (*store)->commitLayer(std::move(*draft));
            QVERIFY(layer);
            *uuid = (*store)->createImage({.layers = {*layer}})->uuid;
            if (uuid == &lost)
                QVERIFY(QDir(QFile::decodeName((*store)->layerPath(*layer).c_str())).removeRecursively());
        }
        QVERIFY(QDir().mkpath(path + u"/layers/0badbeef/x"_s));
        QVERIFY(QDir().mkpath(path + u"/active/0badbeef/upper"_s));
        QVERIFY(QDir().mkpath(path + u"/tmp/something"_s));
    }
    const auto store = Store::open(path);
    QVERIFY(store);
    QVERIFY(!QDir(path + u"/layers/0badbeef"_s).exists());
    QVERIFY(QDir(path + u"/active"_s).isEmpty());
    QVERIFY(QDir(path + u"/tmp"_s).isEmpty());
    QTRY_VERIFY(QDir(path + u"/trash"_s).isEmpty());
    QCOMPARE((*store)->image(lost).error().kind, ErrorKind::NotFound);
    QVERIFY((*store)->image(kept));
}

void TestRecovery::leftoverMountIsDetached()
{
    if (::geteuid() != 0)
        QSKIP("mounting needs root: this is an ordinary user");
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store with space"_s);
    QVERIFY(Store::open(path));
    const QString target = path + u"/active/0badbeef/merged"_s;
    QVERIFY(QDir().mkpath(target));
    if (::mount("tmpfs", QFile::encodeName(target).constData(), "tmpfs", 0, nullptr) != 0)
        QSKIP("this machine does not let root mount");
    QFile precious(target + u"/precious"_s);
    QVERIFY(precious.open(QFile::WriteOnly));
    precious.close();
    QVERIFY(Store::open(path));
    QFile mounts(u"/proc/self/mountinfo"_s);
    QVERIFY(mounts.open(QFile::ReadOnly));
    QVERIFY(!mounts.readAll().contains("0badbeef"));
}

void TestRecovery::storeOfNewerVersionIsRefused()
{
    QTemporaryDir folder;
    QVERIFY(Store::open(folder.filePath(u"store"_s)));
    QFile file(folder.filePath(u"store/store.db"_s));
    QVERIFY(file.open(QFile::ReadWrite) && file.seek(60)); // user_version, big-endian, in SQLite's header
    QCOMPARE(file.write(QByteArray("\0\0\0\x63", 4)), 4);
    file.close();
    const auto store = Store::open(folder.filePath(u"store"_s));
    QVERIFY(!store);
    QCOMPARE(store.error().kind, ErrorKind::Unsupported);
}

void TestRecovery::damagedDatabaseIsNamed()
{
    QTemporaryDir folder;
    QVERIFY(Store::open(folder.filePath(u"store"_s)));
    QFile file(folder.filePath(u"store/store.db"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(QByteArray(8192, 'z'));
    file.close();
    const auto store = Store::open(folder.filePath(u"store"_s));
    QVERIFY(!store);
    QVERIFY(store.error().where.endsWith(u"store.db"_s));
    QVERIFY(!store.error().next.isEmpty());
}

void TestRecovery::cutOffDatabaseLosesNoLayer_data()
{
    QTest::addColumn<int>("percent");
    for (int percent : {0, 1, 10, 50, 90, 99})
        QTest::addRow("%d %%", percent) << percent;
}

void TestRecovery::cutOffDatabaseLosesNoLayer()
{
    QFETCH(const int, percent);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    {
        const auto store = Store::open(path);
        QVERIFY(store);
        for (int i = 0; i < 20; ++i) {
            auto draft = (*store)->beginLayer();
            const auto layer = (*store)->commitLayer(std::move(*draft));
            QVERIFY(layer && (*store)->createImage({.layers = {*layer}, .config = QByteArray(10'000, 'c')}));
        }
    }
    QFile file(path + u"/store.db"_s);
    QVERIFY(file.resize(file.size() * percent / 100));
    const auto store = Store::open(path);
    if (store) // Only what was not cut off was needed so far.
        QVERIFY((*store)->images({}) || !(*store)->images({}).error().next.isEmpty());
    else
        QVERIFY2(!store.error().next.isEmpty() && store.error().where.endsWith(u"store.db"_s),
                 qPrintable(store.error().text()));
    QCOMPARE(QDir(path + u"/layers"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 20);
}

void TestRecovery::foreignFolderIsNamed()
{
    if (::geteuid() != 0)
        QSKIP("giving a folder to somebody else needs root: this is an ordinary user");
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store"_s);
    QVERIFY(Store::open(path));
    QCOMPARE(::chown(QFile::encodeName(path).constData(), 12345, 12345), 0);
    const auto foreign = Store::open(path);
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().kind, ErrorKind::Denied);
    QVERIFY(!foreign.error().next.isEmpty());
    QCOMPARE(::chown(QFile::encodeName(path).constData(), 0, 0), 0);
    if (::mount(QFile::encodeName(path).constData(), QFile::encodeName(path).constData(), nullptr, MS_BIND,
                nullptr) != 0)
        QSKIP("this machine does not let root mount");
    (void)::mount(nullptr, QFile::encodeName(path).constData(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY,
                  nullptr);
    const auto readOnly = Store::open(path);
    ::umount2(QFile::encodeName(path).constData(), MNT_DETACH);
    QVERIFY(!readOnly);
    QVERIFY2(readOnly.error().text().contains(u"ead-only"_s), qPrintable(readOnly.error().text()));
    QVERIFY(!readOnly.error().next.isEmpty());
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "--commit-forever") == 0)
        return commitForever(QFile::decodeName(argv[2]));
    TestRecovery test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_recovery.moc"
