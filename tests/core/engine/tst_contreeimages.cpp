#include "tests/core/engine/protocol.h"

#include <QJsonDocument>
#include <QTest>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ContreeImagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resolvesTagsExactly();
    void saysWhichImageIsMissing();
    void importsWithProgress();
    void listsOperationsInBothForms();
};

void ContreeImagesTest::resolvesTagsExactly()
{
    Loopback loopback;
    loopback.server.Get("/v1/inspect/", [](const httplib::Request &request, httplib::Response &response) {
        if (request.get_param_value("tag") != "app:1")
            return json(response, R"({"error":"no"})", 404);
        response.status = 302;
        response.set_header("Location", imageUuid.toStdString() + "/");
    });
    answerImage(loopback, imageUuid);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    for (const QString &name : {u"app:1"_s, u"tag:app:1"_s}) {
        const auto image = QCoro::waitFor(engine.resolve(name));
        QVERIFY2(image, qPrintable(image ? QString() : image.error().text()));
        QCOMPARE(image->uuid, imageUuid);
        QCOMPARE(image->tag, u"app:1"_s);
    }
    QCOMPARE(QCoro::waitFor(engine.resolve(imageUuid.toUpper()))->tag, u"x"_s);
    QCOMPARE(QCoro::waitFor(engine.resolve(u"app"_s)).error().kind, ErrorKind::NotFound);
}

void ContreeImagesTest::saysWhichImageIsMissing()
{
    Loopback loopback;
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    const auto image = QCoro::waitFor(engine.resolve(u"app:9"_s));
    QVERIFY(!image);
    QCOMPARE(image.error().kind, ErrorKind::NotFound);
    QVERIFY(image.error().what.contains("app:9"_L1));
    QVERIFY(!image.error().next.isEmpty());
}

void ContreeImagesTest::importsWithProgress()
{
    Loopback loopback;
    serveWhoami(loopback);
    std::string body;
    loopback.server.Post("/v1/images/import",
                         [&](const httplib::Request &request, httplib::Response &response) {
                             body = request.body;
                             json(response, R"({"uuid":"op1"})", 201);
                         });
    answerEvents(loopback, frame(0, "progress", R"({"done":5,"total":10})") +
                               frame(1, "completion", R"({"status":"SUCCESS","duration_ms":1})"));
    answerOperation(loopback, operationJson(u"SUCCESS"_s, resultUuid));
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    ImportRequest request{.reference = u"ubuntu"_s};
    request.credentials = Credentials{u"me"_s, u"hush"_s};
    QList<qint64> seen;
    const auto outcome = QCoro::waitFor(engine.importImage(
        request, [&](qint64 done, qint64 total, const QString &) { seen += {done, total}; }));
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(outcome->image, resultUuid);
    QCOMPARE(outcome->tag, u"ubuntu"_s);
    QCOMPARE(seen, (QList<qint64>{5, 10}));
    const QJsonObject sent = QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
    QCOMPARE(sent["registry"_L1]["url"_L1].toString(), u"docker://docker.io/library/ubuntu:latest"_s);
    QCOMPARE(sent["registry"_L1]["credentials"_L1]["password"_L1].toString(), u"hush"_s);
    QCOMPARE(sent["tag"_L1].toString(), u"ubuntu"_s);

    const auto archive =
        QCoro::waitFor(engine.importImage({.reference = {}, .archivePath = u"/x.tar"_s}, {}));
    QCOMPARE(archive.error().kind, ErrorKind::Unsupported);
    request.platform = u"linux/arm64"_s; // An engine that does not know of it would import another image.
    QCOMPARE(QCoro::waitFor(engine.importImage(request, {})).error().kind, ErrorKind::Unsupported);
}

void ContreeImagesTest::listsOperationsInBothForms()
{
    Loopback loopback;
    std::atomic<bool> wrapped = false;
    loopback.server.Get("/v1/operations", [&](const httplib::Request &, httplib::Response &response) {
        const std::string array = "[" + operationJson(u"EXECUTING"_s) + "]";
        json(response, (wrapped ? "{\"operations\":" + array + "}" : array).c_str());
    });
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    for (const bool form : {false, true}) {
        wrapped = form;
        const auto operations = QCoro::waitFor(engine.operations(10));
        QVERIFY(operations);
        QCOMPARE(operations->size(), 1);
        QCOMPARE(operations->first().state, OperationState::Executing);
    }
}

QTEST_GUILESS_MAIN(ContreeImagesTest)
#include "tst_contreeimages.moc"
