#include "core/sessions/tagjournal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

class TagJournalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tagJournalRemembersWhereATagWas()
    {
        QTemporaryDir folder;
        const auto store = SessionStore::open(folder.filePath(u"s.db"_s), u"local"_s);
        QVERIFY(store);
        TagJournal journal(**store);
        QVERIFY(!journal.last(u"app:1"_s).value());
        QVERIFY(journal.record({.tag = u"app:1"_s, .after = u"one"_s, .command = u"cooperage build"_s}));
        QVERIFY(journal.record({.tag = u"app:1"_s, .before = u"one"_s, .after = u"two"_s}));
        QVERIFY(journal.record({.tag = u"other"_s, .before = u"x"_s}));
        const auto changes = journal.changes(u"app:1"_s);
        QCOMPARE(changes->size(), 2);
        QCOMPARE(changes->at(0).before, u"one"_s);
        QCOMPARE(changes->at(1).before, QString());
        QCOMPARE(changes->at(1).command, u"cooperage build"_s);
        QVERIFY(changes->at(0).changedAt.isValid());
        QCOMPARE((*journal.last(u"other"_s))->after, QString());
        QCOMPARE(journal.recent(2)->size(), 2);
        const auto elsewhere = SessionStore::open((*store)->file(), u"hosted"_s);
        QVERIFY(TagJournal(**elsewhere).recent()->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TagJournalTest)
#include "tst_tagjournal.moc"
