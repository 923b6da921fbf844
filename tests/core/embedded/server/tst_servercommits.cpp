#include "core/base/sha256.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QFile>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// Images made without running anything: commits, and archives that are imported.
class TestServerCommits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        const QJsonObject link{{u"type"_s, u"symlink"_s}, {u"path"_s, u"/alias"_s}, {u"target"_s, u"data"_s}};
        const Reply made = commit({{u"image"_s, QJsonValue::Null},
                                   {u"entries"_s, QJsonArray{file(u"/data/a.txt"_s, "hello"), link}}});
        QVERIFY2(made.status == 201, made.body.c_str());
        m_image = made.text(u"uuid"_s);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void commitsStackAndShareLayers();
    void commitTakesLocalFilesWithTheirDigest();
    void commitCopiesFromAnotherImage();
    void copiesTakeWhatPatternsLeave();
    void linksPipesAndAttributesAreMade();
    void layersAreStacked();
    void archivesReplaceWhatIsThere();
    void badEntriesAreNamed_data();
    void badEntriesAreNamed();
    void importsAnUploadedArchive();

private:
    QJsonObject copyOfData(const QString &target) const
    {
        return {{u"type"_s, u"copy"_s}, {u"path"_s, target}, {u"from"_s, m_image}, {u"source"_s, u"/"_s}};
    }
    /// The full st_mode of a path; 0 if it is not there.
    qint64 modeOf(const QString &image, const std::string &folder, const QString &name)
    {
        const QJsonArray files = get("/list?path=" + folder, image).json().value(u"files"_s).toArray();
        for (const QJsonValue one : files) {
            if (one[u"path"_s].toString().section(u'/', -1) == name)
                return one[u"mode"_s].toInteger();
        }
        return 0;
    }
    static QJsonObject file(const QString &path, const QByteArray &content)
    {
        return {{u"type"_s, u"file"_s},
                {u"path"_s, path},
                {u"content"_s, QString::fromLatin1(content.toBase64())}};
    }
    Reply commit(const QJsonObject &body) { return m_fixture->client().post("/v1/commits", body); }
    Reply get(const std::string &rest, const QString &image = {})
    {
        return m_fixture->client().Get("/v1/inspect/" + (image.isEmpty() ? m_image : image).toStdString() +
                                       rest);
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_image;
};

void TestServerCommits::commitsStackAndShareLayers()
{
    const Reply next =
        commit({{u"image"_s, m_image}, {u"entries"_s, QJsonArray{file(u"/data/a.txt"_s, "changed")}}});
    QCOMPARE(next.status, 201);
    QCOMPARE(get("/download?path=/data/a.txt", next.text(u"uuid"_s)).body, std::string("changed"));
    QCOMPARE(get("/download?path=/data/a.txt").body, std::string("hello"));
    const QJsonObject config{{u"config"_s, QJsonObject{{u"Cmd"_s, QJsonArray{u"sh"_s}}}}};
    const Reply same = commit({{u"image"_s, next.text(u"uuid"_s)}, {u"config"_s, config}});
    QCOMPARE(same.status, 201);
    const auto describe = [&](const Reply &image, const char *what) {
        return Reply(m_fixture->client().Get("/v1/images/" + image.text(u"uuid"_s).toStdString() + what));
    };
    QCOMPARE(describe(same, "/layers").body, describe(next, "/layers").body);
    QCOMPARE(describe(next, "/layers").json().value(u"layers"_s).toArray().size(), 2);
    QCOMPARE(describe(same, "/config").json(), config);
    QCOMPARE(describe(next, "/config").body, std::string("{}"));
    const Reply kept =
        commit({{u"image"_s, same.text(u"uuid"_s)}, {u"entries"_s, QJsonArray{file(u"/k"_s, "k")}}});
    QCOMPARE(describe(kept, "/config").json(), config);
}

