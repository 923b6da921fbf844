#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QStorageInfo>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

using namespace cooperage::test;
using namespace cooperage;

/// A store on a disk that is full: every request says so, nothing is left half-written, and the space comes
/// back. On a small tmpfs, or in the folder that COOPERAGE_SMALL_DISK names (the script
/// tests/acceptance/full-disk).
class TestFullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase()
    {
        m_fixture.reset();
        if (m_mounted)
            ::umount2(QFile::encodeName(m_disk).constData(), MNT_DETACH);
    }
    void cleanup() { makeRoom(); }

    void uploadIsRefused();
    void commitIsRefused();
    void importIsRefused();
    void importOfACompressedArchiveIsRefused();
    void runThatFillsTheDiskFails();
    void requestsAreRefusedAndReadingGoesOn();
    void storeOpensAndCollectsOnAFullDisk();

private:
    [[nodiscard]] QString store() const { return m_fixture->folder() + u"/a store"_s; }
    [[nodiscard]] qint64 freeBytes() const
    {
        QStorageInfo info(m_disk);
        info.refresh();
        return info.bytesAvailable();
    }
    void fillDisk(qint64 left);
    void makeRoom();
    [[nodiscard]] QStringList names(const char *below) const
    {
        return QDir(store() + QLatin1StringView(below))
            .entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden | QDir::System);
    }
    // Nothing half-written, and what was begun gave its space back.
    void checkClean();
    static void checkText(const QString &text)
    {
        QVERIFY2(text.contains(u"space"_s), qPrintable(text));
        QVERIFY2(text.contains(u"ree "_s), qPrintable(u"no next step: "_s + text));
    }
    [[nodiscard]] QString archive(const QString &name, int filter) const;

    QTemporaryDir m_outside;
    QString m_disk;
    bool m_mounted = false;
    std::unique_ptr<ServerFixture> m_fixture;
    QSet<QString> m_layers;
};

static QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator(7).fillRange(reinterpret_cast<quint32 *>(bytes.data()), size / 4);
    return bytes;
}

void TestFullDisk::initTestCase()
{
    if (::geteuid() != 0)
        QSKIP("whole program: a small disk needs root");
    m_disk = qEnvironmentVariable("COOPERAGE_SMALL_DISK");
    if (m_disk.isEmpty()) {
        m_disk = m_outside.filePath(u"disk"_s);
        QVERIFY(QDir().mkpath(m_disk));
        m_mounted = ::mount("tmpfs", QFile::encodeName(m_disk).constData(), "tmpfs", 0, "size=40m") == 0;
        if (!m_mounted)
            QSKIP("whole program: this machine does not let root mount");
    }
    qputenv("TMPDIR", QFile::encodeName(m_disk));
    m_fixture = std::make_unique<ServerFixture>();
    COOPERAGE_NEEDS(*m_fixture);
    const QStringList layers = names("/layers");
    m_layers = {layers.begin(), layers.end()};
}

void TestFullDisk::fillDisk(qint64 left)
{
    QFile filler(m_disk + u"/filler"_s);
    QVERIFY(filler.open(QFile::WriteOnly));
    const qint64 size = std::max<qint64>(0, freeBytes() - left);
    QVERIFY(::posix_fallocate(filler.handle(), 0, std::max<qint64>(size, 4096)) == 0 || left == 0);
    const QByteArray page(4096, 'f');
    while (left == 0 &&
           ::pwrite(filler.handle(), page.constData(), 4096, ::lseek(filler.handle(), 0, SEEK_END)) > 0) {
    }
}

void TestFullDisk::makeRoom()
{
    QFile::remove(m_disk + u"/filler"_s);
}

