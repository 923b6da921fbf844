#include "core/engine/treeunpack.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using engine::unpackTree;

/// A member of a tar, as an engine that cannot be trusted may send it.
struct Member
{
    QByteArray name;
    unsigned type = AE_IFREG;
    QByteArray content{};
    QByteArray target{}; ///< Of a link.
    unsigned mode = 0644;
    bool hardLink = false;
};

class TreeUnpackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void foldersFilesAndLinksAreKept();
    void oneFileBecomesTheTarget();
    void nothingLeavesTheTarget_data();
    void nothingLeavesTheTarget();
    void linksAreNeverFollowed();
    void nothingIsReplaced();
    void setIdBitsAndDevicesStayBehind();
    void itCanBeStopped();

private:
    [[nodiscard]] QString tar(const QList<Member> &members) const;
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QByteArray content(const QString &name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TreeUnpackTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TreeUnpackTest::tar(const QList<Member> &members) const
{
    const QString name = path(u"in.tar"_s);
    archive *writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    archive_write_open_filename(writer, QFile::encodeName(name).constData());
    for (const Member &member : members) {
        archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.name.constData());
        archive_entry_set_perm(entry, member.mode);
        archive_entry_set_mtime(entry, 1'000'000'000, 0);
        if (member.hardLink) {
            archive_entry_set_filetype(entry, AE_IFREG);
            archive_entry_set_hardlink(entry, member.target.constData());
        } else {
            archive_entry_set_filetype(entry, member.type);
            archive_entry_set_size(entry, member.content.size());
            if (member.type == AE_IFLNK)
                archive_entry_set_symlink(entry, member.target.constData());
        }
        archive_write_header(writer, entry);
        archive_write_data(writer, member.content.constData(), static_cast<size_t>(member.content.size()));
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return name;
}

QByteArray TreeUnpackTest::content(const QString &name) const
{
    QFile file(path(name));
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

void TreeUnpackTest::foldersFilesAndLinksAreKept()
{
    const QString in = tar({{"etc/", AE_IFDIR, {}, {}, 0500},
                            {"etc/motd", AE_IFREG, "hello", {}, 0755},
                            {"etc/deep/er/file", AE_IFREG, "x"},
                            {"etc/link", AE_IFLNK, {}, "motd"},
                            {"etc/same", AE_IFREG, {}, "etc/motd", 0755, true}});
    const auto done = unpackTree(in, u"/etc"_s, path(u"out"_s), {});
    QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
    QCOMPARE(done->files, 3);
    QCOMPARE(done->folders, 3);
    QCOMPARE(done->links, 1);
    QCOMPARE(content(u"out/motd"_s), "hello");
    QCOMPARE(content(u"out/same"_s), "hello");
    QCOMPARE(content(u"out/deep/er/file"_s), "x");
    QCOMPARE(QFile::symLinkTarget(path(u"out/link"_s)), path(u"out/motd"_s));
    QVERIFY(QFileInfo(path(u"out/motd"_s)).isExecutable());
    QCOMPARE(QFileInfo(path(u"out/motd"_s)).lastModified().toSecsSinceEpoch(), 1'000'000'000);
    QVERIFY(QFileInfo(path(u"out"_s)).permission(QFile::WriteOwner)); // It can be deleted again.
}

void TreeUnpackTest::oneFileBecomesTheTarget()
{
    QVERIFY(unpackTree(tar({{"etc/motd", AE_IFREG, "hello"}}), u"/etc/motd"_s, path(u"mine"_s), {}));
    QCOMPARE(content(u"mine"_s), "hello");
}

void TreeUnpackTest::nothingLeavesTheTarget_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("up") << QByteArray("etc/../../escaped");
    QTest::newRow("absolute") << QByteArray("/escaped");
    QTest::newRow("beside") << QByteArray("etcetera/escaped");
    QTest::newRow("dots only") << QByteArray("../../../../escaped");
}

void TreeUnpackTest::nothingLeavesTheTarget()
{
    QFETCH(QByteArray, name);
    QDir().mkpath(path(u"a/b"_s));
    const QString in = tar({{"etc/", AE_IFDIR}, {name, AE_IFREG, "bad"}});
    QVERIFY(!unpackTree(in, u"/etc"_s, path(u"a/b/out"_s), {}));
    QVERIFY(!QFile::exists(path(u"escaped"_s)));
    QVERIFY(!QFile::exists(path(u"a/escaped"_s)));
    QVERIFY(!QFile::exists(path(u"a/b/escaped"_s)));
    QVERIFY(!QFile::exists(u"/escaped"_s));
}

void TreeUnpackTest::linksAreNeverFollowed()
{
    QDir().mkpath(path(u"outside"_s));
    const QByteArray outside = QFile::encodeName(path(u"outside"_s));
    QVERIFY(!unpackTree(tar({{"t/", AE_IFDIR}, {"t/l", AE_IFLNK, {}, outside}, {"t/l/f", AE_IFREG, "bad"}}),
                        u"/t"_s, path(u"one"_s), {}));
    QVERIFY(
        !unpackTree(tar({{"t/", AE_IFDIR}, {"t/l", AE_IFLNK, {}, outside + "/f"}, {"t/l", AE_IFREG, "bad"}}),
                    u"/t"_s, path(u"two"_s), {}));
    QVERIFY(!unpackTree(tar({{"t/", AE_IFDIR}, {"t/l", AE_IFREG, {}, "../outside/f", 0644, true}}), u"/t"_s,
                        path(u"three"_s), {}));
    QVERIFY(QDir(path(u"outside"_s)).isEmpty());
}

void TreeUnpackTest::nothingIsReplaced()
{
    QFile mine(path(u"mine"_s));
    QVERIFY(mine.open(QFile::WriteOnly));
    mine.write("mine");
    mine.close();
    QVERIFY(!unpackTree(tar({{"motd", AE_IFREG, "theirs"}}), u"/motd"_s, path(u"mine"_s), {}));
    QCOMPARE(content(u"mine"_s), "mine");
}

void TreeUnpackTest::setIdBitsAndDevicesStayBehind()
{
    const QString in = tar({{"t/", AE_IFDIR, {}, {}, 02777},
                            {"t/su", AE_IFREG, "x", {}, 06755},
                            {"t/null", AE_IFCHR},
                            {"t/pipe", AE_IFIFO}});
    const auto done = unpackTree(in, u"/t"_s, path(u"out"_s), {});
    QVERIFY(done);
    QCOMPARE(done->skipped, QStringList({u"t/null"_s, u"t/pipe"_s}));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path(u"out/su"_s)).constData(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, 0755U);
    QVERIFY(!QFile::exists(path(u"out/null"_s)));
}

void TreeUnpackTest::itCanBeStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto done =
        unpackTree(tar({{"motd", AE_IFREG, "x"}}), u"/motd"_s, path(u"out"_s), stop.get_token());
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::Cancelled);
    QVERIFY(!QFile::exists(path(u"out"_s)));
}

QTEST_GUILESS_MAIN(TreeUnpackTest)
#include "tst_treeunpack.moc"