void TestServerCommits::commitTakesLocalFilesWithTheirDigest()
{
    const QString path = m_fixture->folder() + u"/local.txt"_s;
    QFile local(path);
    QVERIFY(local.open(QFile::WriteOnly) && local.write("from here") > 0);
    local.close();
    const auto entry = [&](const QByteArray &content) {
        return QJsonArray{QJsonObject{{u"type"_s, u"file"_s},
                                      {u"path"_s, u"/l"_s},
                                      {u"local"_s, path},
                                      {u"sha256"_s, QString::fromLatin1(Sha256::hex(content))}}};
    };
    const Reply good = commit({{u"image"_s, m_image}, {u"entries"_s, entry("from here")}});
    QCOMPARE(good.status, 201);
    QCOMPARE(get("/download?path=/l", good.text(u"uuid"_s)).body, std::string("from here"));
    const Reply changed = commit({{u"image"_s, m_image}, {u"entries"_s, entry("something else")}});
    QCOMPARE(changed.status, 409);
    QVERIFY(changed.text(u"error"_s).contains(path));
}

void TestServerCommits::commitCopiesFromAnotherImage()
{
    const Reply copied = commit({{u"image"_s, QJsonValue::Null},
                                 {u"entries"_s, QJsonArray{QJsonObject{{u"type"_s, u"copy"_s},
                                                                       {u"path"_s, u"/taken"_s},
                                                                       {u"from"_s, m_image},
                                                                       {u"source"_s, u"/data"_s}}}}});
    QVERIFY2(copied.status == 201, copied.body.c_str());
    QCOMPARE(get("/download?path=/taken/a.txt", copied.text(u"uuid"_s)).body, std::string("hello"));
}

void TestServerCommits::copiesTakeWhatPatternsLeave()
{
    QJsonObject only = copyOfData(u"/only"_s);
    only[u"include"_s] = QJsonArray{u"data/*.txt"_s};
    only[u"mode_change"_s] = u"u=rwx,go="_s;
    QJsonObject without = copyOfData(u"/without"_s);
    without[u"exclude"_s] = QJsonArray{u"data"_s};
    const Reply made = commit({{u"entries"_s, QJsonArray{only, without}}});
    QVERIFY2(made.status == 201, made.body.c_str());
    const QString image = made.text(u"uuid"_s);
    QCOMPARE(get("/download?path=/only/data/a.txt", image).body, std::string("hello"));
    QCOMPARE(modeOf(image, "/only/data", u"a.txt"_s) & 07777, 0700);
    QCOMPARE(modeOf(image, "/only", u"alias"_s), 0);
    QCOMPARE(modeOf(image, "/without", u"data"_s), 0);
    QVERIFY(modeOf(image, "/without", u"alias"_s) != 0);
}

void TestServerCommits::linksPipesAndAttributesAreMade()
{
    QJsonObject one = file(u"/x/one"_s, "1");
    one[u"xattrs"_s] = QJsonObject{{u"user.color"_s, u"cmVk"_s}, {u"trusted.x"_s, u"cmVk"_s}};
    const QJsonObject two{{u"type"_s, u"link"_s}, {u"path"_s, u"/x/two"_s}, {u"target"_s, u"/x/one"_s}};
    const QJsonObject pipe{
        {u"type"_s, u"special"_s}, {u"path"_s, u"/x/pipe"_s}, {u"kind"_s, u"fifo"_s}, {u"mode"_s, u"0640"_s}};
    const Reply made = commit({{u"entries"_s, QJsonArray{one, two, pipe}}});
    QVERIFY2(made.status == 201, made.body.c_str());
    QCOMPARE(modeOf(made.text(u"uuid"_s), "/x", u"pipe"_s), 010640);
    const std::string tar = get("/archive?path=/x", made.text(u"uuid"_s)).body;
    QVERIFY(tar.find("user.color") != std::string::npos);
    QVERIFY(tar.find("trusted.x") == std::string::npos);
    QCOMPARE(get("/download?path=/x/two", made.text(u"uuid"_s)).body, std::string("1"));
}

