#include "tests/fuzz/targets/targets.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;

/// What the fuzzer begins with, and every input with which it once found something. A target ends the program
/// where something does not hold.
class FuzzSeedsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areSurvived_data();
    void areSurvived();
};

void FuzzSeedsTest::areSurvived_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("target");
    const QDir seeds(QStringLiteral(COOPERAGE_SOURCE_DIR "/tests/fuzz/seeds"));
    const auto all = fuzz::targets();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const QDir folder(seeds.filePath(QString::fromLatin1(all[i].name)));
        const QStringList names = folder.entryList(QDir::Files);
        QVERIFY2(!names.isEmpty(), qPrintable(folder.path()));
        for (const QString &name : names)
            QTest::addRow("%s/%s", all[i].name, qPrintable(name)) << folder.filePath(name) << int(i);
    }
}

void FuzzSeedsTest::areSurvived()
{
    QFETCH(QString, path);
    QFETCH(int, target);
    QFile seed(path);
    QVERIFY(seed.open(QFile::ReadOnly));
    const QByteArray bytes = seed.readAll();
    fuzz::targets()[static_cast<std::size_t>(target)].run(bytes);
    // Cut short and empty, everything is foreign just as well.
    fuzz::targets()[static_cast<std::size_t>(target)].run(bytes.first(bytes.size() / 2));
    fuzz::targets()[static_cast<std::size_t>(target)].run({});
}

QTEST_GUILESS_MAIN(FuzzSeedsTest)
#include "tst_fuzzseeds.moc"
