#include "core/dockerfile/parser.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cooperage::dockerfile;
using namespace Qt::StringLiterals;

/// Where tokens stand in the file, here-documents, and what the parser makes of half-written files.
class TestSourceRanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rangesHoldTheirTokens();
    void rangesSpanContinuations();
    void recognisesHeredocs_data();
    void recognisesHeredocs();
    void readsHeredocBodies();
    void givesHeredocsToTriggers();
    void survivesEveryPrefix_data();
    void survivesEveryPrefix();
    void survivesDeepNesting();
    void parsesInLinearTime();
};

static QString textAt(const Dockerfile &file, const SourceRange &range)
{
    return file.text.sliced(range.begin, range.end - range.begin);
}

void TestSourceRanges::rangesHoldTheirTokens()
{
    const Dockerfile file =
        parse(u"FROM 😀 AS b\n\n  Copy --from='x' a\tb\nENV k='v w' l=\nCMD [ \"é\", \"\\u0041\" ]\n"_s);
    const Instruction &from = file.instructions[0];
    QCOMPARE(textAt(file, from.words[0].range), u"😀"_s);
    QCOMPARE(textAt(file, from.range), u"FROM 😀 AS b"_s);
    const Instruction &copy = file.instructions[1];
    QCOMPARE(textAt(file, copy.keywordRange), u"Copy"_s);
    QCOMPARE(copy.keywordRange.firstLine, 3);
    QCOMPARE(textAt(file, copy.flags[0].range), u"--from='x'"_s);
    QCOMPARE(copy.flag(u"from"), u"x"_s);
    QCOMPARE(copy.flag(u"chown"), std::nullopt);
    QCOMPARE(textAt(file, copy.words[1].range), u"b"_s);
    const Instruction &env = file.instructions[2];
    QCOMPARE(textAt(file, env.pairs[0].key.range), u"k"_s);
    QCOMPARE(textAt(file, env.pairs[0].value.range), u"'v w'"_s);
    QCOMPARE(textAt(file, env.pairs[1].value.range), QString());
    const Instruction &cmd = file.instructions[3];
    QVERIFY(cmd.isJson());
    QCOMPARE(cmd.words[1].text, u"A"_s);
    QCOMPARE(textAt(file, cmd.words[1].range), u"\"\\u0041\""_s);
}

void TestSourceRanges::rangesSpanContinuations()
{
    const Dockerfile file = parse(u"FROM a\nRUN one \\\n# no\n two\nEXPOSE 8\\\n0 90\nCO\\\nPY c d\n"_s);
    QCOMPARE(textAt(file, file.instructions[1].words[0].range), u"one \\\n# no\n two"_s);
    QCOMPARE(file.instructions[1].words[0].range.firstLine, 2);
    QCOMPARE(file.instructions[1].words[0].range.lastLine, 4);
    QCOMPARE(file.instructions[2].words[0].text, u"80"_s);
    QCOMPARE(textAt(file, file.instructions[2].words[0].range), u"8\\\n0"_s);
    QCOMPARE(textAt(file, file.instructions[2].words[1].range), u"90"_s);
    QCOMPARE(file.instructions[2].words[1].range.firstLine, 6);
    QCOMPARE(file.instructions[3].keyword, Keyword::Copy);
    QCOMPARE(textAt(file, file.instructions[3].keywordRange), u"CO\\\nPY"_s);
}

