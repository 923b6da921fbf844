#include "core/embedded/store/staging.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

class TestStaging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (::geteuid() != 0)
            QSKIP("setting owners needs root: this is an ordinary user");
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->filePath(u"root"_s).toStdString();
        m_source = m_folder->filePath(u"source"_s).toStdString();
        QVERIFY(QDir().mkpath(QString::fromStdString(m_root)) &&
                QDir().mkpath(QString::fromStdString(m_source)));
    }

    void fileGetsOwnerModeAndTime();
    void missingParentsAreMade();
    void linksNeverLeadOut_data();
    void linksNeverLeadOut();
    void impossiblePathsAreRefused();
    void conflictsAreErrors();
    void fileReplacesFileAndLink();
    void folderMergesThroughLink();
    void copyKeepsLinksAttributesAndHoles();
    void copyStaysInsideItsSource();
    void copyChangesOwnerAndModeWhenAsked();
    void missingSourceIsNamed();
    void stopEnds();
    void tenThousandSmallFilesAreFast();

private:
    Result<> stage(const StageEntry &entry) { return stageEntries(m_root, {entry}); }
    std::string at(const char *below) const { return m_root + below; }
    QByteArray read(const char *below) const
    {
        QFile file(QFile::decodeName(at(below).c_str()));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("(missing)");
    }
    void write(const std::string &path, const QByteArray &bytes) const
    {
        QFile file(QFile::decodeName(path.c_str()));
        QVERIFY(file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size());
    }
    static struct stat statOf(const std::string &path)
    {
        struct stat info{};
        ::lstat(path.c_str(), &info);
        return info;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_root;
    std::string m_source;
};