void TestServerCommits::layersAreStacked()
{
    const Reply apart = commit({{u"entries"_s, QJsonArray{file(u"/alias/b.txt"_s, "apart")}}});
    const Reply stacked = commit({{u"image"_s, m_image}, {u"stack"_s, apart.text(u"uuid"_s)}});
    QVERIFY2(stacked.status == 201, stacked.body.c_str());
    const QString image = stacked.text(u"uuid"_s);
    QCOMPARE(get("/download?path=/alias/b.txt", image).body, std::string("apart"));
    QCOMPARE(get("/download?path=/data/a.txt", image).body, std::string("hello"));
    QCOMPARE(modeOf(image, "/", u"alias"_s), 040755); // It was a link.
    const QString none = u"11111111-1111-1111-1111-111111111111"_s;
    QCOMPARE(commit({{u"image"_s, m_image}, {u"stack"_s, none}}).status, 404);
}

void TestServerCommits::archivesReplaceWhatIsThere()
{
    QJsonObject onFolder = file(u"/data"_s, "now a file");
    QJsonObject onLink{{u"type"_s, u"folder"_s}, {u"path"_s, u"/alias"_s}};
    QCOMPARE(commit({{u"image"_s, m_image}, {u"entries"_s, QJsonArray{onFolder}}}).status, 400);
    QCOMPARE(commit({{u"image"_s, m_image}, {u"entries"_s, QJsonArray{onLink}}}).status, 400);
    onFolder[u"replace"_s] = true;
    onLink[u"replace"_s] = true;
    const Reply made = commit({{u"image"_s, m_image}, {u"entries"_s, QJsonArray{onFolder, onLink}}});
    QVERIFY2(made.status == 201, made.body.c_str());
    QCOMPARE(get("/download?path=/data", made.text(u"uuid"_s)).body, std::string("now a file"));
    QCOMPARE(modeOf(made.text(u"uuid"_s), "/", u"alias"_s), 040755);
}

