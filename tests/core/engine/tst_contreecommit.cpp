#include "tests/core/engine/protocol.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeCommitTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uploadsEachContentOnce();
    void noticesAChangedFile();
    void commitsWithTheExtension();
    void commitsPlainlyWithout();
    void makesFoldersAndLinksByAScript();
    void copiesFromOtherImagesByTheirArchive_data();
    void copiesFromOtherImagesByTheirArchive();
    void refusesWhatItCannotCopy();
};

// A tar of `names` below `folder`, as the engine would send it.
static QByteArray tarOf(const QString &folder, const QStringList &names)
{
    QProcess tar;
    tar.start(u"tar"_s, QStringList{u"--format=pax"_s, u"--owner=7"_s, u"--group=8"_s, u"-C"_s, folder,
                                    u"-cf"_s, u"-"_s} +
                            names);
    if (!tar.waitForFinished() || tar.exitCode() != 0)
        qFatal("tar failed");
    return tar.readAllStandardOutput();
}

static void answerArchive(Loopback &loopback, const QByteArray &bytes)
{
    loopback.server.Get("/v1/inspect/" + imageUuid.toStdString() + "/archive",
                        [bytes](const httplib::Request &, httplib::Response &response) {
                            response.set_content(bytes.toStdString(), "application/x-tar");
                        });
}

void ContreeCommitTest::uploadsEachContentOnce()
{
    const QTemporaryDir folder;
    Loopback loopback;
    FileStore store(loopback);
    std::string body;
    acceptInstances(loopback, &body);
    answerEvents(loopback, frame(0, "completion", R"({"status":"SUCCESS","duration_ms":1})"));
    answerOperation(loopback, operationJson(u"SUCCESS"_s, resultUuid, endedWell));
    loopback.start();
    RunRequest request{.image = imageUuid, .command = u"c"_s};
    for (int i = 0; i < 40; ++i)
        request.files.append(
            localFile(folder, u"f%1"_s.arg(i), "content " + QByteArray::number(i / 2), u"/f%1"_s.arg(i)));
    const QByteArray large(3'000'000, 'x');
    request.files.append(localFile(folder, u"large"_s, large, u"/large"_s));
    StagedEntry inlined{.path = u"/inline"_s};
    inlined.content = "inline";
    request.files.append(inlined);
    StagedEntry empty = localFile(folder, u"empty"_s, {}, u"/empty"_s);
    request.files.append(empty);
    StagedEntry known{.path = u"/known"_s};
    known.fileUuid = u"known-uuid"_s;
    request.files.append(known);

    ContreeEngine engine(loopback.endpoint());
    const auto outcome = QCoro::waitFor(engine.run(request, {}));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(store.uploads, 20 + 3);
    QCOMPARE(store.files.value(Sha256::hex(large)), large);
    const QJsonObject files = QJsonDocument::fromJson(QByteArray::fromStdString(body))["files"_L1].toObject();
    QCOMPARE(files.size(), request.files.size());
    QCOMPARE(files["/known"_L1]["uuid"_L1].toString(), u"known-uuid"_s);
    QCOMPARE(files["/f0"_L1], files["/f1"_L1]);
    QCOMPARE(files["/inline"_L1]["uuid"_L1].toString(),
             u"file-"_s + QString::fromLatin1(Sha256::hex("inline").first(8)));

    QVERIFY(QCoro::waitFor(engine.run(request, {})));
    QCOMPARE(store.uploads, 20 + 3);
}

void ContreeCommitTest::noticesAChangedFile()
{
    const QTemporaryDir folder;
    Loopback loopback;
    FileStore store(loopback);
    acceptInstances(loopback);
    loopback.start();
    StagedEntry entry = localFile(folder, u"f"_s, "new", u"/f"_s);
    entry.sha256 = Sha256::hex("old");
    ContreeEngine engine(loopback.endpoint());
    RunRequest request{.image = imageUuid, .command = u"c"_s};
    request.files = {entry};
    const auto outcome = QCoro::waitFor(engine.run(request, {}));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().where, entry.localPath);
    QCOMPARE(loopback.count(u"POST /v1/instances"_s), 0);

    QFile::remove(entry.localPath);
    const auto missing = QCoro::waitFor(engine.run(request, {}));
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
}