void TestStaging::fileGetsOwnerModeAndTime()
{
    QVERIFY(stage(
        {.path = "/a", .uid = 12, .gid = 34, .mode = 04755, .mtimeNs = -1'500'000'000, .content = "abc"}));
    const struct stat info = statOf(at("/a"));
    QCOMPARE(info.st_uid, 12U);
    QCOMPARE(info.st_gid, 34U);
    QCOMPARE(info.st_mode & 07777, 04755U);
    QCOMPARE(info.st_mtim.tv_sec, -2);
    QCOMPARE(info.st_mtim.tv_nsec, 500'000'000);
    QCOMPARE(read("/a"), "abc");
}

void TestStaging::missingParentsAreMade()
{
    const mode_t old = ::umask(077);
    const auto staged = stage({.path = "//deep/./er/file", .content = ""});
    ::umask(old);
    QVERIFY(staged);
    QCOMPARE(statOf(at("/deep/er")).st_mode & 07777, 0755U);
    QVERIFY(
        stage({.type = StageEntry::Type::Folder, .path = "/own/er", .uid = 7, .mode = 0700, .mtimeNs = 5}));
    QCOMPARE(statOf(at("/own")).st_uid, 0U);
    QCOMPARE(statOf(at("/own/er")).st_uid, 7U);
    QCOMPARE(statOf(at("/own/er")).st_mode & 07777, 0700U);
    QCOMPARE(statOf(at("/own/er")).st_mtim.tv_nsec, 5);
}

void TestStaging::linksNeverLeadOut_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("absolute") << u"/outside"_s;
    QTest::newRow("dots") << u"../../../../../../outside"_s;
    QTest::newRow("host folder") << u"HOST"_s;
    QTest::newRow("magic link") << u"/proc/self/root/outside"_s;
}

void TestStaging::linksNeverLeadOut()
{
    QFETCH(QString, target);
    const std::string outside = m_folder->filePath(u"outside"_s).toStdString();
    QVERIFY(QDir().mkpath(QString::fromStdString(outside)));
    target.replace(u"HOST"_s, QString::fromStdString(outside));
    QVERIFY(QFile::link(target, QFile::decodeName(at("/link").c_str())));
    const auto staged = stage({.path = "/link/planted", .content = "x"});
    QVERIFY2(staged, staged ? "" : qPrintable(staged.error().text()));
    QVERIFY(QDir(QString::fromStdString(outside)).isEmpty());
    QVERIFY(!QFile::exists(u"/outside"_s));
    QCOMPARE(read("/link/planted").isEmpty(), false);
}

void TestStaging::impossiblePathsAreRefused()
{
    for (const std::string &path :
         {std::string("relative"), std::string("/a/../../b"), std::string("/nul\0x", 6),
          "/" + std::string(256, 'x'), std::string("/"), std::string("/dir/")}) {
        const auto staged = stage({.path = path, .content = "x"});
        QVERIFY2(!staged, path.c_str());
        QCOMPARE(staged.error().kind, ErrorKind::BadInput);
    }
    for (int i = 0; i < 50; ++i) // A planted circle
        QVERIFY(QFile::link(u"/c%1"_s.arg((i + 1) % 50),
                            QFile::decodeName(at("/c").c_str()) + QString::number(i)));
    QVERIFY(!stage({.path = "/c0/file", .content = "x"}));
}

void TestStaging::conflictsAreErrors()
{
    QVERIFY(QDir().mkpath(QFile::decodeName(at("/folder").c_str())));
    QVERIFY(QFile::link(u"folder"_s, QFile::decodeName(at("/link").c_str())));
    write(at("/file"), "x");
    write(m_source + "/file", "y");
    using enum StageEntry::Type;
    for (const StageEntry &entry :
         {StageEntry{.path = "/folder", .content = ""}, StageEntry{.path = "/link", .content = ""},
          StageEntry{.type = Folder, .path = "/file"}, StageEntry{.path = "/file/below", .content = ""},
          StageEntry{.type = Symlink, .path = "/folder", .linkTarget = "x"},
          StageEntry{.type = Copy, .path = "/folder", .sourceRoot = m_source, .sourcePath = "/file"},
          StageEntry{.type = Copy, .path = "/file", .sourceRoot = m_source, .sourcePath = "/"}}) {
        const auto staged = stage(entry);
        QVERIFY2(!staged, entry.path.c_str());
        QCOMPARE(staged.error().kind, ErrorKind::BadInput);
        QVERIFY(staged.error().where.contains(QString::fromStdString(entry.path).section(u'/', 1, 1)));
    }
    QCOMPARE(read("/file"), "x");
}

void TestStaging::fileReplacesFileAndLink()
{
    write(at("/file"), "old");
    write(at("/target"), "keep");
    QVERIFY(QFile::link(u"target"_s, QFile::decodeName(at("/link").c_str())));
    QVERIFY(stage({.path = "/file", .content = "new"}));
    QVERIFY(stage({.path = "/link", .content = "own"}));
    QVERIFY(stage({.type = StageEntry::Type::Symlink, .path = "/file", .uid = 9, .linkTarget = "target"}));
    QCOMPARE(read("/link"), "own");
    QCOMPARE(read("/target"), "keep");
    QCOMPARE(read("/file"), "keep");
    QCOMPARE(statOf(at("/file")).st_uid, 9U);
}

void TestStaging::folderMergesThroughLink()
{
    QVERIFY(QDir().mkpath(QFile::decodeName(at("/usr/bin").c_str())));
    QVERIFY(QFile::link(u"usr/bin"_s, QFile::decodeName(at("/bin").c_str())));
    QVERIFY(stageEntries(m_root, {{.type = StageEntry::Type::Folder, .path = "/bin", .uid = 5, .mode = 0700},
                                  {.path = "/bin/tool", .mode = 0755, .content = "#!"}}));
    QVERIFY(S_ISLNK(statOf(at("/bin")).st_mode));
    QCOMPARE(statOf(at("/usr/bin")).st_uid, 0U);
    QCOMPARE(read("/usr/bin/tool"), "#!");
    QVERIFY(stage({.type = StageEntry::Type::Folder,
                   .path = "/bin",
                   .uid = 5,
                   .mode = 0700,
                   .overwriteAttributes = true}));
    QCOMPARE(statOf(at("/usr/bin")).st_uid, 5U);
}

void TestStaging::copyKeepsLinksAttributesAndHoles()
{
    QVERIFY(QDir().mkpath(QString::fromStdString(m_source + "/tree/sub")));
    write(m_source + "/tree/one", "data");
    QCOMPARE(::link((m_source + "/tree/one").c_str(), (m_source + "/tree/sub/two").c_str()), 0);
    QCOMPARE(::symlink("../one", (m_source + "/tree/sub/link").c_str()), 0);
    QCOMPARE(::mkfifo((m_source + "/tree/pipe").c_str(), 0640), 0);
    write(m_source + "/tree/sparse", "begin");
    QCOMPARE(::truncate((m_source + "/tree/sparse").c_str(), 64LL << 20), 0);
    QCOMPARE(::chown((m_source + "/tree/one").c_str(), 11, 22), 0);
    QCOMPARE(::chmod((m_source + "/tree/one").c_str(), 04711), 0);
    const unsigned char capability[20] = {1, 0, 0, 2, 0, 4};
    QCOMPARE(
        ::setxattr((m_source + "/tree/one").c_str(), "security.capability", capability, sizeof capability, 0),
        0);
    QCOMPARE(::setxattr((m_source + "/tree/one").c_str(), "trusted.overlay.redirect", "x", 1, 0), 0);
    const timespec times[2] = {{1, 0}, {100, 7}};
    QCOMPARE(::utimensat(AT_FDCWD, (m_source + "/tree/sub").c_str(), times, 0), 0);
    const auto staged = stage(
        {.type = StageEntry::Type::Copy, .path = "/copy", .sourceRoot = m_source, .sourcePath = "/tree"});
    QVERIFY2(staged, staged ? "" : qPrintable(staged.error().text()));
    const struct stat one = statOf(at("/copy/one"));
    QCOMPARE(one.st_ino, statOf(at("/copy/sub/two")).st_ino);
    QCOMPARE(one.st_mode & 07777, 04711U);
    QCOMPARE(one.st_uid, 11U);
    QCOMPARE(::getxattr(at("/copy/one").c_str(), "security.capability", nullptr, 0), 20);
    QCOMPARE(::getxattr(at("/copy/one").c_str(), "trusted.overlay.redirect", nullptr, 0), -1);
    QCOMPARE(read("/copy/sub/link"), "data");
    QVERIFY(S_ISFIFO(statOf(at("/copy/pipe")).st_mode));
    QCOMPARE(statOf(at("/copy/sub")).st_mtim.tv_nsec, 7);
    QCOMPARE(statOf(at("/copy/sparse")).st_size, 64LL << 20);
    QVERIFY(statOf(at("/copy/sparse")).st_blocks < 1000);
    QVERIFY(read("/copy/sparse").startsWith("begin"));
}

void TestStaging::copyStaysInsideItsSource()
{
    write(m_folder->filePath(u"secret"_s).toStdString(), "secret");
    QVERIFY(QFile::link(m_folder->filePath(u"secret"_s), QString::fromStdString(m_source + "/planted")));
    const auto staged = stage(
        {.type = StageEntry::Type::Copy, .path = "/x", .sourceRoot = m_source, .sourcePath = "/planted"});
    QVERIFY(!staged);
    QCOMPARE(staged.error().kind, ErrorKind::NotFound);
    write(m_source + "/real", "real");
    QVERIFY(QFile::link(u"/real"_s, QString::fromStdString(m_source + "/inside")));
    QVERIFY(stage(
        {.type = StageEntry::Type::Copy, .path = "/y", .sourceRoot = m_source, .sourcePath = "/inside"}));
    QCOMPARE(read("/y"), "real");
}

void TestStaging::copyChangesOwnerAndModeWhenAsked()
{
    write(m_source + "/f", "x");
    QVERIFY(stage({.type = StageEntry::Type::Copy,
                   .path = "/f",
                   .uid = 3,
                   .gid = 4,
                   .mode = 0600,
                   .sourceRoot = m_source,
                   .sourcePath = "/f",
                   .setOwner = true,
                   .setMode = true}));
    QCOMPARE(statOf(at("/f")).st_uid, 3U);
    QCOMPARE(statOf(at("/f")).st_mode & 07777, 0600U);
}

void TestStaging::missingSourceIsNamed()
{
    write(at("/keep"), "old");
    const auto staged = stage({.path = "/keep", .hostFile = m_source + "/nothing"});
    QVERIFY(!staged);
    QVERIFY(staged.error().where.endsWith(u"/nothing"_s));
    QCOMPARE(read("/keep"), "old");
}

void TestStaging::stopEnds()
{
    std::stop_source source;
    source.request_stop();
    QCOMPARE(stageEntries(m_root, {{.path = "/a", .content = "x"}}, source.get_token()).error().kind,
             ErrorKind::Cancelled);
}

void TestStaging::tenThousandSmallFilesAreFast()
{
    write(m_source + "/f", QByteArray(4000, 'x'));
    std::vector<StageEntry> entries;
    for (int i = 0; i < 10'000; ++i)
        entries.push_back(
            {.path = "/d" + std::to_string(i / 100) + "/f" + std::to_string(i), .hostFile = m_source + "/f"});
    QElapsedTimer timer;
    timer.start();
    QVERIFY(stageEntries(m_root, entries));
    qInfo("10,000 files: %lld ms", static_cast<long long>(timer.elapsed()));
    QCOMPARE(statOf(at("/d99/f9999")).st_size, 4000);
}

QTEST_GUILESS_MAIN(TestStaging)
#include "tst_staging.moc"
