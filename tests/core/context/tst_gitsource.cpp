#include "core/context/gitsource.h"

#include <QTest>

using namespace cooperage::context;
using namespace Qt::StringLiterals;

// Which texts are git repositories, and what of them is meant (spec 6.2).
class TestGitSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recognises_data();
    void recognises();
    void reads_data();
    void reads();
    void readsFlags();
    void refuses_data();
    void refuses();
    void fullIdsAreKnown();
    void namesHoldNoPassword();
};

void TestGitSource::recognises_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isGit");
    for (const QString &text :
         {u"git://host/x"_s, u"ssh://git@host/x"_s, u"git@github.com:moby/buildkit.git"_s, u"me@host:dir/x"_s,
          u"https://host/x.git"_s, u"http://host:8080/x.git#main:dir"_s, u"https://host/x.git?ref=v1"_s})
        QTest::newRow(qPrintable(text)) << text << true;
    for (const QString &text :
         {u"github.com/moby/buildkit"_s, u"https://host/x"_s, u"https://host/x.tar.git.gz"_s, u"x.git"_s,
          u"dir/x@y"_s, u"file:///x.git"_s, u"https://host/x?y=.git"_s, u"-o@host:x"_s, u"me@-host:x"_s})
        QTest::newRow(qPrintable(text)) << text << false;
}

void TestGitSource::recognises()
{
    QFETCH(QString, text);
    QTEST(isGitSource(text), "isGit");
}

void TestGitSource::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ref");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("checksum");
    const QString url = u"https://host/x.git"_s;
    QTest::newRow("plain") << url << QString() << QString() << QString();
    QTest::newRow("name") << url + u"#v1"_s << u"v1"_s << QString() << QString();
    QTest::newRow("pull") << url + u"#pull/42/head"_s << u"pull/42/head"_s << QString() << QString();
    QTest::newRow("folder") << url + u"#:a/b/"_s << QString() << u"a/b"_s << QString();
    QTest::newRow("both") << url + u"#v1:a:b"_s << u"v1"_s << u"a:b"_s << QString();
    QTest::newRow("no way out") << url + u"#:../../etc"_s << QString() << u"etc"_s << QString();
    QTest::newRow("query") << url + u"?ref=v1&subdir=/a"_s << u"v1"_s << u"a"_s << QString();
    QTest::newRow("branch") << url + u"?branch=main"_s << u"refs/heads/main"_s << QString() << QString();
    QTest::newRow("tag") << url + u"?tag=v1#:d"_s << u"refs/tags/v1"_s << u"d"_s << QString();
    QTest::newRow("agreeing") << url + u"?ref=v1#v1"_s << u"v1"_s << QString() << QString();
    QTest::newRow("checksum") << url + u"?checksum=abc1234"_s << QString() << QString() << u"abc1234"_s;
    QTest::newRow("commit") << url + u"?commit=abc1234"_s << QString() << QString() << u"abc1234"_s;
    QTest::newRow("scp") << u"git@host:me/x.git#v1"_s << u"v1"_s << QString() << QString();
}

void TestGitSource::reads()
{
    QFETCH(QString, text);
    const auto source = parseGitSource(text);
    QVERIFY2(source, qPrintable(source ? QString() : source.error().text()));
    QVERIFY(!source->remote.contains(u'#') && !source->remote.contains(u'?'));
    QTEST(source->ref, "ref");
    QTEST(source->folder, "folder");
    QTEST(source->checksum, "checksum");
}

void TestGitSource::readsFlags()
{
    const auto plain = parseGitSource(u"git://host/x"_s);
    QVERIFY(plain && !plain->keepGitDir && plain->submodules && !plain->commitTimes);
    const auto set = parseGitSource(u"git://host/x?keep-git-dir=1&submodules=false&mtime=commit"_s);
    QVERIFY(set && set->keepGitDir == true && !set->submodules && set->commitTimes);
    QVERIFY(parseGitSource(u"git://host/x?keep-git-dir"_s)->keepGitDir == true);
    QVERIFY(parseGitSource(u"git://host/x?fetch-by-commit=true"_s));
}

void TestGitSource::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString url = u"https://host/x.git"_s;
    QTest::newRow("ref") << url + u"?ref=a#b"_s << u"ref conflicts: \"b\" vs \"a\""_s;
    QTest::newRow("folder") << url + u"?subdir=a#:b"_s << u"subdir conflicts: \"b\" vs \"a\""_s;
    QTest::newRow("branch and tag") << url + u"?branch=a&tag=b"_s << u"branch conflicts with tag"_s;
    QTest::newRow("unknown") << url + u"?x=1"_s << u"unexpected query \"x\""_s;
    QTest::newRow("no value") << url + u"?ref="_s << u"query \"ref\" has no value"_s;
    QTest::newRow("twice") << url + u"?ref=a&ref=b"_s << u"query \"ref\" has multiple values"_s;
    QTest::newRow("flag") << url + u"?submodules=x"_s << u"invalid submodules value: \"x\""_s;
    QTest::newRow("option as host") << u"ssh://-oProxyCommand=x/y"_s << u"address"_s;
    QTest::newRow("line break") << u"git://host/x\ny"_s << u"address"_s;
    QTest::newRow("checksum") << url + u"?checksum=--x"_s << u"invalid checksum"_s;
}

void TestGitSource::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto source = parseGitSource(text);
    QVERIFY(!source);
    QVERIFY2(source.error().what.contains(message), qPrintable(source.error().what));
}

void TestGitSource::fullIdsAreKnown()
{
    const QString id(40, u'a');
    QCOMPARE(parseGitSource(u"git://host/x#"_s + id)->knownCommit(), id);
    QCOMPARE(parseGitSource(u"git://host/x?checksum=%1#main"_s.arg(id))->knownCommit(), id);
    QCOMPARE(parseGitSource(u"git://host/x#"_s + id.first(39))->knownCommit(), QString());
    QCOMPARE(parseGitSource(u"git://host/x#main"_s)->knownCommit(), QString());
}

void TestGitSource::namesHoldNoPassword()
{
    QCOMPARE(parseGitSource(u"https://me:secret@host/x.git#v1"_s)->displayName(), u"https://host/x.git"_s);
    QCOMPARE(parseGitSource(u"git@host:x.git"_s)->displayName(), u"git@host:x.git"_s);
}

QTEST_APPLESS_MAIN(TestGitSource)
#include "tst_gitsource.moc"
