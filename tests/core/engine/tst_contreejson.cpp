#include "core/engine/contree/endpoint.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/retry.h"

#include <QJsonDocument>
#include <QTest>
#include <QTimeZone>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeJsonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsImages();
    void readsFolderEntries();
    void readsOperations_data();
    void readsOperations();
    void readsRunOutcomes();
    void writesInstances();
    void writesCommitEntries();
    void writesCommitEntriesOfOtherTypes();
    void putsErrorsIntoWords_data();
    void putsErrorsIntoWords();
    void believesRetryAfter_data();
    void believesRetryAfter();
    void retriesWhatIsSafe_data();
    void retriesWhatIsSafe();
    void makesUrls();
};

static QJsonObject object(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

void ContreeJsonTest::readsImages()
{
    const ImageRecord image = toImage(object(
        R"({"uuid":"u","tag":null,"created_at":"2026-06-08T22:00:00.500+02:00","operation_uuid":"o"})"));
    QCOMPARE(image.uuid, u"u"_s);
    QVERIFY(image.tag.isEmpty());
    QCOMPARE(image.createdAt, QDateTime({2026, 6, 8}, {20, 0, 0, 500}, QTimeZone::UTC));
    QCOMPARE(image.operation, u"o"_s);
}

void ContreeJsonTest::readsFolderEntries()
{
    const FileItem item = toFileItem(object(
        R"({"size":5000000000,"path":"passwd","owner":"root","group":7,"uid":0,"gid":7,"mode":33188,"mtime":1700000000,
            "nlink":1,"is_dir":false,"is_regular":true,"is_symlink":false,"is_socket":false,"is_fifo":false,"symlink_to":""})"));
    QCOMPARE(item.name, u"passwd"_s);
    QCOMPARE(item.size, 5'000'000'000);
    QCOMPARE(item.mode, 0100644U);
    QCOMPARE(item.owner, u"root"_s);
    QCOMPARE(item.group, u"7"_s);
    QVERIFY(item.isRegular && !item.isFolder);
    QCOMPARE(item.mtime.toSecsSinceEpoch(), 1'700'000'000);
}

void ContreeJsonTest::readsOperations_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<OperationState>("state");
    QTest::addColumn<QString>("result");
    QTest::newRow("both result fields")
        << QByteArray(R"({"status":"SUCCESS","result_image_uuid":"a","result":{"image":"b"}})")
        << OperationState::Success << u"a"_s;
    QTest::newRow("result only") << QByteArray(R"({"status":"SUCCESS","result":{"image":"b","tag":null}})")
                                 << OperationState::Success << u"b"_s;
    QTest::newRow("none") << QByteArray(R"({"status":"FAILED","result":{"image":null}})")
                          << OperationState::Failed << QString();
    QTest::newRow("executing") << QByteArray(R"({"status":"EXECUTING"})") << OperationState::Executing
                               << QString();
    QTest::newRow("unknown status") << QByteArray(R"({"status":"THINKING"})") << OperationState::Pending
                                    << QString();
}

void ContreeJsonTest::readsOperations()
{
    QFETCH(const QByteArray, text);
    const OperationRecord operation = toOperation(object(text.constData()));
    QTEST(operation.state, "state");
    QTEST(operation.resultImage, "result");
}

void ContreeJsonTest::readsRunOutcomes()
{
    const RunOutcome outcome = toRunOutcome(object(
        R"({"uuid":"op","status":"SUCCESS","duration":1.5,"result_image_uuid":"img","metadata":{"result":{
            "state":{"exit_code":-1,"signal":9,"timed_out":true},
            "stdout":{"value":"","encoding":"ascii","truncated":false},
            "stderr":{"value":"","encoding":"ascii","truncated":true}}}})"));
    QCOMPARE(outcome.operation, u"op"_s);
    QCOMPARE(outcome.image, u"img"_s);
    QCOMPARE(outcome.exitCode, -1);
    QCOMPARE(outcome.signal, 9);
    QVERIFY(outcome.timedOut);
    QVERIFY(outcome.outputTruncated);
    QCOMPARE(outcome.durationMs, 1500);
}

