#include "tests/core/build/buildfixture.h"
#include "tests/core/engine/loopback.h"

#include <QProcess>

#include <archive.h>
#include <archive_entry.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::BuildFixture;
using test::BuildReport;

// ADD of archives and URLs, on the real engine (spec 3.8, 3.9).
class TestBuildAdd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }
    void init() { m_fixture->clear(); }

    void archivesOfAllKinds_data();
    void archivesOfAllKinds();
    void archivesReplaceWhatIsThere();
    void archivesLeaveNothingOutside_data();
    void archivesLeaveNothingOutside();
    void archivesKeepLinksAndPipes();
    void flagsThatArchivesDoNotHeed();
    void urlsBecomeFiles();
    void urlsAreUnpackedIfAsked();
    void checksumsOfUrls();
    void knownChecksumsNeedNoServer();
    void badAnswersOfServers();

private:
    [[nodiscard]] BuildReport build(const QString &lines)
    {
        return m_fixture->build(u"FROM busybox\n"_s + lines);
    }
    [[nodiscard]] QString describe(const BuildReport &report, const QString &path)
    {
        return m_fixture->describe(report.result->image, path);
    }
    [[nodiscard]] QByteArray read(const BuildReport &report, const QString &path)
    {
        return m_fixture->read(report.result->image, path);
    }
    void pack(const QString &archive, const QStringList &options, const QString &folder) const
    {
        QProcess tar;
        tar.setWorkingDirectory(m_fixture->context() + u'/' + folder);
        tar.start(u"tar"_s, options + QStringList{u"-cf"_s, m_fixture->context() + u'/' + archive, u"."_s});
        QVERIFY(tar.waitForFinished());
        QVERIFY2(tar.exitCode() == 0, tar.readAllStandardError().constData());
    }

    std::unique_ptr<BuildFixture> m_fixture;
};

#define VERIFY_BUILT(report) QVERIFY2((report).result, qPrintable((report).error()))
#define VERIFY_CONTAINS(text, part) QVERIFY2((text).contains(part), qPrintable(text))

void TestBuildAdd::initTestCase()
{
    if (!BuildFixture::isPossible())
        QSKIP("cooperage-engine is not built: whole program skipped");
    m_fixture = std::make_unique<BuildFixture>();
    QVERIFY(m_fixture->sessions);
}

void TestBuildAdd::archivesOfAllKinds_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("tar") << QStringList();
    QTest::newRow("gzip") << QStringList{u"-z"_s};
    QTest::newRow("bzip2") << QStringList{u"-j"_s};
    QTest::newRow("xz") << QStringList{u"-J"_s};
    QTest::newRow("zstd") << QStringList{u"--zstd"_s};
}

