#include "core/sessions/lineage.h"

#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

class LineageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void stepsOfABuildLeadToItsBase();
    void aBaseThatWasBuiltHereIsFollowed();
    void whatMadeNothingIsLeftOut();
    void otherEnginesAreOtherImages();

private:
    qint64 add(const QString &session, const QString &image, const QString &kind, const QString &title,
               qint64 parent = 0);
    [[nodiscard]] QStringList titles(const QString &image);

    QTemporaryDir m_folder;
    std::unique_ptr<SessionStore> m_store;
    int m_branch = 0;
};

void LineageTest::init()
{
    QFile::remove(m_folder.filePath(u"s.db"_s));
    auto store = SessionStore::open(m_folder.filePath(u"s.db"_s), u"local"_s);
    QVERIFY(store);
    m_store = std::move(*store);
}

qint64 LineageTest::add(const QString &session, const QString &image, const QString &kind,
                        const QString &title, qint64 parent)
{
    HistoryEntry entry;
    entry.image = image;
    entry.kind = kind;
    entry.title = title;
    entry.parent = parent;
    const auto added = m_store->record(session, u"layer:%1"_s.arg(++m_branch), entry);
    return added ? added->id : 0;
}

QStringList LineageTest::titles(const QString &image)
{
    QStringList titles;
    const auto entries = lineageOf(*m_store, image);
    for (const HistoryEntry &entry : entries ? *entries : QList<HistoryEntry>())
        titles.append(entry.title);
    return titles;
}

void LineageTest::stepsOfABuildLeadToItsBase()
{
    const qint64 from = add(u"build:1"_s, u"base"_s, kind::build, u"FROM debian"_s);
    const qint64 copy = add(u"build:1"_s, u"one"_s, kind::build, u"COPY . ."_s, from);
    add(u"build:1"_s, u"two"_s, kind::build, u"RUN make"_s, copy);
    add(u"build:1"_s, u"two"_s, kind::build, u"app:1"_s); // The build as a whole.
    QCOMPARE(titles(u"two"_s), QStringList({u"FROM debian"_s, u"COPY . ."_s, u"RUN make"_s}));
    QCOMPARE(titles(u"one"_s), QStringList({u"FROM debian"_s, u"COPY . ."_s}));
    QVERIFY(titles(u"base"_s).isEmpty());
    QVERIFY(titles(u"unknown"_s).isEmpty());
}

void LineageTest::aBaseThatWasBuiltHereIsFollowed()
{
    const qint64 from = add(u"build:1"_s, u"base"_s, kind::build, u"FROM debian"_s);
    add(u"build:1"_s, u"mine"_s, kind::build, u"RUN make"_s, from);
    const qint64 other = add(u"build:2"_s, u"mine"_s, kind::build, u"FROM mine:1"_s);
    add(u"build:2"_s, u"app"_s, kind::build, u"COPY x /"_s, other);
    QCOMPARE(titles(u"app"_s), QStringList({u"FROM debian"_s, u"RUN make"_s, u"COPY x /"_s}));
}

void LineageTest::whatMadeNothingIsLeftOut()
{
    const qint64 use = add(u"web"_s, u"base"_s, kind::use, u"debian"_s);
    const qint64 nothing = add(u"web"_s, u"base"_s, kind::run, u"ls"_s, use);
    const qint64 folder = add(u"web"_s, u"base"_s, kind::folder, u"/srv"_s, nothing);
    add(u"web"_s, u"one"_s, kind::run, u"touch x"_s, folder);
    QCOMPARE(titles(u"one"_s).last(), u"touch x"_s);
    QVERIFY(!titles(u"one"_s).contains(u"ls"_s));
    QVERIFY(titles(u"base"_s).isEmpty());
}

void LineageTest::otherEnginesAreOtherImages()
{
    add(u"build:1"_s, u"one"_s, kind::build, u"RUN make"_s);
    const auto elsewhere = SessionStore::open(m_store->file(), u"hosted"_s);
    QVERIFY(elsewhere);
    QVERIFY(lineageOf(**elsewhere, u"one"_s)->isEmpty());
    QCOMPARE(titles(u"one"_s).size(), 1);
}

QTEST_GUILESS_MAIN(LineageTest)
#include "tst_lineage.moc"
