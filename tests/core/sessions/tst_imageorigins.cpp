#include "core/sessions/imageorigins.h"
#include "core/sessions/sessionlist.h"

#include <QTemporaryDir>
#include <QTest>

using namespace cooperage;
using namespace cooperage::sessions;
using namespace Qt::StringLiterals;

class ImageOriginsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<SessionStore> m_store;

    HistoryEntry add(const QString &session, const QString &image, const QString &kind, const QString &title)
    {
        HistoryEntry entry{.image = image, .kind = kind, .title = title};
        return m_store->record(session, u"main"_s, entry).value_or(HistoryEntry{});
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        auto opened = SessionStore::open(m_folder.filePath(u"%1.db"_s.arg(++number)), u"local"_s);
        QVERIFY(opened);
        m_store = std::move(*opened);
    }

    void namesTheLineThatMadeAnImage()
    {
        ImageOrigins origins(*m_store);
        add(u"build:1"_s, u"base"_s, kind::build, u"FROM alpine"_s);
        const HistoryEntry step = add(u"build:1"_s, u"top"_s, kind::build, u"RUN make"_s);
        QVERIFY(origins.setPlace(step.id, {u"/home/ann/api/Dockerfile"_s, 7, 12}));
        add(u"build:1"_s, u"top"_s, kind::build, u"app:dev"_s); // The end of the build: the same image.
        const auto found = origins.of({u"base"_s, u"top"_s, u"unknown"_s});
        QVERIFY(found);
        QCOMPARE(found->keys(), QStringList{u"top"_s});
        const ImageOrigin origin = found->value(u"top"_s);
        QCOMPARE(origin.kind, kind::build);
        QCOMPARE(origin.title, u"RUN make"_s);
        QCOMPARE(origin.session, u"build:1"_s);
        QCOMPARE(origin.place.dockerfile, u"/home/ann/api/Dockerfile"_s);
        QCOMPARE(origin.place.step, 7);
        QCOMPARE(origin.place.line, 12);
        QVERIFY(origins.of({})->isEmpty());
    }

    void commandsOfSessionsCountAndOtherEnginesDoNot()
    {
        add(u"mine"_s, u"base"_s, kind::use, u"alpine"_s);
        add(u"mine"_s, u"next"_s, kind::run, u"apk add git"_s);
        const auto found = ImageOrigins(*m_store).of({u"base"_s, u"next"_s});
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->value(u"next"_s).title, u"apk add git"_s);
        QVERIFY(found->value(u"next"_s).place.dockerfile.isEmpty());
        QVERIFY(found->value(u"next"_s).baseIsNamed);
        QCOMPARE(found->value(u"next"_s).base, u"alpine"_s);
        add(u"mine"_s, u"third"_s, kind::run, u"git clone"_s);
        QCOMPARE(ImageOrigins(*m_store).of({u"third"_s})->value(u"third"_s).base, u"next"_s);
        const auto elsewhere = SessionStore::open(m_store->file(), u"hosted"_s);
        QVERIFY(ImageOrigins(**elsewhere).of({u"next"_s})->isEmpty());
    }

    void cachedAreThoseThatABuildFindsAgain()
    {
        ImageOrigins origins(*m_store);
        QVERIFY(m_store->rememberLayer(u"build:1"_s, {"k1", u"one"_s}));
        QVERIFY(m_store->rememberLayer(u"build:2"_s, {"k1", u"one"_s}));
        QVERIFY(m_store->rememberLayer(u"build:2"_s, {"k2", u"two"_s}));
        QCOMPARE(*origins.cached(), (QSet<QString>{u"one"_s, u"two"_s}));
        QVERIFY(m_store->forgetLayer(u"build:2"_s, "k2"));
        QCOMPARE(*origins.cached(), QSet<QString>{u"one"_s});
    }

    void placesGoWithTheirSession()
    {
        const HistoryEntry step = add(u"build:1"_s, u"top"_s, kind::build, u"RUN make"_s);
        QVERIFY(ImageOrigins(*m_store).setPlace(step.id, {u"/a/Dockerfile"_s, 1, 1}));
        SessionList list(*m_store);
        QVERIFY(list.remove(u"build:1"_s));
        QVERIFY(list.purge(QDateTime::currentDateTimeUtc().addDays(1)));
        QVERIFY(ImageOrigins(*m_store).of({u"top"_s})->isEmpty());
    }
};

QTEST_GUILESS_MAIN(ImageOriginsTest)
#include "tst_imageorigins.moc"