void TestSourceRanges::recognisesHeredocs_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("expected");

    const auto row = [](const QString &word, const QString &expected) {
        QTest::addRow("%s", qPrintable(word)) << word << expected;
    };
    row(u"<<EOF"_s, u"EOF 0 expand"_s);
    row(u"<< \t EOF"_s, u"EOF 0 expand"_s);
    row(u"cat 3<<EOF"_s, u"EOF 3 expand"_s);
    row(u"<<-EOF"_s, u"EOF 0 expand tabs"_s);
    row(u"<<\"EOF\""_s, u"EOF 0"_s);
    row(u"<<'EOF'"_s, u"EOF 0"_s);
    row(u"<<EO\"F\""_s, u"EOF 0"_s);
    row(u"<<eo\\'f"_s, u"eo'f 0 expand"_s);
    row(u"<<'one two'"_s, u"one two 0"_s);
    row(u"<<$EOF"_s, u"$EOF 0 expand"_s);
    row(u"<<EOF>f"_s, u"EOF>f 0 expand"_s);
    row(u"echo ${x:-y} <<EOF"_s, u"EOF 0 expand"_s);
    for (const QString &word :
         {u"\"<<EOF\""_s, u"<<<x"_s, u"cat<<EOF"_s, u"it's <<EOF"_s, u"<<"_s, u"<<''"_s, u"[\"<<EOF\"]"_s})
        row(word, u"none"_s);
}

void TestSourceRanges::recognisesHeredocs()
{
    QFETCH(QString, word);
    QFETCH(QString, expected);
    const Dockerfile file = parseSyntax(u"RUN "_s + word + u"\n"_s);
    const QList<Heredoc> &heredocs = file.instructions.first().heredocs;
    QString got = u"none"_s;
    if (!heredocs.isEmpty()) {
        const Heredoc &heredoc = heredocs.first();
        got = heredoc.delimiter + u' ' + QString::number(heredoc.fd) +
              (heredoc.expand ? u" expand"_s : QString()) + (heredoc.stripTabs ? u" tabs"_s : QString());
        QVERIFY(word.endsWith(textAt(file, heredoc.opener)));
    }
    QCOMPARE(got, expected);
}

void TestSourceRanges::readsHeredocBodies()
{
    const Dockerfile file =
        parse(u"FROM a\nCOPY <<A <<-\"B\" /x/\n# a\\\n\nA\n\t\tb\n\n\t c\n\tB\nRUN <<E\nE\nCMD d"_s);
    const Instruction &copy = file.instructions[1];
    QCOMPARE(copy.heredocs.size(), 2);
    QCOMPARE(copy.heredocs[0].body, u"# a\\\n\n"_s);
    QCOMPARE(textAt(file, copy.heredocs[0].bodyRange), u"# a\\\n\n"_s);
    QCOMPARE(copy.heredocs[0].bodyRange.firstLine, 3);
    QCOMPARE(copy.heredocs[0].bodyRange.lastLine, 4);
    QCOMPARE(copy.heredocs[1].body, u"\t\tb\n\n\t c\n"_s);
    QCOMPARE(copy.heredocs[1].content(), u"b\n\n c\n"_s);
    QCOMPARE(textAt(file, copy.heredocs[1].opener), u"<<-\"B\""_s);
    QCOMPARE(copy.range.lastLine, 9);
    QCOMPARE(file.instructions[2].heredocs[0].body, QString());
    QCOMPARE(file.instructions[2].range.lastLine, 11);
    QCOMPARE(file.instructions[3].keyword, Keyword::Cmd);
    QVERIFY(file.diagnostics.isEmpty());
}

void TestSourceRanges::givesHeredocsToTriggers()
{
    const Dockerfile file = parse(u"FROM a\nONBUILD RUN <<E\nb\nE\nCMD c"_s);
    QCOMPARE(file.instructions.size(), 3);
    QCOMPARE(file.instructions[1].heredocs.size(), 1);
    QCOMPARE(file.instructions[1].trigger->heredocs, file.instructions[1].heredocs);
    QCOMPARE(file.instructions[1].trigger->original, u"RUN <<E"_s);
}

static void verifyInside(const Dockerfile &file, const SourceRange &range)
{
    QVERIFY(range.begin >= 0 && range.begin <= range.end && range.end <= file.text.size());
    QVERIFY(range.firstLine >= 1 && range.firstLine <= range.lastLine);
    QVERIFY(range.lastLine <= file.text.count(u'\n') + 1);
    QCOMPARE(range.firstLine, file.lineAndColumn(range.begin).first);
}

