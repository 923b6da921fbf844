#include "core/dockerfile/parser.h"

#include <QTest>

using namespace cooperage::dockerfile;
using namespace Qt::StringLiterals;

class TestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsItsTree_data();
    void printsItsTree();
    void readsDirectives_data();
    void readsDirectives();
    void reportsBadDirectives();
    void joinsContinuationLines();
    void warnsOfEmptyContinuationLines();
    void collectsComments();
    void acceptsMarksAndLineEndsOfOtherSystems();
    void reportsOverlongLines();
    void knowsKeywordNames();
    void findsLineAndColumn();
};

void TestParser::printsItsTree_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tree");

    const auto row = [](const QString &text, const QString &tree) {
        QTest::addRow("%s", qPrintable(text)) << text << tree + u'\n';
    };
    row(u"FROM  a\tAS b"_s, u"(from \"a\" \"AS\" \"b\")"_s);
    row(u"from --platform=x a"_s, u"(from [\"--platform=x\"] \"a\")"_s);
    row(u"COPY --a='b c' --d\\ e --\"f\"  g h"_s, u"(copy [\"--a=b c\" \"--d e\" \"--f\"] \"g\" \"h\")"_s);
    row(u"RUN -- --x"_s, u"(run \"--x\")"_s);
    row(u"RUN --a='b"_s, u"(run [\"--a=b\"])"_s);
    row(u"COPY \"a b\" /c"_s, u"(copy \"\\\"a\" \"b\\\"\" \"/c\")"_s);
    row(u"WORKDIR /x # y"_s, u"(workdir \"/x # y\")"_s);
    row(u"MAINTAINER a  b "_s, u"(maintainer \"a  b\")"_s);
    row(u"RUN [ \"a\" , \"\\u00e9\\n\\/\\ud83d\\ude00\" ] "_s, u"(run \"a\" \"é\\n/😀\")"_s);
    row(u"RUN [\"\\ud83d\"]"_s, u"(run \"\uFFFD\")"_s);
    row(u"CMD []"_s, u"(cmd)"_s);
    for (const QString &invalid :
         {u"[\"a\"] && b"_s, u"['a']"_s, u"[\"c:\\x\"]"_s, u"[\"a\""_s, u"[\"a\",]"_s, u"[\"a\", 01]"_s,
          u"[\"a\", {\"b\":}]"_s, u"[nul]"_s, u"[\"\t\"]"_s}) {
        QString quoted = invalid;
        quoted.replace(u"\\"_s, u"\\\\"_s).replace(u"\""_s, u"\\\""_s).replace(u"\t"_s, u"\\t"_s);
        row(u"CMD "_s + invalid, u"(cmd \""_s + quoted + u"\")"_s);
    }
    row(u"ENV a=1 b='2 3' c=\"4\\\" 5\" d=6\\ 7"_s,
        u"(env \"a\" \"1\" \"=\" \"b\" \"'2 3'\" \"=\" \"c\" \"\\\"4\\\\\\\" 5\\\"\" \"=\" \"d\" \"6\\\\ 7\" \"=\")"_s);
    row(u"ENV ONE TWO= THREE=x"_s, u"(env \"ONE\" \"TWO= THREE=x\" \"\")"_s);
    row(u"LABEL a='b"_s, u"(label \"a\" \"'b\" \"=\")"_s);
    row(u"ARG a b=1 c='x y'"_s, u"(arg \"a\" \"b=1\" \"c='x y'\")"_s);
    row(u"HEALTHCHECK --retries=3 cmd [\"a\", \"b\"]"_s,
        u"(healthcheck [\"--retries=3\"] \"cmd\" \"a\" \"b\")"_s);
    row(u"ONBUILD --x ADD --y a b"_s, u"(onbuild [\"--x\"] (add [\"--y\"] \"a\" \"b\"))"_s);
    row(u"ONBUILD"_s, u"(onbuild)"_s);
    row(u"FOO bar"_s, u"(foo)"_s);
    row(u"RUN a\u0001\u00a0\u200b"_s, u"(run \"a\\x01\\u00a0\\u200b\")"_s);
    row(u"RUN <<EOF\nx\nEOF\nCMD y"_s, u"(run \"<<EOF\")\n(cmd \"y\")"_s);
}

