#include "tests/core/engine/protocol.h"

#include <QBuffer>
#include <QTest>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

class ContreeExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatComesAndPassesTheWarningOn();
    void isRefusedWhereItIsNotOffered();
    void aCutAnswerIsAFailure();
    void endsWhenTheTargetTakesNoMore();

private:
    static void offerExport(Loopback &loopback)
    {
        loopback.server.Get("/v1/whoami", [](const httplib::Request &, httplib::Response &response) {
            json(response, R"({"extensions":["export"]})");
        });
    }
    [[nodiscard]] static Result<ExportOutcome> exported(Loopback &loopback, const ExportRequest &request,
                                                        QIODevice &target)
    {
        ContreeEngine engine(loopback.endpoint());
        return QCoro::waitFor(engine.exportImage(request, &target, {}));
    }
};

void ContreeExportTest::writesWhatComesAndPassesTheWarningOn()
{
    Loopback loopback;
    offerExport(loopback);
    httplib::Params asked;
    const std::string bytes(3'000'000, 'x');
    loopback.server.Get("/v1/images/" + imageUuid.toStdString() + "/export",
                        [&](const httplib::Request &request, httplib::Response &response) {
                            asked = request.params;
                            response.set_header("Warning", "299 cooperage \"too many layers\"");
                            response.set_content(bytes, "application/x-tar");
                        });
    loopback.start();
    QBuffer target;
    QVERIFY(target.open(QBuffer::WriteOnly));
    ExportRequest request;
    request.image = imageUuid;
    request.format = u"oci"_s;
    request.compression = u"zstd"_s;
    request.names = {u"a:1"_s, u"b:2"_s};
    request.epoch = 5;
    const auto outcome = exported(loopback, request, target);
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(outcome->size, qint64(bytes.size()));
    QCOMPARE(outcome->warning, u"too many layers"_s);
    QCOMPARE(target.data(), QByteArray::fromStdString(bytes));
    QCOMPARE(asked.find("format")->second, "oci");
    QCOMPARE(asked.find("compression")->second, "zstd");
    QCOMPARE(asked.find("epoch")->second, "5");
    QCOMPARE(asked.count("name"), 2u);
}

void ContreeExportTest::isRefusedWhereItIsNotOffered()
{
    Loopback loopback;
    serveWhoami(loopback);
    loopback.start();
    QBuffer target;
    QVERIFY(target.open(QBuffer::WriteOnly));
    ExportRequest request;
    request.image = imageUuid;
    const auto outcome = exported(loopback, request, target);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unsupported);
    QVERIFY(!outcome.error().next.isEmpty());
}

void ContreeExportTest::aCutAnswerIsAFailure()
{
    Loopback loopback;
    offerExport(loopback);
    loopback.server.Get("/v1/images/" + imageUuid.toStdString() + "/export",
                        [](const httplib::Request &, httplib::Response &response) {
                            response.set_chunked_content_provider(
                                "application/x-tar", [](size_t offset, httplib::DataSink &sink) {
                                    return offset == 0 && sink.write("half", 4);
                                });
                        });
    loopback.start();
    QBuffer target;
    QVERIFY(target.open(QBuffer::WriteOnly));
    ExportRequest request;
    request.image = imageUuid;
    QVERIFY(!exported(loopback, request, target));
}

void ContreeExportTest::endsWhenTheTargetTakesNoMore()
{
    Loopback loopback;
    offerExport(loopback);
    loopback.server.Get("/v1/images/" + imageUuid.toStdString() + "/export",
                        [](const httplib::Request &, httplib::Response &response) {
                            response.set_content(std::string(1'000'000, 'x'), "application/x-tar");
                        });
    loopback.start();
    QFile full(u"/dev/full"_s);
    if (!full.open(QFile::WriteOnly | QFile::Unbuffered))
        QSKIP("there is no /dev/full");
    ExportRequest request;
    request.image = imageUuid;
    const auto outcome = exported(loopback, request, full);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Full);
}

QTEST_GUILESS_MAIN(ContreeExportTest)
#include "tst_contreeexport.moc"