static void verifyRanges(const Dockerfile &file, const Instruction &instruction)
{
    verifyInside(file, instruction.range);
    verifyInside(file, instruction.keywordRange);
    for (const Flag &flag : instruction.flags)
        verifyInside(file, flag.range);
    for (const Word &word : instruction.words)
        verifyInside(file, word.range);
    for (const KeyValue &pair : instruction.pairs) {
        verifyInside(file, pair.key.range);
        verifyInside(file, pair.value.range);
    }
    for (const Heredoc &heredoc : instruction.heredocs) {
        verifyInside(file, heredoc.opener);
        QVERIFY(heredoc.bodyRange.end <= file.text.size());
    }
    if (instruction.trigger)
        verifyRanges(file, *instruction.trigger);
}

void TestSourceRanges::survivesEveryPrefix_data()
{
    QTest::addColumn<QString>("text");
    QTest::addRow("everything")
        << u"# syntax=a\n# escape=\\\n\nARG V=\"1 2\" W\n# note\nFROM --platform=$P a:$V AS b\n"
           "ENV a=1 b='x y' \\\n\n  c=\"\\\"\"\nENV legacy value here\n"
           "RUN --mount=type=cache,target=/x <<-EOF cat 3<<\"F\"\n\tone\n\tEOF\ntwo\nF\n"
           "COPY --from=b --chown=\"u:g\" [\"a b\", \"\\u00e9\\ud83d\\ude00\"]\n"
           "HEALTHCHECK --interval=5s \\\n  CMD [\"x\"]\nONBUILD ONBUILD ADD <<X /y\nX\n"
           "SHELL [\"a\", 1]\nVOLUME a b\nEXPOSE 80/tcp\nLABEL x\nWORKDIR /😀\nCMD \\\n"_s;
    QTest::addRow("line ends")
        << u"\uFEFF# escape=`\r\nFROM a`\r\n\r\n b\r\nRUN <<E `\r\n x\r\nbody\r\nE\r\nUSER `\r\n"_s;
    QTest::addRow("rubbish") << u"\0\\\n\\\n--\n[\"\n<<\n'\"$\n#\n \t\n\\ \nRUN <<\0\nADD \\"_s;
}

void TestSourceRanges::survivesEveryPrefix()
{
    QFETCH(QString, text);
    for (qsizetype i = 0; i <= text.size(); ++i) {
        const Dockerfile file = parse(text.first(i));
        for (const Instruction &instruction : file.instructions)
            verifyRanges(file, instruction);
        for (const Diagnostic &diagnostic : file.diagnostics)
            verifyInside(file, diagnostic.range);
        QCOMPARE(file.treeText().count(u'\n'), file.instructions.size());
    }
}

void TestSourceRanges::survivesDeepNesting()
{
    const Dockerfile onbuild = parse(u"FROM a\n"_s + u"ONBUILD "_s.repeated(100'000));
    QVERIFY(onbuild.hasErrors());
    QVERIFY(!parse(u"FROM a\nRUN "_s + u"["_s.repeated(60'000)).treeText().isEmpty());
    QVERIFY(!parse(u"FROM a\nRUN <<"_s + u"${a:-"_s.repeated(10'000)).treeText().isEmpty());
}

void TestSourceRanges::parsesInLinearTime()
{
    QString text = u"FROM a\n"_s;
    for (int i = 0; i < 5000; ++i)
        text += u"ENV a=%1 b=\"x y\"\nRUN echo %1 \\\n"_s.arg(i);
    text += u"  && true\n"_s;
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(parse(text).instructions.size(), 5002);
    const QString oneCommand = u"FROM a\nRUN x \\\n"_s + u"  y \"z\" \\\n"_s.repeated(100'000);
    QCOMPARE(parse(oneCommand).instructions.size(), 2);
    QVERIFY2(timer.elapsed() < 10'000, "quadratic parsing would take minutes");
}

QTEST_GUILESS_MAIN(TestSourceRanges)
#include "tst_sourceranges.moc"