void TestBuildAdd::archivesOfAllKinds()
{
    QFETCH(QStringList, options);
    m_fixture->write(u"src/bin/tool"_s, "tool");
    pack(u"misleading.txt"_s, options + QStringList{u"--owner=7"_s, u"--group=8"_s, u"--mtime=@1000000000"_s},
         u"src"_s);
    const auto report =
        build(u"ADD misleading.txt /opt\nADD misleading.txt /etc/x/\nCOPY misleading.txt /copied\n"
              "RUN stat -c %Y /opt/bin/tool\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(read(report, u"/opt/bin/tool"_s), "tool");
    QCOMPARE(read(report, u"/etc/x/bin/tool"_s), "tool");
    QVERIFY(describe(report, u"/opt/bin/tool"_s).endsWith(u" 7:8"_s));
    QCOMPARE(report.allOutput(), QByteArray("1000000000\n"));
    QVERIFY(read(report, u"/copied"_s) != "(none)");
}

void TestBuildAdd::archivesReplaceWhatIsThere()
{
    m_fixture->write(u"src/folder"_s, "now a file");
    m_fixture->write(u"src/file/inner"_s, "now a folder");
    m_fixture->write(u"src/both/new"_s, "new");
    m_fixture->write(u"src/link/inner"_s, "now a folder");
    pack(u"a.tar"_s, {}, u"src"_s);
    const auto report =
        build(u"RUN mkdir -p /x/folder/deep /x/both /real && echo 1 > /x/file && echo old > "
              "/x/both/old && ln -s /real /x/link && echo 1 > /x/folder/deep/f\nADD a.tar /x\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(read(report, u"/x/folder"_s), "now a file");
    QCOMPARE(read(report, u"/x/file/inner"_s), "now a folder");
    QCOMPARE(read(report, u"/x/both/new"_s), "new");
    QCOMPARE(read(report, u"/x/both/old"_s), "old\n");
    QCOMPARE(read(report, u"/x/link/inner"_s), "now a folder");
    QCOMPARE(describe(report, u"/real/inner"_s), u"(none)"_s);
    m_fixture->write(u"f"_s, "f");
    VERIFY_CONTAINS(build(u"COPY f /t\nADD a.tar /t\n"_s).error(), u"cannot copy to non-directory: /t"_s);
}

void TestBuildAdd::archivesLeaveNothingOutside_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("hardLink");
    QTest::newRow("name") << u"../escaped"_s << QString() << QString();
    QTest::newRow("name within") << u"a/../../escaped"_s << QString() << QString();
    QTest::newRow("link") << u"a/l"_s << u"../../etc/passwd"_s << QString();
    QTest::newRow("hard link") << u"a/l"_s << QString() << u"../etc/passwd"_s;
}

void TestBuildAdd::archivesLeaveNothingOutside()
{
    QFETCH(QString, name);
    QFETCH(QString, link);
    QFETCH(QString, hardLink);
    archive *writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    QCOMPARE(archive_write_open_filename(writer, QFile::encodeName(m_fixture->context() + u"/a.tar"_s)),
             ARCHIVE_OK);
    archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.toUtf8());
    archive_entry_set_filetype(entry, link.isEmpty() ? AE_IFREG : AE_IFLNK);
    archive_entry_set_perm(entry, 0644);
    if (!link.isEmpty())
        archive_entry_set_symlink(entry, link.toUtf8());
    if (!hardLink.isEmpty())
        archive_entry_set_hardlink(entry, hardLink.toUtf8());
    archive_write_header(writer, entry);
    archive_entry_free(entry);
    archive_write_free(writer);
    const auto report = build(u"ADD a.tar /opt/x\n"_s);
    QVERIFY(!report.result);
    VERIFY_CONTAINS(report.error(), u"leaves the destination"_s);
}

