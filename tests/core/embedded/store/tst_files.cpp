#include "core/embedded/store/operationtable.h"
#include "core/embedded/store/store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::embedded;

class TestFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        reopen();
    }
    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void sameBytesAreKeptOnce();
    void abandonedUploadLeavesNothing();
    void lostFileCountsAsMissingAndIsReplaced();
    void threadsWorkAtOnce();
    void operationsAreListedAndEndedByReopening();

private:
    void reopen()
    {
        m_store.reset();
        auto opened = Store::open(m_folder->filePath(u"store"_s));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_store = std::move(*opened);
    }
    QString path(const char *below) const
    {
        return m_folder->filePath(u"store/"_s + QString::fromLatin1(below));
    }
    static Store::Reader readerOf(QByteArray bytes)
    {
        return [bytes, at = qint64(0)](char *buffer, qint64 size) mutable {
            const qint64 piece = std::min<qint64>(size, bytes.size() - at);
            std::copy_n(bytes.constData() + at, piece, buffer);
            at += piece;
            return piece;
        };
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
};

void TestFiles::sameBytesAreKeptOnce()
{
    const QByteArray bytes(700'000, 'x');
    const auto first = m_store->addFile(readerOf(bytes));
    const auto second = m_store->addFile(readerOf(bytes));
    QVERIFY(first && second);
    QCOMPARE(first->uuid, second->uuid);
    QCOMPARE(first->size, bytes.size());
    QCOMPARE(m_store->fileByUuid(first->uuid)->sha256, first->sha256);
    QCOMPARE(m_store->files(10, 0, {}, {})->size(), 1);
    QFile file(QFile::decodeName(m_store->filePath(*first).c_str()));
    QVERIFY(file.open(QFile::ReadOnly));
    QVERIFY(file.readAll() == bytes);
    QVERIFY(m_store->addFile(readerOf({})));
    QCOMPARE(m_store->addLocalFile(u"/dev/zero"_s).error().kind, ErrorKind::BadInput);
    QCOMPARE(m_store->addLocalFile(file.fileName())->uuid, first->uuid);
}

void TestFiles::abandonedUploadLeavesNothing()
{
    const auto added = m_store->addFile([](char *buffer, qint64 size) -> qint64 {
        static int calls = 0;
        std::fill_n(buffer, size, 'x');
        return ++calls < 3 ? size : -1;
    });
    QCOMPARE(added.error().kind, ErrorKind::Cancelled);
    QVERIFY(QDir(path("files")).isEmpty());
    QVERIFY(m_store->files(10, 0, {}, {})->isEmpty());
}

void TestFiles::lostFileCountsAsMissingAndIsReplaced()
{
    const auto added = m_store->addFile(readerOf("hello"));
    QVERIFY(added);
    const QString where = QFile::decodeName(m_store->filePath(*added).c_str());
    QVERIFY(QFile::resize(where, 2)); // As after a power cut.
    QCOMPARE(m_store->fileBySha256(added->sha256).error().kind, ErrorKind::NotFound);
    const auto again = m_store->addFile(readerOf("hello"));
    QVERIFY(again);
    QCOMPARE(again->uuid, added->uuid);
    QCOMPARE(QFile(where).size(), 5);
}

void TestFiles::threadsWorkAtOnce()
{
    std::atomic<int> failures = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 10; ++n) {
                    const auto image = m_store->createImage({.layers = {}});
                    const auto file = m_store->addFile(readerOf(QByteArray::number(n)));
                    if (!image || !file || !m_store->setTag(image->uuid, u"t%1:%2"_s.arg(i).arg(n)))
                        ++failures;
                }
            });
    }
    QCOMPARE(failures, 0);
    QCOMPARE(m_store->images({.limit = 1000})->size(), 80);
    QCOMPARE(m_store->files(100, 0, {}, {})->size(), 10);
}

void TestFiles::operationsAreListedAndEndedByReopening()
{
    const auto id = [](int number) {
        return u"00000000-0000-0000-0000-%1"_s.arg(number, 12, 10, QChar(u'0'));
    };
    OperationTable table(m_store->database());
    const QDateTime early = QDateTime::currentDateTimeUtc().addSecs(-3600);
    QVERIFY(table.insert({.uuid = id(1), .kind = u"instance"_s, .status = u"SUCCESS"_s, .createdAt = early}));
    QVERIFY(table.insert(
        {.uuid = id(2), .kind = u"image_import"_s, .status = u"EXECUTING"_s, .metadata = "{\"a\":1}"}));
    QVERIFY(table.insert({.uuid = id(3), .kind = u"instance"_s, .status = u"PENDING"_s}));
    const auto uuids = [&](const OperationFilter &filter) {
        QStringList list;
        const Result<QList<OperationRow>> rows =
            table.list(filter).and_then([&](const QList<qint64> &numbers) { return table.rows(numbers); });
        for (const OperationRow &row : rows.value_or(QList<OperationRow>()))
            list << row.uuid;
        return list;
    };
    QCOMPARE(uuids({}), (QStringList{id(3), id(2), id(1)}));
    QCOMPARE(uuids({.kind = u"instance"_s}), (QStringList{id(3), id(1)}));
    QCOMPARE(uuids({.status = u"EXECUTING"_s}), QStringList{id(2)});
    QCOMPARE(uuids({.until = early.addSecs(1)}), QStringList{id(1)});
    QCOMPARE(uuids({.limit = 2}), (QStringList{id(3), id(2)}));
    QVERIFY(table.insert({.uuid = id(4), .kind = u"image_push"_s, .status = u"SUCCESS"_s}));
    QCOMPARE(uuids({}).size(), 3);
    QCOMPARE(uuids({.kind = u"image_push"_s}), QStringList{id(4)});
    OperationRow row = table.get(id(2)).value_or(OperationRow());
    QCOMPARE(row.metadata, "{\"a\":1}");
    row.duration = 1.5;
    QVERIFY(table.update(row));
    QCOMPARE(table.get(id(2))->duration, 1.5);
    QCOMPARE(table.get(id(9)).error().kind, ErrorKind::NotFound);
    reopen();
    OperationTable after(m_store->database());
    QCOMPARE(after.get(id(1))->status, u"SUCCESS"_s);
    for (const QString &uuid : {id(2), id(3)}) {
        QCOMPARE(after.get(uuid)->status, u"FAILED"_s);
        QCOMPARE(after.get(uuid)->error,
                 u"the engine ended before this was finished; nothing of it was kept: start it again"_s);
        QVERIFY(after.get(uuid)->finishedAt.isValid());
    }
}

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