void TestFullDisk::checkClean()
{
    QTRY_VERIFY_WITH_TIMEOUT(names("/trash").isEmpty(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(names("/active").isEmpty(), 10'000);
    QStringList temporary = names("/tmp");
    temporary.removeAll(u"cooperage-init"_s); // Placed once, for all runs.
    QVERIFY2(temporary.isEmpty(), qPrintable(temporary.join(u' ')));
    const QStringList layers = names("/layers");
    QCOMPARE(QSet<QString>(layers.begin(), layers.end()), m_layers);
    makeRoom();
    QVERIFY(freeBytes() > 20 * 1024 * 1024);
    QCOMPARE(outputOf(m_fixture->shell(u"echo works again"_s, {{u"disposable"_s, true}})),
             u"works again\n"_s);
}

void TestFullDisk::uploadIsRefused()
{
    fillDisk(1024 * 1024);
    const std::string bytes = randomBytes(4 * 1024 * 1024).toStdString();
    const Reply refused = m_fixture->client().Post("/v1/files", bytes, "application/octet-stream");
    QCOMPARE(refused.status, 507);
    checkText(refused.text(u"error"_s));
    checkClean();
    QCOMPARE(Reply(m_fixture->client().Get("/v1/files")).json().value(u"files"_s).toArray().size(), 0);
    QCOMPARE(Reply(m_fixture->client().Post("/v1/files", "small", "application/octet-stream")).status, 201);
}

void TestFullDisk::commitIsRefused()
{
    fillDisk(1024 * 1024);
    const QString content = QString::fromLatin1(randomBytes(4 * 1024 * 1024).toBase64());
    const QJsonArray entries{
        QJsonObject{{u"type"_s, u"file"_s}, {u"path"_s, u"/f"_s}, {u"content"_s, content}}};
    const Reply refused = m_fixture->client().post(
        "/v1/commits", {{u"image"_s, m_fixture->busybox()}, {u"entries"_s, entries}});
    QCOMPARE(refused.status, 507);
    checkText(refused.text(u"error"_s));
    checkClean();
}

QString TestFullDisk::archive(const QString &name, int filter) const
{
    const TestImage image({tarOf({file("big", randomBytes(4 * 1024 * 1024).toStdString())})},
                          ARCHIVE_FILTER_NONE);
    const QByteArray tar = tarOf(image.dockerArchive());
    QFile out(m_outside.filePath(name));
    if (out.open(QFile::WriteOnly))
        out.write(filter == ARCHIVE_FILTER_NONE ? tar : compressed(tar, filter));
    return out.fileName();
}

void TestFullDisk::importIsRefused()
{
    const QString path = archive(u"image.tar"_s, ARCHIVE_FILTER_NONE);
    fillDisk(1024 * 1024);
    const QJsonObject operation =
        m_fixture->run({{u"archive"_s, QJsonObject{{u"path"_s, path}}}}, "/v1/images/import");
    QCOMPARE(statusOf(operation), u"FAILED"_s);
    checkText(operation.value(u"error"_s).toString());
    checkClean();
}

// Here the disk is full before any layer is begun: in the temporary file.
void TestFullDisk::importOfACompressedArchiveIsRefused()
{
    const QString path = archive(u"image.tar.gz"_s, ARCHIVE_FILTER_GZIP);
    fillDisk(1024 * 1024);
    const QJsonObject operation =
        m_fixture->run({{u"archive"_s, QJsonObject{{u"path"_s, path}}}}, "/v1/images/import");
    QCOMPARE(statusOf(operation), u"FAILED"_s);
    checkText(operation.value(u"error"_s).toString());
    checkClean();
}

// The command meets the full disk itself, and so may the database when the layer is to be kept. Either way
// the space comes back: at once, or when the image is removed.
void TestFullDisk::runThatFillsTheDiskFails()
{
    const QJsonObject operation = m_fixture->shell(u"dd if=/dev/zero of=/big bs=1M"_s);
    if (statusOf(operation) == u"SUCCESS"_s) {
        QVERIFY(stateOf(operation).value(u"exit_code"_s).toInt() != 0);
        QVERIFY(outputOf(operation, u"stderr"_s).contains(u"No space left"_s));
        const std::string image = imageOf(operation).toStdString();
        QCOMPARE(Reply(m_fixture->client().Delete("/v1/images/" + image)).status, 204);
        const Reply collected = m_fixture->client().post("/v1/storage/collect", {});
        QVERIFY2(collected.status == 200, collected.body.c_str());
    } else {
        QCOMPARE(statusOf(operation), u"FAILED"_s);
        checkText(operation.value(u"error"_s).toString());
    }
    checkClean();
}

void TestFullDisk::requestsAreRefusedAndReadingGoesOn()
{
    const std::string image = m_fixture->busybox().toStdString();
    fillDisk(0);
    int refusals = 0;
    for (int i = 0; i < 200; ++i) {
        const Reply tagged = m_fixture->client().Patch(
            "/v1/images/" + image + "/tag",
            QJsonDocument(QJsonObject{{u"tag"_s, u"%1:%2"_s.arg(QString(200, u'x')).arg(i)}})
                .toJson()
                .toStdString(),
            "application/json");
        QVERIFY2(tagged.status == 200 || tagged.status == 507, tagged.body.c_str());
        refusals += tagged.status == 507 ? 1 : 0;
        if (tagged.status == 507)
            checkText(tagged.text(u"error"_s));
        const Reply read = m_fixture->client().Get("/v1/images");
        QVERIFY2(read.status == 200, read.body.c_str());
    }
    QVERIFY(refusals > 0);
    QCOMPARE(Reply(m_fixture->client().Get("/v1/storage")).status, 200);
    const Reply instance = m_fixture->client().post(
        "/v1/instances", {{u"image"_s, QString::fromStdString(image)}, {u"command"_s, u"true"_s}});
    QVERIFY2(instance.status == 507 || instance.status == 201, instance.body.c_str());
    if (instance.status == 201)
        (void)m_fixture->waitFor(instance.text(u"uuid"_s));
    checkClean();
}

void TestFullDisk::storeOpensAndCollectsOnAFullDisk()
{
    const QJsonObject made = m_fixture->shell(u"dd if=/dev/zero of=/big bs=1M count=5"_s);
    const QString image = imageOf(made);
    QVERIFY(!image.isEmpty());
    m_fixture->stop();
    const QString folder = store();
    m_fixture->closeStore();
    fillDisk(0);
    const qint64 before = freeBytes();
    {
        const auto opened = embedded::Store::open(folder);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const auto removed = (*opened)->removeImage(image);
        QVERIFY2(removed, removed ? "" : qPrintable(removed.error().text()));
        const auto collected = (*opened)->collect({});
        QVERIFY2(collected, collected ? "" : qPrintable(collected.error().text()));
        QCOMPARE(collected->layers, 1);
        QVERIFY(collected->freed >= 5 * 1024 * 1024);
        QTRY_VERIFY(freeBytes() - before >= 5 * 1024 * 1024);
    }
    makeRoom();
    m_fixture->openStore();
    m_fixture->start();
    checkClean();
}

int main(int argc, char **argv)
{
    // Mounts of this test are nobody else's.
    if (::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0)
        (void)::mount("", "/", "", MS_REC | MS_PRIVATE, nullptr);
    QCoreApplication app(argc, argv);
    TestFullDisk test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_fulldisk.moc"