void ContreeCommitTest::commitsWithTheExtension()
{
    const QTemporaryDir folder;
    Loopback loopback;
    FileStore store(loopback);
    serveWhoami(loopback, R"(["commit","local-files","copy-from"])");
    std::string body;
    loopback.server.Post("/v1/commits", [&](const httplib::Request &request, httplib::Response &response) {
        body = request.body;
        json(response,
             R"({"uuid":"new","tag":null,"created_at":"2026-06-08T20:00:00Z","operation_uuid":null})", 201);
    });
    loopback.start();
    StagedEntry big{.path = u"/big"_s};
    big.content = QByteArray(100'000, 'b');
    StagedEntry small{.path = u"/small"_s};
    small.content = "s";
    StagedEntry copy{.type = StagedEntry::Type::CopyFrom, .path = u"/x"_s};
    copy.sourceImage = imageUuid;
    CommitRequest request;
    request.entries = {localFile(folder, u"f"_s, "f", u"/f"_s), big, small, copy};
    request.config = QJsonObject{{u"config"_s, QJsonObject()}};

    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.commit(request));
    QVERIFY2(image, qPrintable(image ? QString() : image.error().text()));
    QCOMPARE(image->uuid, u"new"_s);
    QCOMPARE(store.uploads, 1); // the big one
    const QJsonObject sent = QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
    QVERIFY(sent["image"_L1].isNull() && sent.contains("image"_L1) && sent.contains("config"_L1));
    const QJsonArray entries = sent["entries"_L1].toArray();
    QCOMPARE(entries[0]["local"_L1].toString(), request.entries[0].localPath);
    QVERIFY(entries[1]["uuid"_L1].toString().startsWith("file-"_L1));
    QCOMPARE(entries[2]["content"_L1].toString(), u"cw=="_s);
    QCOMPARE(entries[3]["type"_L1].toString(), u"copy"_s);
}

void ContreeCommitTest::commitsPlainlyWithout()
{
    const QTemporaryDir folder;
    Loopback loopback;
    FileStore store(loopback);
    serveWhoami(loopback);
    std::string body;
    acceptInstances(loopback, &body);
    answerEvents(loopback, frame(0, "completion", R"({"status":"SUCCESS","duration_ms":1})"));
    QString ended = endedWell;
    answerOperation(loopback, operationJson(u"SUCCESS"_s, resultUuid,
                                            ended.replace("\"exit_code\":3"_L1, "\"exit_code\":0"_L1)));
    answerImage(loopback, resultUuid);
    loopback.start();
    StagedEntry implied{.type = StagedEntry::Type::Folder, .path = u"/app"_s, .mode = 0755};
    CommitRequest request{.image = imageUuid,
                          .entries = {implied, localFile(folder, u"f"_s, "f", u"/app/f"_s)}};
    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.commit(request));
    QVERIFY2(image, qPrintable(image ? QString() : image.error().text()));
    QCOMPARE(image->uuid, resultUuid);
    QCOMPARE(loopback.count(u"POST /v1/instances"_s), 1);
    QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(body))["command"_L1].toString(), u":"_s);

    request.image.clear();
    QCOMPARE(QCoro::waitFor(engine.commit(request)).error().kind, ErrorKind::Unsupported);
}

void ContreeCommitTest::makesFoldersAndLinksByAScript()
{
    Loopback loopback;
    FileStore store(loopback);
    serveWhoami(loopback);
    std::string body;
    acceptInstances(loopback, &body);
    answerEvents(loopback, frame(0, "completion", R"({"status":"SUCCESS","duration_ms":1})"));
    answerOperation(loopback, operationJson(u"SUCCESS"_s, resultUuid, endedWell)); // exit code 3
    loopback.start();
    const QTemporaryDir folder;
    const QString root = folder.filePath(u"it's a root"_s);
    StagedEntry made{.type = StagedEntry::Type::Folder, .path = root + u"/made"_s, .mode = 0750};
    StagedEntry link{.type = StagedEntry::Type::Symlink, .path = root + u"/deep/link"_s};
    link.linkTarget = u"-strange 'target'"_s;
    for (StagedEntry *entry : {&made, &link}) {
        entry->uid = ::getuid();
        entry->gid = ::getgid();
    }
    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.commit({.image = imageUuid, .entries = {made, link}}));
    QVERIFY(!image);
    QVERIFY(image.error().next.contains("/bin/sh"_L1));

    // The script itself, on this machine's disk.
    const QString script = QJsonDocument::fromJson(QByteArray::fromStdString(body))["command"_L1].toString();
    for (int round = 0; round < 2; ++round) {
        QProcess shell;
        shell.start(u"/bin/sh"_s, {u"-c"_s, script});
        QVERIFY(shell.waitForFinished());
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
    }
    QCOMPARE(QFileInfo(made.path).permissions() & 0x777, QFile::Permissions::fromInt(0x750));
    QCOMPARE(QFileInfo(link.path).readSymLink(), link.linkTarget);
}

