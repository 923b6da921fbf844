#include "tests/core/embedded/server/serverfixture.h"

#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// GET /v1/images/{uuid}/diff (docs/engine-protocol.md).
class TestServerDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        m_base = ran(
            u"mkdir -p /d/sub /gone/deep /opaque; echo 1 > /d/a; echo 2 > /d/b; echo 3 > /d/sub/c;"
            " echo 4 > /gone/deep/x; echo 5 > /opaque/old; echo 6 > /same; ln -s a /d/l;"
            " ln /d/a /d/hard; echo 7 > /type; echo 8 > /touched; touch -d '2020-01-01 00:00:00' /touched /same"_s);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void changesAreTold();
    void reversedTheyAreReversed();
    void againstNothingEverythingIsAdded();
    void unrelatedImagesAreCompared();
    void devicesAndAttributesAreCompared();
    void onlyBelowAPath();
    void limitKeepsTheFirstAndCountsAll();
    void theSameImageHasNoChanges();
    void whatIsNotThereIsRefused();

private:
    /// The image that a command makes of another one.
    QString ran(const QString &script, const QString &image = {})
    {
        QJsonObject request;
        if (!image.isEmpty())
            request[u"image"_s] = image;
        return imageOf(m_fixture->shell(script, request));
    }
    Reply diff(const QString &image, const std::string &query)
    {
        return m_fixture->client().Get("/v1/images/" + image.toStdString() + "/diff?" + query);
    }
    /// "A /path", "C /path" (content), "c /path" (attributes), "D /path".
    static QStringList lines(const Reply &reply)
    {
        QStringList result;
        for (const QJsonValue &change : reply.json().value(u"changes"_s).toArray()) {
            const QString kind = change[u"change"_s].toString();
            const QString letter = kind == u"added"_s              ? u"A"_s
                                   : kind == u"removed"_s          ? u"D"_s
                                   : change[u"content"_s].toBool() ? u"C"_s
                                                                   : u"c"_s;
            result << letter + u' ' + change[u"path"_s].toString();
        }
        return result;
    }
    QString changed()
    {
        if (m_changed.isEmpty())
            m_changed = ran(
                u"echo one > /d/a; rm /d/b; rm -r /gone; rm -r /opaque; mkdir /opaque; echo n > /opaque/new;"
                " echo 6 > /same; touch -d '2020-01-01 00:00:00' /same; rm /d/l; ln -s b /d/l; rm /type; "
                "mkdir /type;"
                " echo t > /type/t; touch -d '2021-01-01 00:00:00' /touched; chmod 600 /d/sub/c; chmod 700 "
                "/d/sub;"
                " mkdir /added; echo a > /added/f"_s,
                m_base);
        return m_changed;
    }
    [[nodiscard]] std::string base() const { return "base=" + m_base.toStdString(); }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_base;
    QString m_changed;
};

void TestServerDiff::changesAreTold()
{
    const Reply reply = diff(changed(), base());
    QCOMPARE(reply.status, 200);
    // Writing to one of two hard links breaks them apart in overlayfs only if the other one is in a layer
    // below: /d/hard is then still as it was.
    const QStringList expected{u"A /added"_s,     u"A /added/f"_s,     u"C /d/a"_s,        u"D /d/b"_s,
                               u"C /d/l"_s,       u"c /d/sub"_s,       u"c /d/sub/c"_s,    u"D /gone"_s,
                               u"D /gone/deep"_s, u"D /gone/deep/x"_s, u"A /opaque/new"_s, u"D /opaque/old"_s,
                               u"c /touched"_s,   u"C /type"_s,        u"A /type/t"_s};
    QCOMPARE(lines(reply).join(u'\n'), expected.join(u'\n'));
    QCOMPARE(reply.text(u"base"_s), m_base);
    QCOMPARE(reply.json().value(u"added"_s).toInt(), 4);
    QCOMPARE(reply.json().value(u"changed"_s).toInt(), 6);
    QCOMPARE(reply.json().value(u"removed"_s).toInt(), 5);
    QVERIFY(!reply.json().value(u"truncated"_s).toBool(true));
    const QJsonArray changes = reply.json().value(u"changes"_s).toArray();
    const QJsonObject a{{u"path"_s, u"/d/a"_s},   {u"change"_s, u"changed"_s}, {u"content"_s, true},
                        {u"size"_s, 4},           {u"base_size"_s, 2},         {u"mode"_s, 0100644},
                        {u"base_mode"_s, 0100644}};
    QCOMPARE(changes[2].toObject(), a);
    QVERIFY(!changes[1].toObject().contains(u"base_size"_s) && !changes[3].toObject().contains(u"mode"_s));
}