void ContreeJsonTest::writesInstances()
{
    RunRequest request{.image = u"img"_s, .command = u"make"_s, .args = {u"-j"_s}};
    request.env = {{u"A"_s, u"b"_s}};
    request.stdinData = "in\xff";
    request.files = {StagedEntry{.path = u"/a"_s, .uid = 1, .gid = 2, .mode = 04755}};
    const QJsonObject body = instanceBody(request, {u"file"_s});
    QCOMPARE(body["args"_L1].toArray(), QJsonArray{u"-j"_s});
    QCOMPARE(body["env"_L1]["A"_L1].toString(), u"b"_s);
    QCOMPARE(QByteArray::fromBase64(body["stdin"_L1]["value"_L1].toString().toLatin1()), "in\xff");
    const QJsonObject file{{u"uuid"_s, u"file"_s}, {u"uid"_s, 1}, {u"gid"_s, 2}, {u"mode"_s, u"4755"_s}};
    QCOMPARE(body["files"_L1]["/a"_L1].toObject(), file);
    QVERIFY(!body.contains("cwd"_L1) && !body.contains("hostname"_L1));
}

void ContreeJsonTest::writesCommitEntries()
{
    StagedEntry local{.path = u"/a"_s, .mtimeNs = 5};
    local.localPath = u"/home/a"_s;
    local.sha256 = "00ff";
    const QJsonObject expected{{u"type"_s, u"file"_s},
                               {u"path"_s, u"/a"_s},
                               {u"uid"_s, 0},
                               {u"gid"_s, 0},
                               {u"mode"_s, u"0644"_s},
                               {u"mtime_ns"_s, 5},
                               {u"local"_s, u"/home/a"_s},
                               {u"sha256"_s, u"00ff"_s}};
    QCOMPARE(commitEntry(local, {}), expected);
    QCOMPARE(commitEntry(local, u"f"_s)["uuid"_L1].toString(), u"f"_s);

    StagedEntry copy{.type = StagedEntry::Type::CopyFrom, .path = u"/x"_s, .mode = 0700};
    copy.sourceImage = u"img"_s;
    copy.sourcePath = u"/y"_s;
    QVERIFY(!commitEntry(copy, {}).contains("mode"_L1));
    copy.setMode = true;
    QCOMPARE(commitEntry(copy, {})["mode"_L1].toString(), u"0700"_s);
    copy.modeChange = u"u+x"_s;
    copy.exclude = QStringList{u"*.o"_s};
    QCOMPARE(commitEntry(copy, {})["mode_change"_L1].toString(), u"u+x"_s);
    QCOMPARE(commitEntry(copy, {})["exclude"_L1].toArray(), QJsonArray{u"*.o"_s});
    QVERIFY(!commitEntry(copy, {}).contains("include"_L1));
}

void ContreeJsonTest::writesCommitEntriesOfOtherTypes()
{
    StagedEntry link{.type = StagedEntry::Type::HardLink, .path = u"/b"_s};
    link.linkTarget = u"/a"_s;
    QCOMPARE(commitEntry(link, {})["type"_L1].toString(), u"link"_s);
    QCOMPARE(commitEntry(link, {})["target"_L1].toString(), u"/a"_s);
    StagedEntry device{.type = StagedEntry::Type::Special, .path = u"/d"_s, .mode = 0666};
    device.special = u"char"_s;
    device.deviceMajor = 1;
    device.deviceMinor = 3;
    const QJsonObject expected{
        {u"type"_s, u"special"_s}, {u"path"_s, u"/d"_s},   {u"uid"_s, 0},   {u"gid"_s, 0},
        {u"mode"_s, u"0666"_s},    {u"kind"_s, u"char"_s}, {u"major"_s, 1}, {u"minor"_s, 3}};
    QCOMPARE(commitEntry(device, {}), expected);
    StagedEntry folder{.type = StagedEntry::Type::Folder, .path = u"/f"_s, .mode = 0755};
    folder.xattrs.insert(u"user.a"_s, "red");
    folder.replace = true;
    QCOMPARE(commitEntry(folder, {})["xattrs"_L1]["user.a"_L1].toString(), u"cmVk"_s);
    QCOMPARE(commitEntry(folder, {})["replace"_L1].toBool(), true);
}