void ContreeCommitTest::copiesFromOtherImagesByTheirArchive_data()
{
    QTest::addColumn<QStringList>("members");
    QTest::addColumn<QString>("source");
    QTest::newRow("folder") << QStringList{u"out"_s} << u"/out"_s;
    QTest::newRow("without the folder itself")
        << QStringList{u"out/hard"_s, u"out/file"_s, u"out/sub"_s, u"out/link"_s} << u"/out"_s;
    QTest::newRow("through a link") << QStringList{u"out"_s} << u"/alias"_s;
}

void ContreeCommitTest::copiesFromOtherImagesByTheirArchive()
{
    QFETCH(const QStringList, members);
    QFETCH(const QString, source);
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"out/sub"_s));
    (void)localFile(folder, u"out/file"_s, "content", {});
    QVERIFY(QFile::setPermissions(folder.filePath(u"out/file"_s), QFile::Permissions::fromInt(0x750)));
    QCOMPARE(::link(QFile::encodeName(folder.filePath(u"out/file"_s)),
                    QFile::encodeName(folder.filePath(u"out/hard"_s))),
             0);
    QVERIFY(QFile::link(u"../x"_s, folder.filePath(u"out/link"_s)));

    Loopback loopback;
    FileStore store(loopback);
    serveWhoami(loopback, R"(["commit"])");
    answerArchive(loopback, tarOf(folder.path(), members));
    std::string body;
    loopback.server.Post("/v1/commits", [&](const httplib::Request &request, httplib::Response &response) {
        body = request.body;
        json(response, R"({"uuid":"new","tag":null,"created_at":"2026-06-08T20:00:00Z"})", 201);
    });
    loopback.start();
    StagedEntry copy{.type = StagedEntry::Type::CopyFrom, .path = u"/to"_s, .uid = 1, .gid = 2};
    copy.sourceImage = imageUuid;
    copy.sourcePath = source;
    copy.setOwner = true;
    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.commit({.image = resultUuid, .entries = {copy}}));
    QVERIFY2(image, qPrintable(image ? QString() : image.error().text()));
    QCOMPARE(store.files.values(), QByteArrayList{"content"});

    QMap<QString, QJsonObject> entries;
    for (const QJsonValue &entry :
         QJsonDocument::fromJson(QByteArray::fromStdString(body))["entries"_L1].toArray())
        entries.insert(entry["path"_L1].toString(), entry.toObject());
    QVERIFY(entries.contains(u"/to/sub"_s));
    for (const QString &name : {u"/to/file"_s, u"/to/hard"_s}) {
        QCOMPARE(entries[name]["mode"_L1].toString(), u"0750"_s);
        QCOMPARE(entries[name]["uid"_L1].toInt(), 1);
        QVERIFY(entries[name]["uuid"_L1].toString().startsWith("file-"_L1));
    }
    QCOMPARE(entries[u"/to/link"_s]["target"_L1].toString(), u"../x"_s);
    QCOMPARE(entries[u"/to/sub"_s]["type"_L1].toString(), u"folder"_s);
}

void ContreeCommitTest::refusesWhatItCannotCopy()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u"out"_s));
    QCOMPARE(::mkfifo(QFile::encodeName(folder.filePath(u"out/pipe"_s)), 0600), 0);
    Loopback loopback;
    serveWhoami(loopback, R"(["commit"])");
    answerArchive(loopback, tarOf(folder.path(), {u"out"_s}));
    loopback.start();
    StagedEntry copy{.type = StagedEntry::Type::CopyFrom, .path = u"/to"_s};
    copy.sourceImage = imageUuid;
    copy.sourcePath = u"/out"_s;
    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.commit({.image = resultUuid, .entries = {copy}}));
    QVERIFY(!image);
    QCOMPARE(image.error().kind, ErrorKind::Unsupported);
    QCOMPARE(image.error().where, u"pipe"_s);
}

QTEST_GUILESS_MAIN(ContreeCommitTest)
#include "tst_contreecommit.moc"