void TestBuildAdd::archivesKeepLinksAndPipes()
{
    m_fixture->write(u"src/one"_s, "twice");
    const QString src = m_fixture->context() + u"/src"_s;
    QCOMPARE(
        QProcess::execute(u"sh"_s, {u"-c"_s, u"cd %1 && ln one two && ln -s one alias && ln -s /abs here && "
                                             "mkfifo -m 600 pipe"_s.arg(src)}),
        0);
    pack(u"a.tar"_s, {}, u"src"_s);
    const auto report = build(u"ADD a.tar /x\nRUN stat -c %h /x/one && stat -c %F /x/pipe\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(report.allOutput(), QByteArray("2\nfifo\n"));
    QCOMPARE(describe(report, u"/x/alias"_s), u"-> one"_s);
    QCOMPARE(describe(report, u"/x/here"_s), u"-> /abs"_s);
}

void TestBuildAdd::flagsThatArchivesDoNotHeed()
{
    m_fixture->write(u"src/a.txt"_s, "a");
    QVERIFY(
        QFile::setPermissions(m_fixture->context() + u"/src/a.txt"_s, QFile::ReadOwner | QFile::WriteOwner));
    pack(u"a.tar"_s, {u"--owner=7"_s, u"--group=8"_s}, u"src"_s);
    m_fixture->write(u"empty.tar.gz"_s, "");
    const auto report = build(u"ADD --chmod=777 --exclude=*.txt a.tar /x\nADD --chown=3:4 a.tar /y\n"
                              "ADD --unpack=false a.tar /kept/\nADD empty.tar.gz /kept/\n"_s);
    VERIFY_BUILT(report);
    QCOMPARE(describe(report, u"/x/a.txt"_s), u"600 7:8"_s);
    QCOMPARE(describe(report, u"/y/a.txt"_s), u"600 3:4"_s);
    QCOMPARE(describe(report, u"/y"_s), u"755 3:4"_s);
    QVERIFY(describe(report, u"/kept/a.tar"_s) != u"(none)"_s);
    QCOMPARE(read(report, u"/kept/empty.tar.gz"_s), "");
}

void TestBuildAdd::urlsBecomeFiles()
{
    test::Loopback web;
    web.server.Get("/dir/file.txt", [](const httplib::Request &, httplib::Response &response) {
        response.set_header("Last-Modified", "Sun, 09 Sep 2001 01:46:40 GMT");
        response.set_content("body", "text/plain");
    });
    web.server.Get("/", [](const httplib::Request &, httplib::Response &response) {
        response.set_content("root", "text/plain");
    });
    web.start();
    const auto report =
        build(u"ADD %1/dir/file.txt?x=1 /d/\nADD %1/ /d/\nADD --chmod=u=rwx,go=rx --chown=7 "
              "%1/dir/file.txt /named\nRUN stat -c %Y /d/file.txt /d/__unnamed__\n"_s.arg(web.url()));
    VERIFY_BUILT(report);
    QCOMPARE(read(report, u"/d/file.txt"_s), "body");
    QCOMPARE(describe(report, u"/d/file.txt"_s), u"600 0:0"_s);
    QCOMPARE(read(report, u"/d/__unnamed__"_s), "root");
    QCOMPARE(describe(report, u"/named"_s), u"755 7:7"_s);
    QCOMPARE(report.allOutput(), QByteArray("1000000000\n0\n"));
}

void TestBuildAdd::urlsAreUnpackedIfAsked()
{
    m_fixture->write(u"src/a.txt"_s, "a");
    pack(u"a.tgz"_s, {u"-z"_s}, u"src"_s);
    QFile archive(m_fixture->context() + u"/a.tgz"_s);
    QVERIFY(archive.open(QIODevice::ReadOnly));
    test::Loopback web;
    web.server.Get("/a.tgz", [bytes = archive.readAll().toStdString()](const httplib::Request &,
                                                                       httplib::Response &response) {
        response.set_content(bytes, "application/gzip");
    });
    web.start();
    const auto report =
        build(u"ADD %1/a.tgz /plain/\nADD --unpack=true %1/a.tgz /unpacked/\n"_s.arg(web.url()));
    VERIFY_BUILT(report);
    QVERIFY(read(report, u"/plain/a.tgz"_s).startsWith("\x1f\x8b"));
    QCOMPARE(read(report, u"/unpacked/a.txt"_s), "a");
}

static const QString s_digestOfBody =
    u"sha256:230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"_s;

void TestBuildAdd::checksumsOfUrls()
{
    test::Loopback web;
    web.server.Get("/f", [](const httplib::Request &, httplib::Response &response) {
        response.set_content("body", "text/plain");
    });
    web.start();
    const QString url = web.url(u"/f"_s);
    VERIFY_BUILT(build(u"ADD --checksum=%1 %2 /f\n"_s.arg(s_digestOfBody, url)));
    QString wrong = s_digestOfBody;
    wrong.back() = u'6';
    VERIFY_CONTAINS(
        build(u"ADD --checksum=%1 %2 /f\n"_s.arg(wrong, url)).error(),
        u"Dockerfile:2:1: digest mismatch for %1: %2 (expected: %3)"_s.arg(url, s_digestOfBody, wrong));
    VERIFY_CONTAINS(build(u"ADD --checksum=%1 %2 %2 /f/\n"_s.arg(s_digestOfBody, url)).error(),
                    u"checksum can't be specified for multiple sources"_s);
    m_fixture->write(u"local"_s, "body");
    VERIFY_CONTAINS(build(u"ADD --checksum=%1 local /f\n"_s.arg(s_digestOfBody)).error(),
                    u"checksum requires HTTP(S) or Git sources"_s);
}

void TestBuildAdd::knownChecksumsNeedNoServer()
{
    QString url;
    {
        test::Loopback web;
        web.server.Get("/known", [](const httplib::Request &, httplib::Response &response) {
            response.set_header("ETag", "\"1\"");
            response.set_content("body", "text/plain");
        });
        web.start();
        url = web.url(u"/known"_s);
        VERIFY_BUILT(build(u"ADD --checksum=%1 %2 /f\n"_s.arg(s_digestOfBody, url)));
    }
    const auto report = build(u"ADD --checksum=%1 %2 /elsewhere\n"_s.arg(s_digestOfBody, url));
    VERIFY_BUILT(report);
    QCOMPARE(read(report, u"/elsewhere"_s), "body");
}

void TestBuildAdd::badAnswersOfServers()
{
    test::Loopback web;
    web.start();
    VERIFY_CONTAINS(build(u"ADD %1/none /f\n"_s.arg(web.url())).error(), u"invalid response status 404"_s);
    VERIFY_CONTAINS(build(u"COPY %1/none /f\n"_s.arg(web.url())).error(),
                    u"source can't be a URL for COPY"_s);
}

QTEST_GUILESS_MAIN(TestBuildAdd)
#include "tst_buildadd.moc"