void TestServerDiff::reversedTheyAreReversed()
{
    const QStringList there = lines(diff(changed(), base()));
    const QStringList back = lines(diff(m_base, "base=" + changed().toStdString()));
    QStringList expected;
    for (QString line : there) {
        line[0] = line[0] == u'A' ? u'D' : line[0] == u'D' ? u'A' : line[0];
        expected << line;
    }
    QCOMPARE(back, expected);
}

void TestServerDiff::againstNothingEverythingIsAdded()
{
    const Reply reply = diff(m_base, "path=/d");
    QCOMPARE(lines(reply), (QStringList{u"A /d/a"_s, u"A /d/b"_s, u"A /d/hard"_s, u"A /d/l"_s, u"A /d/sub"_s,
                                        u"A /d/sub/c"_s}));
    QVERIFY(reply.json().value(u"base"_s).isNull());
    QVERIFY(reply.json().contains(u"base"_s));
}

// Without a common layer the trees themselves are compared.
void TestServerDiff::unrelatedImagesAreCompared()
{
    const auto image = [&](const QByteArray &content) {
        QJsonArray entries;
        for (const char *path : {"/x/same", "/x/other"}) {
            const bool same = QByteArray(path).endsWith("same");
            entries.append(QJsonObject{
                {u"type"_s, u"file"_s},
                {u"path"_s, QString::fromLatin1(path)},
                {u"mtime_ns"_s, 1'700'000'000'000'000'000LL},
                {u"content"_s, QString::fromLatin1((same ? QByteArray("s") : content).toBase64())}});
        }
        return m_fixture->client()
            .post("/v1/commits", {{u"image"_s, QJsonValue::Null}, {u"entries"_s, entries}})
            .text(u"uuid"_s);
    };
    const QString one = image("1");
    const QString two = image("2");
    QCOMPARE(lines(diff(one, "base=" + two.toStdString())), QStringList{u"C /x/other"_s});
}

// A command can make neither, an imported layer can hold both.
void TestServerDiff::devicesAndAttributesAreCompared()
{
    Store &store = m_fixture->store();
    const auto image = [&](unsigned minor, const char *capability) {
        Result<LayerDraft> draft = store.beginLayer();
        const std::string upper = draft->upper();
        const timespec times[] = {{1'600'000'000, 0}, {1'600'000'000, 0}};
        for (const std::string name : {"/device", "/file"}) {
            const std::string path = upper + name;
            ::mknod(path.c_str(), (name == "/file" ? S_IFREG : S_IFCHR) | 0600, makedev(1, minor));
            ::utimensat(AT_FDCWD, path.c_str(), times, 0);
        }
        ::setxattr((upper + "/file").c_str(), "user.test", capability, std::strlen(capability), 0);
        return store.createImage({.layers = {*store.commitLayer(*std::move(draft))}})->uuid;
    };
    const QString base = image(3, "a");
    QCOMPARE(lines(diff(image(3, "a"), "base=" + base.toStdString())), QStringList());
    QCOMPARE(lines(diff(image(5, "b"), "base=" + base.toStdString())),
             (QStringList{u"C /device"_s, u"c /file"_s}));
}

void TestServerDiff::onlyBelowAPath()
{
    QCOMPARE(lines(diff(changed(), base() + "&path=/d/sub/")), QStringList{u"c /d/sub/c"_s});
    QCOMPARE(lines(diff(changed(), base() + "&path=gone")),
             (QStringList{u"D /gone/deep"_s, u"D /gone/deep/x"_s}));
    QCOMPARE(lines(diff(changed(), base() + "&path=/type")), QStringList{u"A /type/t"_s});
    QCOMPARE(diff(changed(), base() + "&path=/nothing").status, 404);
    QCOMPARE(diff(changed(), base() + "&path=/..").status, 400);
}

void TestServerDiff::limitKeepsTheFirstAndCountsAll()
{
    const QJsonObject all = diff(changed(), base()).json();
    const Reply reply = diff(changed(), base() + "&limit=3");
    QCOMPARE(lines(reply), (QStringList{u"A /added"_s, u"A /added/f"_s, u"C /d/a"_s}));
    QVERIFY(reply.json().value(u"truncated"_s).toBool());
    for (const QString &count : {u"added"_s, u"changed"_s, u"removed"_s})
        QCOMPARE(reply.json().value(count), all.value(count));
    QCOMPARE(diff(changed(), base() + "&limit=0").status, 400);
}

void TestServerDiff::theSameImageHasNoChanges()
{
    QCOMPARE(lines(diff(m_base, base())), QStringList());
    QCOMPARE(diff(m_base, base()).json().value(u"added"_s).toInt(-1), 0);
}

void TestServerDiff::whatIsNotThereIsRefused()
{
    const std::string none = "11111111-1111-1111-1111-111111111111";
    QCOMPARE(diff(m_base, "base=" + none).status, 404);
    QCOMPARE(diff(QString::fromStdString(none), "").status, 404);
}

QTEST_GUILESS_MAIN(TestServerDiff)
#include "tst_serverdiff.moc"
