#include "core/context/ignorerules.h"
#include "core/context/pathnames.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cooperage;
using namespace cooperage::context;
using namespace Qt::StringLiterals;

class TestIgnoreRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void corpusCases_data();
    void corpusCases();
    void corpusFiles();
    void decides_data();
    void decides();
    void readsLinesAndTheirNumbers();
    void badPatternsNameFileAndLine();
    void decidingBelowAFolderGivesTheSameAnswers();
    void builtInExcludesCanBeReincluded();
    void knowsWhereNothingCanBeReincluded();
    void isQuickForLargeContexts();
    void aCostlyPatternEnds();
};

static QJsonObject corpus()
{
    QFile file(QStringLiteral(COOPERAGE_SOURCE_DIR "/../shared/corpus/dockerignore.json"));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

static QList<IgnoreRule> rulesOf(const QStringList &patterns)
{
    QList<IgnoreRule> rules;
    for (const QString &pattern : patterns)
        rules.append({.pattern = pattern, .source = u".dockerignore"_s, .line = int(rules.size()) + 1});
    return rules;
}

static QStringList strings(const QJsonValue &array)
{
    QStringList result;
    for (const QJsonValue &value : array.toArray())
        result.append(value.toString());
    return result;
}

static IgnoreRules compiled(const QStringList &patterns)
{
    Result<IgnoreRules> rules = IgnoreRules::compile(rulesOf(patterns));
    return rules ? *std::move(rules) : IgnoreRules();
}

void TestIgnoreRules::corpusCases_data()
{
    QTest::addColumn<QJsonObject>("entry");
    for (const QJsonValue &value : corpus()[u"cases"].toArray())
        QTest::addRow("%d", value[u"id"].toInt()) << value.toObject();
    if (corpus().isEmpty())
        QTest::addRow("absent") << QJsonObject();
}

void TestIgnoreRules::corpusCases()
{
    QFETCH(QJsonObject, entry);
    if (entry.isEmpty())
        QSKIP("The shared corpus is not beside the checkout");
    const auto rules = IgnoreRules::compile(rulesOf(strings(entry[u"patterns"])));
    QString path = entry[u"path"].toString();
    if (entry[u"clean_path"].toBool())
        path = cleanPath(path);
    const auto verdict = rules.and_then([&](const IgnoreRules &r) { return r.decide(path); });
    if (entry[u"error"].isString()) {
        QVERIFY(!verdict);
        QCOMPARE(verdict.error().what, entry[u"error"].toString());
    } else {
        QVERIFY2(verdict, qPrintable(verdict ? QString() : verdict.error().text()));
        QCOMPARE(verdict->ignored, entry[u"ignored"].toBool());
    }
}

void TestIgnoreRules::corpusFiles()
{
    if (corpus().isEmpty())
        QSKIP("The shared corpus is not beside the checkout");
    for (const QJsonValue &file : corpus()[u"files"].toArray()) {
        QStringList patterns;
        for (const IgnoreRule &rule : IgnoreRules::read(file[u"content"].toString(), u"f"_s))
            patterns.append(rule.pattern);
        QCOMPARE(patterns, strings(file[u"patterns"]));
    }
}

void TestIgnoreRules::decides_data()
{
    QTest::addColumn<QStringList>("patterns");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("ignored");
    const auto row = [](const char *name, const QStringList &patterns, const QString &path, bool ignored) {
        QTest::newRow(name) << patterns << path << ignored;
    };
    row("equal", {u"docs"_s}, u"docs"_s, true);
    row("by parent", {u"docs"_s}, u"docs/a/b"_s, true);
    row("not by prefix", {u"docs"_s}, u"docs2"_s, false);
    row("re-included file", {u"docs"_s, u"!docs/README.md"_s}, u"docs/README.md"_s, false);
    row("re-included folder", {u"docs"_s, u"!docs"_s}, u"docs/a"_s, false);
    row("last line wins", {u"!a"_s, u"a"_s}, u"a"_s, true);
    row("root only", {u"*.md"_s}, u"a/x.md"_s, false);
    row("star in a parent", {u"*.d"_s}, u"x.d/file"_s, true);
    row("any depth, none", {u"**/x"_s}, u"x"_s, true);
    row("any depth, deep", {u"**/x"_s}, u"a/b/x"_s, true);
    row("any depth, whole names", {u"**/foo"_s}, u"a/xfoo"_s, false);
    row("suffix without slash", {u"**foo"_s}, u"a/xfoo"_s, true);
    row("prefix across names", {u"foo**"_s}, u"foobar/x"_s, true);
    row("below only", {u"dir/**"_s}, u"dir"_s, false);
    row("ending of a name", {u"**/*.pyc"_s}, u"a/b.pyc"_s, true);
    row("ending, nothing before", {u"**/*.pyc"_s}, u".pyc"_s, true);
    row("ending, dot is a dot", {u"**/*.pyc"_s}, u"a/bxpyc"_s, false);
    row("middle", {u"a**/b"_s}, u"a/x/b"_s, true);
    row("middle, parent pattern", {u"a/**/c"_s}, u"a/c/d"_s, true);
    row("negated class", {u"[^a]b"_s}, u"ab"_s, false);
    row("'!' in a class is itself", {u"[!a]b"_s}, u"!b"_s, true);
    row("escaped star", {u"a\\*b"_s}, u"axb"_s, false);
    row("regular meaning of \\d", {u"a\\d*"_s}, u"a7b"_s, true);
    row("anchor", {u"^a*"_s}, u"ab"_s, true);
    row("case counts", {u"A"_s}, u"a"_s, false);
    row("the root is never ignored", {u"**"_s}, u"."_s, false);
    row("'.' matches nothing", {u"."_s}, u"a"_s, false);
    row("newline is not an end", {u"a?"_s}, u"ab\n"_s, false);
    row("star goes over beyond-BMP", {u"a?b"_s}, u"a\U0001F600b"_s, true);
}

void TestIgnoreRules::decides()
{
    QFETCH(QStringList, patterns);
    QFETCH(QString, path);
    QFETCH(bool, ignored);
    const auto rules = IgnoreRules::compile(rulesOf(patterns));
    QVERIFY(rules);
    const auto verdict = rules->decide(path);
    QVERIFY(verdict);
    QCOMPARE(verdict->ignored, ignored);
}

void TestIgnoreRules::readsLinesAndTheirNumbers()
{
    const QString content = u"\uFEFF# comment\r\n\r\n  ./a//b/../c/  \r\n #pattern\n! /x/\n/\n\\#y"_s;
    const QList<IgnoreRule> expected{{u"a/c"_s, u"i"_s, 3},
                                     {u"#pattern"_s, u"i"_s, 4},
                                     {u"!x"_s, u"i"_s, 5},
                                     {u"/"_s, u"i"_s, 6},
                                     {u"\\#y"_s, u"i"_s, 7}};
    QCOMPARE(IgnoreRules::read(content, u"i"_s), expected);
    const auto rules = IgnoreRules::compile(expected);
    QVERIFY(rules);
    const auto verdict = rules->decide(u"a/c/d"_s);
    QVERIFY(verdict && verdict->ignored && verdict->rule);
    QCOMPARE(*verdict->rule, expected[0]);
}

void TestIgnoreRules::badPatternsNameFileAndLine()
{
    const auto bad = IgnoreRules::compile(IgnoreRules::read(u"ok\n[a-"_s, u".dockerignore"_s));
    QVERIFY(!bad);
    QCOMPARE(bad.error().what, u"syntax error in pattern"_s);
    QCOMPARE(bad.error().where, u".dockerignore:2"_s);
    QCOMPARE(bad.error().kind, ErrorKind::BadInput);

    const auto alone = IgnoreRules::compile(IgnoreRules::read(u"! "_s, u".dockerignore"_s));
    QVERIFY(!alone);
    QCOMPARE(alone.error().what, u"illegal exclusion pattern: \"!\""_s);

    const auto late = IgnoreRules::compile(rulesOf({u"[Local-Only]"_s}));
    QVERIFY(late);
    QVERIFY(!late->decide(u"x"_s));
    QVERIFY(!compiled({u"a\\g*"_s}).decide(u"x"_s));
}

void TestIgnoreRules::decidingBelowAFolderGivesTheSameAnswers()
{
    const QList<QStringList> sets{{u"a"_s, u"!a/b"_s, u"a/b/c"_s},
                                  {u"!a/b"_s, u"a"_s},
                                  {u"**"_s, u"!a"_s, u"a/b/*"_s},
                                  {u"a/*"_s, u"!a/b"_s, u"**/c"_s, u"!a/b/c/d"_s},
                                  {u"a/b"_s, u"!**/c"_s, u"a/b/c/d"_s}};
    const QStringList chain{u"a"_s, u"a/b"_s, u"a/b/c"_s, u"a/b/c/d"_s, u"a/b/c/d/e"_s};
    for (const QStringList &patterns : sets) {
        const IgnoreRules rules = compiled(patterns);
        IgnoreHits folder;
        for (const QString &path : chain) {
            IgnoreHits own;
            const auto quick = rules.decide(path, folder, &own);
            const auto plain = rules.decide(path);
            QVERIFY(quick && plain);
            QVERIFY2(quick->ignored == plain->ignored, qPrintable(patterns.join(u' ') + u" : "_s + path));
            QCOMPARE(quick->rule, plain->rule);
            folder = own;
        }
    }
}

void TestIgnoreRules::builtInExcludesCanBeReincluded()
{
    const auto rules = IgnoreRules::compile(IgnoreRules::builtIn() + rulesOf({u"!dist"_s}));
    QVERIFY(rules);
    const auto ignored = [&](const QString &path) { return rules->decide(path)->ignored; };
    QVERIFY(!ignored(u"dist/a.js"_s));
    QVERIFY(ignored(u"web/dist/a.js"_s));
    QVERIFY(ignored(u"a/.git/config"_s));
    QVERIFY(ignored(u"x.pyc"_s));
    QVERIFY(ignored(u"a/node_modules/b/c"_s));
    QVERIFY(!ignored(u".env"_s));
    QVERIFY(!ignored(u"builds/x"_s));
    QCOMPARE(rules->decide(u"build"_s)->rule->source, u"built-in"_s);
}

void TestIgnoreRules::knowsWhereNothingCanBeReincluded()
{
    QVERIFY(!compiled({u"docs"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!docs/a/b"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!docs/a/b"_s}).mayReincludeBelow(u"docs/a"_s));
    QVERIFY(!compiled({u"docs"_s, u"!docs/a/b"_s}).mayReincludeBelow(u"docs/c"_s));
    QVERIFY(!compiled({u"!docs/a"_s, u"docs"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!**/*.md"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(!compiled({u"docs"_s, u"!*.md"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!*/keep"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!docs/**"_s}).mayReincludeBelow(u"docs"_s));
    QVERIFY(compiled({u"docs"_s, u"!^docs/*x"_s}).mayReincludeBelow(u"docs"_s));
}

void TestIgnoreRules::isQuickForLargeContexts()
{
    const auto rules = IgnoreRules::compile(
        IgnoreRules::builtIn() + rulesOf({u"**/*.log"_s, u"docs/*/tmp?"_s, u"!docs/a/tmp1"_s, u"*.md"_s}));
    QVERIFY(rules);
    QElapsedTimer timer;
    timer.start();
    int ignored = 0;
    for (int i = 0; i < 100'000; ++i)
        ignored += rules->decide(u"src/module%1/part/file%2.cpp"_s.arg(i / 100).arg(i))->ignored;
    QCOMPARE(ignored, 0);
    qInfo("100,000 paths in %lld ms", timer.elapsed());
    QVERIFY(timer.elapsed() < 60'000);
}

void TestIgnoreRules::aCostlyPatternEnds()
{
    const IgnoreRules rules = compiled({u"*a*a*a*a*a*a*a*a*a*b"_s});
    QElapsedTimer timer;
    timer.start();
    const auto verdict = rules.decide(QString(200, u'a') + u"bc"_s);
    qInfo("%lld ms", timer.elapsed());
    QVERIFY(!verdict || !verdict->ignored);
    QVERIFY(timer.elapsed() < 60'000);
}

QTEST_GUILESS_MAIN(TestIgnoreRules)
#include "tst_ignorerules.moc"