void TestServerCommits::badEntriesAreNamed_data()
{
    QTest::addColumn<QJsonObject>("entry");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("mention");
    const QString none = u"11111111-1111-1111-1111-111111111111"_s;
    QTest::newRow("type") << QJsonObject{{u"type"_s, u"device"_s}, {u"path"_s, u"/x"_s}} << 400
                          << u"entries[0]"_s;
    QTest::newRow("no path") << QJsonObject{{u"type"_s, u"file"_s}} << 400 << u"entries[0].path"_s;
    QTest::newRow("relative") << QJsonObject{{u"type"_s, u"folder"_s}, {u"path"_s, u"x"_s}} << 400
                              << u"entries[0].path"_s;
    QTest::newRow("no source") << QJsonObject{{u"type"_s, u"file"_s}, {u"path"_s, u"/x"_s}} << 400
                               << u"entries[0]"_s;
    QTest::newRow("mode") << QJsonObject{{u"type"_s, u"folder"_s}, {u"path"_s, u"/x"_s}, {u"mode"_s, u"9"_s}}
                          << 400 << u"mode"_s;
    QTest::newRow("unknown upload") << QJsonObject{{u"type"_s, u"file"_s},
                                                   {u"path"_s, u"/x"_s},
                                                   {u"uuid"_s, none}}
                                    << 404 << QString();
    QTest::newRow("unknown image") << QJsonObject{{u"type"_s, u"copy"_s},
                                                  {u"path"_s, u"/x"_s},
                                                  {u"from"_s, none},
                                                  {u"source"_s, u"/"_s}}
                                   << 404 << QString();
    QTest::newRow("file onto folder") << file(u"/data"_s, "x") << 400 << u"/data"_s;
    QTest::newRow("folder onto file")
        << QJsonObject{{u"type"_s, u"folder"_s}, {u"path"_s, u"/data/a.txt"_s}} << 400 << u"/data/a.txt"_s;
    QTest::newRow("folder onto link") << QJsonObject{{u"type"_s, u"folder"_s}, {u"path"_s, u"/alias"_s}}
                                      << 400 << u"cannot copy to non-directory: /alias"_s;
    QTest::newRow("kind") << QJsonObject{{u"type"_s, u"special"_s}, {u"path"_s, u"/x"_s}, {u"kind"_s, u"x"_s}}
                          << 400 << u"kind"_s;
    QTest::newRow("mark of overlayfs")
        << QJsonObject{{u"type"_s, u"special"_s}, {u"path"_s, u"/x"_s}, {u"kind"_s, u"char"_s}} << 400
        << u"major"_s;
    QTest::newRow("attributes") << QJsonObject{{u"type"_s, u"folder"_s},
                                               {u"path"_s, u"/x"_s},
                                               {u"xattrs"_s, QJsonObject{{u"user.a"_s, u"*"_s}}}}
                                << 400 << u"xattrs"_s;
    QTest::newRow("link to nothing") << QJsonObject{{u"type"_s, u"link"_s},
                                                    {u"path"_s, u"/x"_s},
                                                    {u"target"_s, u"/none"_s}}
                                     << 404 << u"/x"_s;
    QTest::newRow("mode change") << QJsonObject{{u"type"_s, u"copy"_s},
                                                {u"path"_s, u"/x"_s},
                                                {u"from"_s, m_image},
                                                {u"source"_s, u"/"_s},
                                                {u"mode_change"_s, u"u+q"_s}}
                                 << 400 << u"mode_change"_s;
    QTest::newRow("pattern") << QJsonObject{{u"type"_s, u"copy"_s},
                                            {u"path"_s, u"/x"_s},
                                            {u"from"_s, m_image},
                                            {u"source"_s, u"/"_s},
                                            {u"exclude"_s, QJsonArray{u"[a"_s}}}
                             << 400 << u"syntax error in pattern"_s;
    QTest::newRow("a pipe") << QJsonObject{{u"type"_s, u"file"_s},
                                           {u"path"_s, u"/x"_s},
                                           {u"local"_s, u"/dev/null"_s}}
                            << 400 << u"/dev/null"_s;
}

void TestServerCommits::badEntriesAreNamed()
{
    QFETCH(QJsonObject, entry);
    QFETCH(int, status);
    QFETCH(QString, mention);
    const Reply reply = commit({{u"image"_s, m_image}, {u"entries"_s, QJsonArray{entry}}});
    QVERIFY2(reply.status == status, reply.body.c_str());
    QVERIFY2(reply.text(u"error"_s).contains(mention), reply.body.c_str());
}

void TestServerCommits::importsAnUploadedArchive()
{
    const std::string tar = get("/archive").body;
    const QString uuid =
        Reply(m_fixture->client().Post("/v1/files", tar, "application/octet-stream")).text(u"uuid"_s);
    const QJsonObject import = m_fixture->run(
        {{u"archive"_s, QJsonObject{{u"file"_s, uuid}}}, {u"tag"_s, u"imported:1"_s}}, "/v1/images/import");
    QVERIFY2(statusOf(import) == u"SUCCESS"_s, qPrintable(import.value(u"error"_s).toString()));
    QCOMPARE(import.value(u"result"_s).toObject().value(u"tag"_s).toString(), u"imported:1"_s);
    QCOMPARE(get("/download?path=/alias/a.txt", imageOf(import)).body, std::string("hello"));
    QCOMPARE(m_fixture->store().uuidOfTag(u"imported:1"_s).value(), imageOf(import));
    const Reply events = m_fixture->client().Get(
        "/v1/operations/" + import.value(u"uuid"_s).toString().toStdString() + "/events");
    QVERIFY(events.body.contains("event: progress"));
    QVERIFY(events.body.contains("event: completion"));
}

QTEST_GUILESS_MAIN(TestServerCommits)
#include "tst_servercommits.moc"
