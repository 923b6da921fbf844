#include "core/sessions/sessionlist.h"

#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

static QStringList names(SessionStore &store, const QString &prefix = {})
{
    QStringList result;
    for (const SessionSummary &summary : SessionList(store).list(prefix).value_or(QList<SessionSummary>()))
        result.append(summary.name);
    return result;
}

class SessionListTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsSessionsByLastUse()
    {
        QTemporaryDir folder;
        const auto opened = SessionStore::open(folder.filePath(u"s.db"_s), u"local"_s);
        QVERIFY(opened);
        SessionStore *local = opened->get();
        for (const QString &name : {u"build:a"_s, u"100%_sure"_s, u"build:b"_s, u"build:a"_s})
            QVERIFY(local->record(name, u"main"_s, {.image = u"i"_s}));
        QCOMPARE(names(*local), QStringList({u"build:a"_s, u"build:b"_s, u"100%_sure"_s}));
        QCOMPARE(names(*local, u"build:"_s), QStringList({u"build:a"_s, u"build:b"_s}));
        QCOMPARE(names(*local, u"%"_s), QStringList());
    }
};

QTEST_GUILESS_MAIN(SessionListTest)
#include "tst_sessionlist.moc"
