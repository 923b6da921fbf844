#include "core/images/reference.h"

#include <QTest>

using namespace cooperage;
using namespace cooperage::images;
using namespace Qt::StringLiterals;

class TestReference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void normalises_data();
    void normalises();
    void refuses_data();
    void refuses();
    void saysWhatIsWrongWithUpperCase();
    void doesNotRepeatAPassword();
    void knowsTheRegistryOfDockerHub();
    void knowsLoopbackHosts_data();
    void knowsLoopbackHosts();
    void derivesTags_data();
    void derivesTags();
    void checksTags_data();
    void checksTags();
    void knowsUuids();
};

static const QString digest = u"sha256:"_s + QString(64, u'a');

void TestReference::normalises_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("normal");
    const auto row = [](const QString &text, const QString &normal) {
        QTest::newRow(qPrintable(text)) << text << normal;
    };
    row(u"ubuntu"_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"ubuntu:22.04"_s, u"docker.io/library/ubuntu:22.04"_s);
    row(u" ubuntu "_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"foo/bar"_s, u"docker.io/foo/bar:latest"_s);
    row(u"docker.io/ubuntu"_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"index.docker.io/ubuntu"_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"docker://ubuntu"_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"docker://docker.io/ubuntu"_s, u"docker.io/library/ubuntu:latest"_s);
    row(u"oci://x/y"_s, u"docker.io/x/y:latest"_s);
    row(u"docker://oci://x/y:latest"_s, u"docker.io/x/y:latest"_s);
    row(u"localhost/x"_s, u"localhost/x:latest"_s);
    row(u"localhost:5000/x"_s, u"localhost:5000/x:latest"_s);
    row(u"localhost:5000/x:1"_s, u"localhost:5000/x:1"_s);
    row(u"myhost/x"_s, u"docker.io/myhost/x:latest"_s);
    row(u"Foo/x"_s, u"Foo/x:latest"_s);
    row(u"ghcr.io/o/i"_s, u"ghcr.io/o/i:latest"_s);
    row(u"a@"_s + digest, u"docker.io/library/a@"_s + digest);
    row(u"a.b/c:1@"_s + digest, u"a.b/c:1@"_s + digest);
    row(u"[::1]:5000/x"_s, u"[::1]:5000/x:latest"_s);
    row(u"[2001:db8::1]/x/y:t"_s, u"[2001:db8::1]/x/y:t"_s);
    row(u"a.b/c--d/e__f.g_h:T-1.x"_s, u"a.b/c--d/e__f.g_h:T-1.x"_s);
}

void TestReference::normalises()
{
    QFETCH(QString, text);
    QFETCH(QString, normal);
    const auto reference = Reference::parse(text);
    QVERIFY2(reference, qPrintable(reference ? QString() : reference.error().text()));
    QCOMPARE(reference->toString(), normal);
    QCOMPARE(reference->url(), u"docker://"_s + normal);
    QCOMPARE(Reference::parse(reference->url()), reference);
}

void TestReference::refuses_data()
{
    QTest::addColumn<QString>("text");
    const QStringList texts{u""_s,
                            u"docker://"_s,
                            u"https://ubuntu"_s,
                            u"Ubuntu"_s,
                            u"foo/Bar"_s,
                            u"foo//bar"_s,
                            u"/foo"_s,
                            u"foo/"_s,
                            u"foo:"_s,
                            u"foo:-x"_s,
                            u"foo:a b"_s,
                            u"-foo"_s,
                            u"foo..bar"_s,
                            u"foo___bar"_s,
                            u"foo\n"_s + u"bar"_s,
                            u"a@sha256:abc"_s,
                            u"a@sha256:"_s + QString(64, u'A'),
                            u"a@md5:"_s + QString(32, u'a'),
                            u"a@"_s + digest + u"@"_s + digest,
                            u"a@../../x"_s,
                            QString(64, u'a'),
                            u"localhost:99999/x"_s,
                            u"localhost:x/x"_s,
                            u"a_b.c/x"_s,
                            u"[::1/x"_s,
                            u"tag:ubuntu:latest"_s,
                            u"foo:"_s + QString(129, u'a'),
                            u"a.b/"_s + QString(255, u'a'),
                            u"a.b/../x"_s};
    for (qsizetype i = 0; i < texts.size(); ++i)
        QTest::addRow("%d", int(i)) << texts[i];
}

void TestReference::refuses()
{
    QFETCH(QString, text);
    const auto reference = Reference::parse(text);
    QVERIFY(!reference);
    QCOMPARE(reference.error().kind, ErrorKind::BadInput);
    QVERIFY(!reference.error().what.isEmpty());
}

