#include "core/engine/contree/contreeengine.h"
#include "tests/core/engine/urlends.h"

#include <QFile>
#include <QTest>

using namespace cooperage;
using namespace cooperage::engine;
using namespace cooperage::engine::contree;
using namespace cooperage::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

static constexpr size_t oneGib = size_t(1) << 30;

static qint64 peakMemory()
{
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QFile::ReadOnly))
        return -1;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.sliced(6).trimmed().chopped(3).trimmed().toLongLong() * 1024;
    }
    return -1;
}

/// A program of its own: it measures the memory of its process.
class UrlMemoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamsAGibibyteInConstantMemory_data();
    void streamsAGibibyteInConstantMemory();
};

void UrlMemoryTest::streamsAGibibyteInConstantMemory_data()
{
    QTest::addColumn<bool>("withLength");
    QTest::newRow("Content-Length") << true;
    QTest::newRow("chunked") << false;
}

void UrlMemoryTest::streamsAGibibyteInConstantMemory()
{
    QFETCH(const bool, withLength);
    Loopback source;
    serveGenerated(source, oneGib, withLength);
    source.start();
    Loopback loopback;
    Receiver receiver(loopback);
    loopback.start();
    ContreeEngine engine(loopback.endpoint());
    QVERIFY(QCoro::waitFor(engine.info())); // all that is only made once is there now

    const qint64 before = peakMemory();
    qint64 lastDone = 0;
    qint64 lastTotal = 0;
    const auto outcome = QCoro::waitFor(engine.uploadUrl({.url = source.url(u"/data.bin"_s)},
                                                         [&](qint64 done, qint64 total, const QString &) {
                                                             lastDone = done;
                                                             lastTotal = total;
                                                         }));
    const qint64 growth = peakMemory() - before;
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
    QCOMPARE(outcome->how, UrlOutcome::How::Uploaded);
    QCOMPARE(outcome->file.size, static_cast<qint64>(oneGib));
    QCOMPARE(outcome->file.sha256, generatedDigest(oneGib));
    QCOMPARE(outcome->validators.etag, u"\"v1\""_s);
    QCOMPARE(receiver.hadLength.load(), withLength);
    QCOMPARE(lastDone, static_cast<qint64>(oneGib));
    QCOMPARE(lastTotal, withLength ? static_cast<qint64>(oneGib) : -1);
    qInfo("peak memory grew by %lld KiB", growth / 1024);
    QVERIFY2(growth < 64 * 1024 * 1024, qPrintable(u"%1 bytes"_s.arg(growth)));
}

QTEST_GUILESS_MAIN(UrlMemoryTest)
#include "tst_urlmemory.moc"
