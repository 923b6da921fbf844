#include "core/embedded/registry/pull.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/archive/testimage.h"
#include "tests/support/processes.h"

#include <QProcess>

using namespace cooperage;
using namespace cooperage::test;
using namespace Qt::StringLiterals;

static const QString s_canary = u"CANARY-5f1c"_s;

/// Against a real registry, filled by skopeo.
class PullTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pullsByTagAndByDigest();
    void pullsDockersFormat();
    void fetchesNothingTwice();
    void tellsWhatIsNotThere_data();
    void tellsWhatIsNotThere();
    void signsIn();
    void tellsAWrongPasswordFromAMissingOne();
    void reportsProgressOfParallelDownloads();

private:
    [[nodiscard]] QByteArray copy(const QStringList &arguments);
    [[nodiscard]] static Result<embedded::ImportedLayers> pull(StoreFixture &fixture,
                                                               const QString &reference,
                                                               const QString &user = {},
                                                               const QString &password = {})
    {
        return embedded::pullImage(fixture.store(),
                                   {images::Reference::parse(reference).value(), user, password}, {}, {});
    }

    QTemporaryDir m_folder;
    Registry m_open;
    Registry m_closed;
    TestImage m_image{
        {tarOf({folder("tmp", 01777), file("etc/a", "1"), file("big", std::string(3'000'000, 'b'))}),
         tarOf({file("etc/.wh.a", ""), file("tmp/x", "x")}), tarOf({file("c", "3")}), tarOf({file("d", "4")}),
         tarOf({file("e", "5")}), tarOf({file("f", "6")})}};
};

QByteArray PullTest::copy(const QStringList &arguments)
{
    QProcess skopeo;
    skopeo.setProcessChannelMode(QProcess::MergedChannels);
    skopeo.start(u"skopeo"_s,
                 QStringList{u"--insecure-policy"_s, u"copy"_s, u"--dest-tls-verify=false"_s} + arguments);
    if (!skopeo.waitForFinished(60'000))
        return "skopeo did not finish";
    return skopeo.exitCode() == 0 ? QByteArray() : skopeo.readAll();
}

void PullTest::initTestCase()
{
    const QString layout = m_folder.filePath(u"layout"_s);
    m_image.writeTo(layout);
    const auto open = m_open.start();
    QVERIFY2(open, why(open).constData());
    const auto closed = m_closed.start(u"user"_s, s_canary);
    QVERIFY2(closed, why(closed).constData());
    const QString source = u"oci:"_s + layout;
    QCOMPARE(copy({source, u"docker://"_s + m_open.reference(u"team/app:1"_s)}), QByteArray());
    QCOMPARE(copy({u"--format"_s, u"v2s2"_s, source, u"docker://"_s + m_open.reference(u"docker:1"_s)}),
             QByteArray());
    QCOMPARE(copy({u"--dest-creds"_s, u"user:"_s + s_canary, source,
                   u"docker://"_s + m_closed.reference(u"app:1"_s)}),
             QByteArray());
}

void PullTest::pullsByTagAndByDigest()
{
    const QString byDigest =
        m_open.reference(u"team/app@"_s) + QString::fromLatin1(digest(m_image.manifest()));
    for (const QString &reference : {m_open.reference(u"team/app:1"_s), byDigest}) {
        StoreFixture fixture;
        const auto done = pull(fixture, reference);
        QVERIFY2(done, why(done).constData());
        QCOMPARE(done->layers.size(), 6u);
        QCOMPARE(done->config, m_image.config());
        QCOMPARE(fixture.content(done->layers[0], u"big"_s).size(), 3'000'000);
        QCOMPARE(fixture.content(done->layers[5], u"f"_s), "6");
        struct stat info{};
        QCOMPARE(::stat((fixture.store().layerPath(done->layers[1]) + "/tmp").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777, 01777u);
        QCOMPARE(fixture.leftovers().size(), 6);
    }
}

void PullTest::pullsDockersFormat()
{
    StoreFixture fixture;
    const auto done = pull(fixture, m_open.reference(u"docker:1"_s));
    QVERIFY2(done, why(done).constData());
    QCOMPARE(fixture.content(done->layers[2], u"c"_s), "3");
}

void PullTest::fetchesNothingTwice()
{
    StoreFixture fixture;
    const auto first = pull(fixture, m_open.reference(u"team/app:1"_s));
    QVERIFY(first);
    qint64 fetched = 0;
    const auto reference = images::Reference::parse(m_open.reference(u"docker:1"_s)).value();
    const auto again =
        embedded::pullImage(fixture.store(), {reference}, [&](qint64 done, qint64) { fetched = done; }, {});
    QVERIFY(again);
    QCOMPARE(again->layers, first->layers);
    QCOMPARE(fetched, 0);
}

void PullTest::tellsWhatIsNotThere_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("tag") << u"team/app:2"_s;
    QTest::newRow("repository") << u"team/other:1"_s;
    QTest::newRow("digest") << u"team/app@sha256:"_s + QString(64, u'0');
}

void PullTest::tellsWhatIsNotThere()
{
    QFETCH(QString, name);
    StoreFixture fixture;
    const auto done = pull(fixture, m_open.reference(name));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::NotFound);
    QVERIFY(done.error().where.contains(name));
    QCOMPARE(fixture.leftovers(), QStringList());
}

void PullTest::signsIn()
{
    StoreFixture fixture;
    const auto done = pull(fixture, m_closed.reference(u"app:1"_s), u"user"_s, s_canary);
    QVERIFY2(done, why(done).constData());
    QCOMPARE(done->layers.size(), 6u);
    const auto missing = pull(fixture, m_closed.reference(u"nothing:1"_s), u"user"_s, s_canary);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    QVERIFY(!missing.error().text().contains(s_canary));
}

void PullTest::tellsAWrongPasswordFromAMissingOne()
{
    StoreFixture fixture;
    const auto anonymous = pull(fixture, m_closed.reference(u"app:1"_s));
    const auto wrong = pull(fixture, m_closed.reference(u"app:1"_s), u"user"_s, s_canary + u"-wrong"_s);
    QCOMPARE(anonymous.error().kind, ErrorKind::Denied);
    QCOMPARE(wrong.error().kind, ErrorKind::Denied);
    QVERIFY(anonymous.error().next.contains("Sign in"_L1));
    QVERIFY(wrong.error().what.contains("does not accept"_L1));
    QVERIFY(!wrong.error().text().contains(s_canary));
}

void PullTest::reportsProgressOfParallelDownloads()
{
    StoreFixture fixture;
    QList<std::pair<qint64, qint64>> steps;
    const auto reference = images::Reference::parse(m_open.reference(u"team/app:1"_s)).value();
    const auto done = embedded::pullImage(fixture.store(), {reference},
                                          [&](qint64 d, qint64 t) { steps.append({d, t}); }, {});
    QVERIFY2(done, why(done).constData());
    QVERIFY(std::ranges::is_sorted(steps));
    QCOMPARE(steps.last().first, steps.last().second);
}

COOPERAGE_TEST_MAIN_AS_ROOT(PullTest)
#include "tst_pull.moc"