void TestParser::printsItsTree()
{
    QFETCH(QString, text);
    QFETCH(QString, tree);
    const Dockerfile file = parseSyntax(text);
    QVERIFY2(!file.hasErrors(), file.hasErrors() ? qPrintable(file.diagnostics.first().message) : "");
    QCOMPARE(file.treeText(), tree);
}

void TestParser::readsDirectives_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("escape");
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QString>("check");

    const QString backslash = u"\\"_s;
    const QString backtick = u"`"_s;
    QTest::addRow("none") << u"FROM a"_s << backslash << u""_s << u""_s;
    QTest::addRow("all") << u"# syntax = a/b:1 x\n#ESCAPE=`\n#\tcheck=skip=A,B error\nFROM a"_s << backtick
                         << u"a/b:1"_s << u"skip=A,B"_s;
    QTest::addRow("after a blank line")
        << u"# syntax=a\n\n# escape=`\nFROM a"_s << backslash << u"a"_s << u""_s;
    QTest::addRow("after a comment") << u"# hello\n# escape=`\nFROM a"_s << backslash << u""_s << u""_s;
    QTest::addRow("after an unknown one") << u"# a=b\n# escape=`\nFROM a"_s << backslash << u""_s << u""_s;
    QTest::addRow("after an empty one") << u"# syntax=\n# escape=`\nFROM a"_s << backslash << u""_s << u""_s;
    QTest::addRow("indented") << u"  # escape=`\n  # syntax=a\nFROM a"_s << backtick << u""_s << u""_s;
    QTest::addRow("below #!") << u"#!/bin/x\n# escape=`\n# syntax=a\nFROM a"_s << backslash << u"a"_s
                              << u""_s;
    QTest::addRow("slashes") << u"// syntax=a"_s << backslash << u"a"_s << u""_s;
    QTest::addRow("JSON") << u"{\"syntax\": \"a\"}"_s << backslash << u"a"_s << u""_s;
}

void TestParser::readsDirectives()
{
    QFETCH(QString, text);
    const Directives directives = parseSyntax(text).directives;
    QTEST(QString(directives.escape), "escape");
    QTEST(directives.syntax, "syntax");
    QTEST(directives.check, "check");
}

void TestParser::reportsBadDirectives()
{
    const Dockerfile file = parseSyntax(u"# escape=x\n# Syntax=a\n# syntax=b\nFROM a"_s);
    QCOMPARE(file.diagnostics.size(), 2);
    QCOMPARE(file.diagnostics[0].message, u"invalid escape token 'x' does not match ` or \\"_s);
    QCOMPARE(file.diagnostics[0].range, (SourceRange{0, 10, 1, 1}));
    QCOMPARE(file.diagnostics[1].message, u"only one syntax parser directive can be used"_s);
    QCOMPARE(file.diagnostics[1].range.firstLine, 3);
    QCOMPARE(file.instructions.size(), 1);
}

void TestParser::joinsContinuationLines()
{
    const Dockerfile file =
        parseSyntax(u"RUN a\\\n  b \\ \t\n# comment \\\n\\\n\t# not run\nc\\\\\nCMD x\\\n"_s);
    QCOMPARE(file.instructions.size(), 2);
    QCOMPARE(file.instructions[0].original, u"RUN a  b c\\\\"_s);
    QCOMPARE(file.instructions[0].range.firstLine, 1);
    QCOMPARE(file.instructions[0].range.lastLine, 6);
    QCOMPARE(file.instructions[1].original, u"CMD x"_s);
    QCOMPARE(parseSyntax(u"# escape=`\nRUN a`\nb\\\nCMD c"_s).treeText(),
             u"(run \"ab\\\\\")\n(cmd \"c\")\n"_s);
    QCOMPARE(parseSyntax(u"\\\nFROM a"_s).treeText(), u"(from \"a\")\n"_s);
}