void ContreeJsonTest::putsErrorsIntoWords_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("what");
    QTest::newRow("text") << 404 << QByteArray(R"({"error":"no image","status":404})") << ErrorKind::NotFound
                          << u"no image"_s;
    QTest::newRow("denied") << 401 << QByteArray(R"({"error":"bad token"})") << ErrorKind::Denied
                            << u"bad token"_s;
    QTest::newRow("full") << 507 << QByteArray(R"({"error":"disk"})") << ErrorKind::Full << u"disk"_s;
    QTest::newRow("object") << 422 << QByteArray(R"({"error":{"path":"x"}})") << ErrorKind::BadInput
                            << u"{\"path\":\"x\"}"_s;
    QTest::newRow("no JSON") << 500 << QByteArray("<html>") << ErrorKind::Failed
                             << u"The engine answered with status 500"_s;
}

void ContreeJsonTest::putsErrorsIntoWords()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    Endpoint endpoint;
    endpoint.baseUrl = QUrl(u"https://user:pass@engine.example/x"_s);
    endpoint.token = "secret-token";
    const Error error = errorOfStatus(endpoint, status, body);
    QTEST(error.kind, "kind");
    QTEST(error.what, "what");
    QVERIFY(!error.text().contains("pass"_L1) && !error.text().contains("secret"_L1));
}

void ContreeJsonTest::believesRetryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("expected"); // -1: none
    QTest::newRow("seconds") << QByteArray("2") << 2000LL;
    QTest::newRow("fraction") << QByteArray("0.25") << 250LL;
    QTest::newRow("negative") << QByteArray("-3") << 0LL;
    QTest::newRow("infinite") << QByteArray("inf") << -1LL;
    QTest::newRow("too long") << QByteArray("86400") << 300'000LL;
    QTest::newRow("date") << QByteArray("Sat, 21 Nov 2026 12:00:10 GMT") << 10'000LL;
    QTest::newRow("past date") << QByteArray("Sat, 21 Nov 2026 11:00:00 GMT") << 0LL;
    QTest::newRow("nonsense") << QByteArray("soon") << -1LL;
    QTest::newRow("absent") << QByteArray() << -1LL;
}

void ContreeJsonTest::believesRetryAfter()
{
    QFETCH(const QByteArray, value);
    const auto delay = parseRetryAfter(value, QDateTime({2026, 11, 21}, {12, 0}, QTimeZone::UTC));
    QTEST(delay ? static_cast<qint64>(delay->count()) : -1LL, "expected");
}

void ContreeJsonTest::retriesWhatIsSafe_data()
{
    QTest::addColumn<bool>("idempotent");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("again");
    QTest::newRow("GET, cut") << true << 0 << true;
    QTest::newRow("GET, 503") << true << 503 << true;
    QTest::newRow("GET, 410") << true << 410 << true;
    QTest::newRow("GET, 404") << true << 404 << false;
    QTest::newRow("GET, 507") << true << 507 << false;
    QTest::newRow("POST, cut") << false << 0 << false;
    QTest::newRow("POST, 500") << false << 500 << false;
    QTest::newRow("POST, 425") << false << 425 << true;
    QTest::newRow("POST, 429") << false << 429 << true;
}

void ContreeJsonTest::retriesWhatIsSafe()
{
    QFETCH(const bool, idempotent);
    QFETCH(const int, status);
    const RetryPolicy policy;
    QTEST(policy.delay(idempotent, status, 1, {}).has_value(), "again");
    QVERIFY(!policy.delay(idempotent, status, policy.attempts, {}));
    QVERIFY(policy.delay(true, 503, 6, {}).value() > policy.delay(true, 503, 1, {}).value());
    QCOMPARE(policy.delay(true, 503, 1, "1.5").value(), 1500ms);
}

void ContreeJsonTest::makesUrls()
{
    Endpoint endpoint;
    endpoint.baseUrl = QUrl(u"https://user@host:8443/sand%20boxes/"_s);
    QCOMPARE(endpoint.url("/v1/images", {{"tag", u"a+b c/d:1"_s}}).toEncoded(),
             "https://host:8443/sand%20boxes/v1/images?tag=a%2Bb%20c%2Fd%3A1");
    QVERIFY(endpoint.check());
    endpoint.baseUrl = QUrl(u"ftp://host/"_s);
    QVERIFY(!endpoint.check());
    endpoint.socketPath = u"/run/engine.sock"_s;
    QCOMPARE(endpoint.target("/v1/whoami"), "/v1/whoami");
    QCOMPARE(segment(u"a/b"_s), "a%2Fb");
}

QTEST_GUILESS_MAIN(ContreeJsonTest)
#include "tst_contreejson.moc"
