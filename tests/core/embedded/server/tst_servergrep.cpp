#include "core/embedded/server/linematcher.h"
#include "core/embedded/server/pathglobs.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QElapsedTimer>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace cooperage::test;

/// GET /v1/inspect/{uuid}/grep (contract 2.8 and section 8, 16).
class TestServerGrep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        COOPERAGE_NEEDS(*m_fixture);
        QByteArray longLine(20'000, 'y');
        longLine.replace(0, 6, "needle");
        const Reply made = m_fixture->client().post(
            "/v1/commits",
            {{u"image"_s, QJsonValue::Null},
             {u"entries"_s,
              QJsonArray{
                  file(u"/etc/passwd"_s, "root:x:0:0:root:/root:/bin/bash\nApp:x:1000:1000::/:/bin/sh\n"),
                  file(u"/src/a.py"_s, "one\ntwo Needle\nthree\nfour\nfive needle needle\nsix\n"),
                  file(u"/src/deep/b.py"_s, "needle\nneedle\nneedle\n"), file(u"/src/deep/c.txt"_s, "needle"),
                  file(u"/odd/binary"_s, QByteArray("needle\0needle\n", 14)),
                  file(u"/odd/latin1"_s, "caf\xe9 bar\n"), file(u"/odd/utf8"_s, "ünïcode café bar\n"),
                  file(u"/odd/long"_s, longLine + "needle\nend\n"),
                  QJsonObject{
                      {u"type"_s, u"symlink"_s}, {u"path"_s, u"/src/link.py"_s}, {u"target"_s, u"a.py"_s}},
                  QJsonObject{
                      {u"type"_s, u"symlink"_s}, {u"path"_s, u"/alias"_s}, {u"target"_s, u"src"_s}}}}});
        QVERIFY2(made.status == 201, made.body.c_str());
        m_image = made.text(u"uuid"_s);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void everyKeyIsThere();
    void casesDiffer();
    void pathsAndGlobsChooseFiles();
    void globsAreMatchedPartByPart();
    void limitsEndTheSearch();
    void contextComesBeforeAndAfter();
    void bytesThatAreNoTextAreSearched();
    void severalPatternsAreOneSearch();
    void badQueriesAreRefused_data();
    void badQueriesAreRefused();
    void catastrophicPatternsAreRefused();

private:
    static QJsonObject file(const QString &path, const QByteArray &content)
    {
        return {{u"type"_s, u"file"_s},
                {u"path"_s, path},
                {u"content"_s, QString::fromLatin1(content.toBase64())}};
    }
    Reply grep(const std::string &query)
    {
        return m_fixture->client().Get("/v1/inspect/" + m_image.toStdString() + "/grep?" + query);
    }
    /// "path:line" of each match, context in brackets.
    QStringList found(const std::string &query)
    {
        QStringList result;
        for (const QJsonValue &match : grep(query).json().value(u"matches"_s).toArray()) {
            const QString place =
                match[u"path"_s].toString() + u':' + QString::number(match[u"line_number"_s].toInt());
            result << (match[u"type"_s].toString() == u"context"_s ? u'(' + place + u')' : place);
        }
        return result;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    QString m_image;
};

void TestServerGrep::everyKeyIsThere()
{
    const Reply reply = grep("pattern=root&path=/etc/passwd");
    QCOMPARE(reply.status, 200);
    const QJsonObject expected{
        {u"path"_s, u"/etc/passwd"_s},
        {u"patterns"_s, QJsonArray{u"root"_s}},
        {u"truncated"_s, false},
        {u"matches"_s,
         QJsonArray{QJsonObject{
             {u"path"_s, u"etc/passwd"_s},
             {u"line_number"_s, 1},
             {u"absolute_offset"_s, 0},
             {u"line_text"_s, u"root:x:0:0:root:/root:/bin/bash"_s},
             {u"line_bytes"_s, 32},
             {u"type"_s, u"match"_s},
             {u"submatches"_s,
              QJsonArray{QJsonObject{{u"text"_s, u"root"_s}, {u"start"_s, 0}, {u"end"_s, 4}},
                         QJsonObject{{u"text"_s, u"root"_s}, {u"start"_s, 11}, {u"end"_s, 15}},
                         QJsonObject{{u"text"_s, u"root"_s}, {u"start"_s, 17}, {u"end"_s, 21}}}}}}}};
    QCOMPARE(reply.json(), expected);
    QCOMPARE(grep("pattern=App&path=/etc").json()[u"matches"_s][0][u"absolute_offset"_s].toInt(), 32);
    const Reply none = grep("pattern=nobody-is-called-so");
    QCOMPARE(none.status, 200);
    QCOMPARE(none.text(u"path"_s), u"/"_s);
    QVERIFY(none.json().value(u"matches"_s).isArray() && found("pattern=nobody-is-called-so").isEmpty());
    QCOMPARE(
        Reply(m_fixture->client().Head("/v1/inspect/" + m_image.toStdString() + "/grep?pattern=x")).status,
        200);
}

void TestServerGrep::casesDiffer()
{
    QCOMPARE(found("pattern=app&path=/etc"), QStringList());
    QCOMPARE(found("pattern=app&path=/etc&case=sensitive"), QStringList());
    QCOMPARE(found("pattern=app&path=/etc&case=insensitive"), QStringList{u"etc/passwd:2"_s});
    QCOMPARE(found("pattern=app&path=/etc&case=smart"), QStringList{u"etc/passwd:2"_s});
    QCOMPARE(found("pattern=aPP&path=/etc&case=smart"), QStringList());
    // \S is no upper-case letter.
    QCOMPARE(found("pattern=app%5CS&path=/etc&case=smart"), QStringList{u"etc/passwd:2"_s});
}

void TestServerGrep::pathsAndGlobsChooseFiles()
{
    QCOMPARE(found("pattern=needle&path=/src&path=/etc"),
             (QStringList{u"src/a.py:5"_s, u"src/deep/b.py:1"_s, u"src/deep/b.py:2"_s, u"src/deep/b.py:3"_s,
                          u"src/deep/c.txt:1"_s}));
    QCOMPARE(found("pattern=needle&path=src/deep/c.txt"), QStringList{u"src/deep/c.txt:1"_s});
    // A link that is asked for is followed, others are not.
    QCOMPARE(found("pattern=five&path=/alias"), QStringList{u"alias/a.py:5"_s});
    QCOMPARE(found("pattern=needle&glob=*.txt"), QStringList{u"src/deep/c.txt:1"_s});
    QCOMPARE(found("pattern=five&glob=*.py&glob=*.txt"), QStringList{u"src/a.py:5"_s});
    QCOMPARE(found("pattern=needle&max_count=1&path=/src&glob=!*.txt"),
             (QStringList{u"src/a.py:5"_s, u"src/deep/b.py:1"_s}));
    QCOMPARE(grep("pattern=x&path=/nothing").status, 404);
}

void TestServerGrep::globsAreMatchedPartByPart()
{
    const auto chooses = [](const std::vector<std::string> &globs, const std::string &path) {
        return PathGlobs::compile(globs)->chooses(path);
    };
    QVERIFY(chooses({}, "a/b"));
    QVERIFY(chooses({"*.c"}, "a/b.c") && !chooses({"*.c"}, "a/b.h"));
    QVERIFY(chooses({"a/*.c"}, "a/b.c") && !chooses({"a/*.c"}, "a/x/b.c"));
    QVERIFY(chooses({"a/**/*.c"}, "a/b.c") && chooses({"a/**/*.c"}, "a/x/y/b.c"));
    QVERIFY(chooses({"**/lib/**"}, "usr/lib/x/y") && !chooses({"**/lib/**"}, "usr/libs/x"));
    QVERIFY(chooses({"/etc/*"}, "etc/passwd") && !chooses({"/etc/*"}, "src/etc/passwd"));
    QVERIFY(!chooses({"!*.c"}, "b.c") && chooses({"!*.c"}, "b.h"));
    QVERIFY(chooses({"*.c", "!test.c"}, "b.c") && !chooses({"*.c", "!test.c"}, "test.c"));
    QVERIFY(!PathGlobs::compile({"[a"}) && !PathGlobs::compile({"**/**/**/**/**/x"}));
}

void TestServerGrep::limitsEndTheSearch()
{
    QCOMPARE(found("pattern=needle&path=/src&max_count=2").size(), 4);
    QVERIFY(!grep("pattern=needle&path=/src&max_count=2").json().value(u"truncated"_s).toBool());
    QCOMPARE(found("pattern=needle&path=/src&max_total=3").size(), 3);
    QVERIFY(grep("pattern=needle&path=/src&max_total=3").json().value(u"truncated"_s).toBool());
    QVERIFY(!grep("pattern=needle&path=/src&max_total=5").json().value(u"truncated"_s).toBool());
}

void TestServerGrep::contextComesBeforeAndAfter()
{
    QCOMPARE(found("pattern=three&path=/src/a.py&before=1&after=1"),
             (QStringList{u"(src/a.py:2)"_s, u"src/a.py:3"_s, u"(src/a.py:4)"_s}));
    // No line twice, and none beyond the file.
    QCOMPARE(found("pattern=two|four&path=/src/a.py&before=5&after=1"),
             (QStringList{u"(src/a.py:1)"_s, u"src/a.py:2"_s, u"(src/a.py:3)"_s, u"src/a.py:4"_s,
                          u"(src/a.py:5)"_s}));
    QCOMPARE(found("pattern=needle&path=/src/deep/b.py&after=1&max_count=1"),
             (QStringList{u"src/deep/b.py:1"_s, u"(src/deep/b.py:2)"_s}));
    const QJsonValue context =
        grep("pattern=three&path=/src/a.py&before=1").json().value(u"matches"_s).toArray()[0];
    QCOMPARE(context[u"submatches"_s].toArray().size(), 0);
    QCOMPARE(context[u"line_text"_s].toString(), u"two Needle"_s);
}

void TestServerGrep::bytesThatAreNoTextAreSearched()
{
    QCOMPARE(found("pattern=needle&path=/odd/binary"), QStringList());
    // Places count bytes, whatever the characters.
    const QJsonValue utf8 = grep("pattern=bar&path=/odd/utf8").json().value(u"matches"_s).toArray()[0];
    QCOMPARE(utf8[u"line_text"_s].toString(), u"ünïcode café bar"_s);
    QCOMPARE(utf8[u"submatches"_s][0][u"start"_s].toInt(), 16);
    QCOMPARE(utf8[u"submatches"_s][0][u"end"_s].toInt(), 19);
    QCOMPARE(found("pattern=%C3%9CN%C3%8FCODE&path=/odd&case=insensitive"), QStringList{u"odd/utf8:1"_s});
    const QJsonValue latin1 = grep("pattern=bar&path=/odd/latin1").json().value(u"matches"_s).toArray()[0];
    QCOMPARE(latin1[u"submatches"_s][0][u"start"_s].toInt(), 5);
    QCOMPARE(latin1[u"line_text"_s].toString(), u"café bar"_s);
    // Of a long line only the beginning is looked at and shown.
    const QJsonArray lines = grep("pattern=needle|end&path=/odd/long").json().value(u"matches"_s).toArray();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0][u"line_bytes"_s].toInt(), 20'007);
    QCOMPARE(lines[0][u"line_text"_s].toString().size(), 8192);
    QCOMPARE(lines[0][u"submatches"_s].toArray().size(), 1);
    QCOMPARE(lines[1][u"line_number"_s].toInt(), 2);
    QCOMPARE(lines[1][u"absolute_offset"_s].toInt(), 20'007);
}

void TestServerGrep::severalPatternsAreOneSearch()
{
    const Reply reply = grep("pattern=bin&pattern=/bin/bash&path=/etc/passwd");
    QCOMPARE(reply.json().value(u"patterns"_s).toArray().size(), 2);
    const QJsonArray matches = reply.json().value(u"matches"_s).toArray();
    QCOMPARE(matches.size(), 2);
    QCOMPARE(matches[0][u"submatches"_s].toArray().size(), 1);
    QCOMPARE(matches[0][u"submatches"_s][0][u"text"_s].toString(), u"/bin/bash"_s);
}

void TestServerGrep::badQueriesAreRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("no pattern") << QByteArray("path=/etc");
    QTest::newRow("unclosed group") << QByteArray("pattern=(a");
    QTest::newRow("PCRE verb") << QByteArray("pattern=(*LIMIT_MATCH=99999999)a");
    QTest::newRow("group over two patterns") << QByteArray("pattern=a)|(b");
    QTest::newRow("too long") << "pattern=" + QByteArray(5000, 'a');
    QTest::newRow("unknown case") << QByteArray("pattern=a&case=upper");
    QTest::newRow("max_total 0") << QByteArray("pattern=a&max_total=0");
    QTest::newRow("before below 0") << QByteArray("pattern=a&before=-1");
    QTest::newRow("after without number") << QByteArray("pattern=a&after=x");
    QTest::newRow("malformed glob") << QByteArray("pattern=a&glob=[");
    QTest::newRow("path with ..") << QByteArray("pattern=a&path=/../etc");
}

void TestServerGrep::badQueriesAreRefused()
{
    QFETCH(QByteArray, query);
    const Reply reply = grep(query.toStdString());
    QCOMPARE(reply.status, 400);
    QVERIFY(!reply.text(u"error"_s).isEmpty());
}

void TestServerGrep::catastrophicPatternsAreRefused()
{
    const QByteArray line = QByteArray(8000, 'a') + '!';
    for (const QString &pattern : {u"(a+)+$"_s, u"(a|aa)+$"_s, u"(.*a){20}$"_s, u"(a*)*b\\1"_s}) {
        const Result<LineMatcher> matcher = LineMatcher::compile({pattern}, LineMatcher::Case::Sensitive);
        QVERIFY2(matcher, qPrintable(pattern));
        QElapsedTimer timer;
        timer.start();
        const auto found = matcher->match(line);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(pattern));
        if (!found)
            QVERIFY(found.error().what.contains(pattern));
    }
    QVERIFY(!LineMatcher::compile({u"(a+)+$"_s}, LineMatcher::Case::Sensitive)->match(line));
}

QTEST_GUILESS_MAIN(TestServerGrep)
#include "tst_servergrep.moc"
