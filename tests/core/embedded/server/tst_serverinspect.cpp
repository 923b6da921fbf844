#include "tests/core/embedded/server/serverfixture.h"

#include <QProcess>

#include <archive.h>
#include <archive_entry.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

namespace {

struct Member
{
    QByteArray name;
    QByteArray content;
    QByteArray link;
    QByteArray hardLink;
    int type = 0;
    qint64 uid = -1;
    int mode = 0;
};

} // namespace

static QList<Member> untar(const std::string &bytes)
{
    QList<Member> members;
    struct archive *tar = archive_read_new();
    archive_read_support_format_tar(tar);
    archive_read_open_memory(tar, bytes.data(), bytes.size());
    archive_entry *entry = nullptr;
    while (archive_read_next_header(tar, &entry) == ARCHIVE_OK) {
        Member member{archive_entry_pathname(entry),
                      {},
                      archive_entry_symlink(entry),
                      archive_entry_hardlink(entry),
                      static_cast<int>(archive_entry_filetype(entry)),
                      archive_entry_uid(entry),
                      static_cast<int>(archive_entry_perm(entry))};
        member.content.resize(archive_entry_size(entry));
        archive_read_data(tar, member.content.data(), static_cast<size_t>(member.content.size()));
        members += member;
    }
    archive_read_free(tar);
    return members;
}

/// Looking into images.
class TestServerInspect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        const Reply made = commit(
            {{u"image"_s, QJsonValue::Null},
             {u"entries"_s,
              QJsonArray{QJsonObject{{u"type"_s, u"folder"_s}, {u"path"_s, u"/etc"_s}},
                         file(u"/etc/passwd"_s, "root:x:0:0:r:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"),
                         file(u"/etc/group"_s, "root:x:0:\nstaff:x:50:\n"),
                         QJsonObject{{u"type"_s, u"file"_s},
                                     {u"path"_s, u"/data/a.txt"_s},
                                     {u"content"_s, u"aGVsbG8="_s},
                                     {u"uid"_s, 1000},
                                     {u"gid"_s, 50},
                                     {u"mode"_s, u"4750"_s},
                                     {u"mtime_ns"_s, 1700000000123456789LL}},
                         file(u"/data/ä ö.txt"_s, "umlaut"),
                         QJsonObject{{u"type"_s, u"symlink"_s},
                                     {u"path"_s, u"/data/link"_s},
                                     {u"target"_s, u"/data/a.txt"_s}},
                         QJsonObject{{u"type"_s, u"symlink"_s},
                                     {u"path"_s, u"/data/out"_s},
                                     {u"target"_s, u"../../../../etc/hostname"_s}},
                         QJsonObject{{u"type"_s, u"symlink"_s},
                                     {u"path"_s, u"/alias"_s},
                                     {u"target"_s, u"data"_s}}}}});
        QVERIFY2(made.status == 201, made.body.c_str());
        m_image = made.text(u"uuid"_s);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void listShowsEveryField();
    void listAsTextResemblesLs();
    void listRefusesWhatIsNoFolder();
    void downloadFollowsLinksInsideTheImage();
    void archiveHoldsTheTree();

private:
    static QJsonObject file(const QString &path, const QByteArray &content)
    {
        return {{u"type"_s, u"file"_s},
                {u"path"_s, path},
                {u"content"_s, QString::fromLatin1(content.toBase64())}};
    }
    Reply commit(const QJsonObject &body) { return m_fixture->client().post("/v1/commits", body); }
    Reply get(const std::string &rest, const QString &image = {})
    {
        return m_fixture->client().Get(
            "/v1/inspect/" + (image.isEmpty() ? m_image : image).toStdString() + rest, s_plain);
    }
    Reply head(const std::string &rest)
    {
        return m_fixture->client().Head("/v1/inspect/" + m_image.toStdString() + rest, s_plain);
    }

    // As contree-cli asks: only then a download has its length.
    static inline const httplib::Headers s_plain{{"Accept-Encoding", "identity"}};

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_image;
};

void TestServerInspect::listShowsEveryField()
{
    const Reply reply = get("/list?path=/alias/");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.text(u"path"_s), u"/alias/"_s);
    const QJsonArray files = reply.json().value(u"files"_s).toArray();
    QCOMPARE(files.size(), 4);
    const QJsonObject plain = files[0].toObject();
    QCOMPARE(plain.size(), 15);
    QCOMPARE(plain.value(u"path"_s).toString(), u"a.txt"_s);
    QCOMPARE(plain.value(u"size"_s).toInt(), 5);
    QCOMPARE(plain.value(u"owner"_s).toString(), u"app"_s);
    QCOMPARE(plain.value(u"group"_s).toString(), u"staff"_s);
    QCOMPARE(plain.value(u"uid"_s).toInt(), 1000);
    QCOMPARE(plain.value(u"mode"_s).toInt(), 0104750);
    QCOMPARE(plain.value(u"mtime"_s).toInteger(), 1700000000);
    QVERIFY(plain.value(u"is_regular"_s).toBool() && !plain.value(u"is_symlink"_s).toBool());
    const QJsonObject link = files[1].toObject();
    QVERIFY(link.value(u"is_symlink"_s).toBool() && !link.value(u"is_regular"_s).toBool());
    QCOMPARE(link.value(u"symlink_to"_s).toString(), u"/data/a.txt"_s);
    QCOMPARE(files[3].toObject().value(u"path"_s).toString(), u"ä ö.txt"_s);
    QCOMPARE(get("/list").json().value(u"files"_s).toArray().size(), 3);
}