void TestParser::warnsOfEmptyContinuationLines()
{
    const Dockerfile file = parse(u"FROM a\nRUN b \\\n\n  \n c\n"_s);
    QCOMPARE(file.diagnostics.size(), 1);
    QCOMPARE(file.diagnostics[0].severity, Severity::Warning);
    QCOMPARE(file.diagnostics[0].rule, u"NoEmptyContinuation"_s);
    QCOMPARE(file.diagnostics[0].message, u"Empty continuation line found in: RUN b  c"_s);
    QCOMPARE(file.diagnostics[0].range.firstLine, 5);
    QVERIFY(!file.hasErrors());
}

void TestParser::collectsComments()
{
    const Dockerfile file =
        parse(u"# syntax=x\n# old\n#\n # one\n\n#two\n# check=skip=A,B;error=true\nFROM a\nRUN b"_s);
    QCOMPARE(file.instructions[0].comments,
             (QStringList{u"one"_s, u"two"_s, u"check=skip=A,B;error=true"_s}));
    QCOMPARE(file.instructions[0].skippedChecks, (QStringList{u"A"_s, u"B"_s}));
    QVERIFY(file.instructions[1].comments.isEmpty());
}

void TestParser::acceptsMarksAndLineEndsOfOtherSystems()
{
    const Dockerfile file =
        parseBytes("\xEF\xBB\xBF# escape=`\r\nFROM a`\r\n  \r\n b\r\nRUN <<X\r\nc\r\nX\r\n");
    QCOMPARE(file.treeText(), u"(from \"a\" \"b\")\n(run \"<<X\")\n"_s);
    QCOMPARE(file.instructions[1].heredocs.first().body, u"c\r\n"_s);
    QCOMPARE(file.directives.escape, u'`');
    const Dockerfile marked = parse(u"\uFEFFFROM a"_s);
    QCOMPARE(marked.treeText(), u"(from \"a\")\n"_s);
    QCOMPARE(marked.instructions[0].keywordRange, (SourceRange{1, 5, 1, 1}));
}

void TestParser::reportsOverlongLines()
{
    const QString longest = u"RUN "_s + QString(65'531, u'x');
    QVERIFY(!parse(u"FROM a\n"_s + longest + u'\n').hasErrors());
    const Dockerfile file = parse(u"FROM a\n"_s + longest + u"x\nRUN y"_s);
    QCOMPARE(file.diagnostics.size(), 1);
    QCOMPARE(file.diagnostics[0].message, u"dockerfile line greater than max allowed size of 65535"_s);
    QCOMPARE(file.diagnostics[0].range.firstLine, 2);
    QVERIFY(parse(u"FROM a\nRUN "_s + QString(30'000, u'한')).hasErrors());
}

void TestParser::knowsKeywordNames()
{
    QCOMPARE(keywordName(Keyword::Add), u"ADD"_s);
    QCOMPARE(keywordName(Keyword::Stopsignal), u"STOPSIGNAL"_s);
    QCOMPARE(keywordName(Keyword::Workdir), u"WORKDIR"_s);
    QCOMPARE(parse(u"FROM a\nsToPsIgNaL 9"_s).instructions[1].keyword, Keyword::Stopsignal);
}

void TestParser::findsLineAndColumn()
{
    const Dockerfile file = parse(u"FROM a\nRUN b\n"_s);
    QCOMPARE(file.lineAndColumn(0), (std::pair{1, 1}));
    QCOMPARE(file.lineAndColumn(7), (std::pair{2, 1}));
    QCOMPARE(file.lineAndColumn(9), (std::pair{2, 3}));
    QCOMPARE(file.lineAndColumn(1000), (std::pair{3, 1}));
}

QTEST_GUILESS_MAIN(TestParser)
#include "tst_parser.moc"