void TestReference::saysWhatIsWrongWithUpperCase()
{
    const auto reference = Reference::parse(u"ghcr.io/Me/Tool:1"_s);
    QVERIFY(!reference);
    QVERIFY(reference.error().what.contains(u"upper-case"_s));
    QVERIFY(reference.error().next.contains(u"me/tool"_s));
}

void TestReference::doesNotRepeatAPassword()
{
    const auto refused = Reference::parse(u"docker://user:canary@registry.example.com/x"_s);
    QVERIFY(!refused);
    QVERIFY2(!refused.error().text().contains(u"canary"_s), qPrintable(refused.error().text()));
}

void TestReference::knowsTheRegistryOfDockerHub()
{
    QCOMPARE(Reference::parse(u"ubuntu"_s)->apiHost(), u"registry-1.docker.io"_s);
    QCOMPARE(Reference::parse(u"ghcr.io/a/b"_s)->apiHost(), u"ghcr.io"_s);
}

void TestReference::knowsLoopbackHosts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("loopback");
    QTest::newRow("name") << u"localhost/x"_s << true;
    QTest::newRow("name and port") << u"localhost:5000/x"_s << true;
    QTest::newRow("IPv4") << u"127.0.0.1:80/x"_s << true;
    QTest::newRow("IPv4, other") << u"127.8.255.1/x"_s << true;
    QTest::newRow("IPv6") << u"[::1]:5000/x"_s << true;
    QTest::newRow("IPv6 in full") << u"[0:0:0:0:0:0:0:1]/x"_s << true;
    QTest::newRow("disguised") << u"127.0.0.1.evil.example/x"_s << false;
    QTest::newRow("disguised name") << u"localhost.evil.example/x"_s << false;
    QTest::newRow("not an octet") << u"127.0.0.256/x"_s << false;
    QTest::newRow("IPv6 elsewhere") << u"[2001:db8::1]/x"_s << false;
    QTest::newRow("hub") << u"ubuntu"_s << false;
}

void TestReference::knowsLoopbackHosts()
{
    QFETCH(QString, text);
    QTEST(Reference::parse(text)->isLoopback(), "loopback");
}

void TestReference::derivesTags_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tag");
    QTest::newRow("plain") << u"ubuntu"_s << u"ubuntu"_s;
    QTest::newRow("tagged") << u"ubuntu:22.04"_s << u"ubuntu:22.04"_s;
    QTest::newRow("scheme and host") << u"docker://docker.io/library/ubuntu:latest"_s << u"ubuntu:latest"_s;
    QTest::newRow("oci") << u"oci://ghcr.io/o/i:1"_s << u"o/i:1"_s;
    QTest::newRow("library") << u"library/alpine"_s << u"alpine"_s;
    QTest::newRow("port, no dot") << u"localhost:5000/a"_s << u"localhost:5000/a"_s;
    QTest::newRow("dot in a tag only") << u"a:1.2"_s << u"a:1.2"_s;
    QTest::newRow("digest") << u"ubuntu@"_s + digest << QString();
    QTest::newRow("tag and digest") << u"ghcr.io/o/i:1@"_s + digest << QString();
}

void TestReference::derivesTags()
{
    QFETCH(QString, text);
    QTEST(derivedTag(text), "tag");
}

void TestReference::checksTags_data()
{
    QTest::addColumn<QString>("tag");
    QTest::addColumn<bool>("good");
    const auto row = [](const QString &tag, bool good) {
        QTest::addRow("%d %s", int(tag.size()), qPrintable(tag.left(20))) << tag << good;
    };
    for (const QString &tag :
         {u"a"_s, u"ubuntu:22.04"_s, u"o/i:1"_s, u"A-b_c"_s, u"localhost:5000/a"_s, QString(256, u'x')})
        row(tag, true);
    for (const QString &tag :
         {u""_s, u"a@b"_s, u"a b"_s, u"a:"_s, u"/a"_s, u"a//b"_s, u"a\n"_s, u"é"_s, QString(257, u'x')})
        row(tag, false);
}

void TestReference::checksTags()
{
    QFETCH(QString, tag);
    QTEST(checkTag(tag).has_value(), "good");
}

void TestReference::knowsUuids()
{
    QVERIFY(isUuid(u"123e4567-e89b-12d3-a456-426614174000"));
    QVERIFY(isUuid(u"123E4567-E89B-12D3-A456-426614174000"));
    QVERIFY(!isUuid(u"123e4567e89b12d3a456426614174000"));
    QVERIFY(!isUuid(u"{123e4567-e89b-12d3-a456-426614174000}"));
    QVERIFY(!isUuid(u"123e4567-e89b-12d3-a456-426614174000\n"));
    QVERIFY(!isUuid(u"ubuntu"));
}

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