void TestServerInspect::listAsTextResemblesLs()
{
    const Reply reply = get("/list?path=/data&text=");
    QVERIFY(reply.header("Content-Type").startsWith(u"text/plain"_s));
    const QStringList lines = QString::fromStdString(reply.body).split(u'\n');
    QCOMPARE(lines[0], u"-rwsr-x---  app  staff  5  2023-11-14 22:13  /data/a.txt"_s);
    QVERIFY(lines[1].startsWith(u"lrwxrwxrwx"_s) && lines[1].endsWith(u"/data/link -> /data/a.txt"_s));
}

void TestServerInspect::listRefusesWhatIsNoFolder()
{
    QCOMPARE(get("/list?path=/data/a.txt").status, 422);
    QCOMPARE(get("/list?path=/nothing").status, 404);
    QCOMPARE(get("/list?path=/data/a.txt/below").status, 404);
}

void TestServerInspect::downloadFollowsLinksInsideTheImage()
{
    const Reply reply = get("/download?path=%2Fdata%2Flink");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.body, std::string("hello"));
    QCOMPARE(reply.header("Content-Length"), u"5"_s);
    QCOMPARE(reply.header("Content-Type"), u"application/octet-stream"_s);
    QCOMPARE(get("/download?path=/data/%C3%A4+%C3%B6.txt").body, std::string("umlaut"));
    QCOMPARE(get("/download?path=/data/out").status, 404);
    QCOMPARE(get("/download?path=/data").status, 422);
    QCOMPARE(get("/download").status, 400);
    QCOMPARE(head("/download?path=/data/a.txt").status, 200);
    QCOMPARE(head("/download?path=/data/a.txt").header("Content-Length"), u"5"_s);
    QCOMPARE(head("/download?path=/nothing").status, 404);
    const auto part =
        m_fixture->client().Get("/v1/inspect/" + m_image.toStdString() + "/download?path=/data/a.txt",
                                {httplib::make_range_header({{1, 3}})});
    QCOMPARE(part->status, 206);
    QCOMPARE(part->body, std::string("ell"));
}

void TestServerInspect::archiveHoldsTheTree()
{
    const Reply reply = get("/archive?path=/data");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.header("Content-Type"), u"application/x-tar"_s);
    const QList<Member> members = untar(reply.body);
    QCOMPARE(members.size(), 5);
    QCOMPARE(members[0].name, "data/");
    QCOMPARE(members[1].name, "data/a.txt");
    QCOMPARE(members[1].content, "hello");
    QCOMPARE(members[1].uid, 1000);
    QCOMPARE(members[1].mode, 04750);
    QCOMPARE(members[2].link, "/data/a.txt");
    QCOMPARE(members[4].name, "data/ä ö.txt");
    QCOMPARE(untar(get("/archive?path=etc/group").body).first().name, "etc/group");
    QVERIFY(untar(get("/archive").body).size() > 8);
    QCOMPARE(get("/archive?path=/nothing").status, 404);
    QCOMPARE(head("/archive?path=/data").status, 200);
    QCOMPARE(head("/archive?path=/nothing").status, 404);
    const QJsonObject run = m_fixture->shell(u"mkdir /h; echo x > /h/a; ln /h/a /h/b"_s);
    const QList<Member> linked = untar(get("/archive?path=/h", imageOf(run)).body);
    QCOMPARE(linked.size(), 3);
    QCOMPARE(linked[2].hardLink, "h/a");
    // What a tool of every machine makes of it.
    QTemporaryDir folder;
    QProcess tar;
    tar.start(u"tar"_s, {u"-xf"_s, u"-"_s, u"-C"_s, folder.path()});
    tar.write(reply.body.data(), static_cast<qint64>(reply.body.size()));
    tar.closeWriteChannel();
    QVERIFY(tar.waitForFinished());
    QCOMPARE(tar.exitCode(), 0);
    QCOMPARE(tar.readAllStandardError(), QByteArray());
}

QTEST_GUILESS_MAIN(TestServerInspect)
#include "tst_serverinspect.moc"
