#include "core/dockerfile/parser.h"

#include <QTest>

using namespace cooperage::dockerfile;
using namespace Qt::StringLiterals;

class TestInstructionChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsWithBuildKitsWords_data();
    void reportsWithBuildKitsWords();
    void acceptsWhatBuildKitAccepts_data();
    void acceptsWhatBuildKitAccepts();
    void reportsSyntaxErrorsFirst();
    void pointsAtTheOffendingPart();
    void reportsFilesWithoutInstructionsOrStages();
    void reportsInstructionsBeforeTheFirstStage();
};

static QString firstError(const QString &text)
{
    const Dockerfile file = parse(text);
    return file.diagnostics.isEmpty() ? QString() : file.diagnostics.first().message;
}

void TestInstructionChecks::reportsWithBuildKitsWords_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("message");

    const auto row = [](const QString &line, const QString &message) {
        QTest::addRow("%s", qPrintable(line)) << line << message;
    };
    row(u"FOOBAR x"_s, u"unknown instruction: FOOBAR"_s);
    row(u"rum x"_s, u"unknown instruction: rum (did you mean RUN?)"_s);
    row(u"ENTRYPIONT x"_s, u"unknown instruction: ENTRYPIONT (did you mean ENTRYPOINT?)"_s);
    row(u"COPY --chwon=a b c"_s, u"unknown flag: --chwon (did you mean chown?)"_s);
    row(u"ADD --from=a b c"_s, u"unknown flag: --from"_s);
    row(u"CMD --help"_s, u"unknown flag: --help"_s);
    row(u"COPY --chown=a --chown=b c d"_s, u"duplicate flag specified: --chown"_s);
    row(u"COPY --chown a b"_s, u"missing a value on flag: --chown"_s);
    row(u"COPY --link= a b"_s, u"missing a value on flag: --link"_s);
    row(u"COPY --link=1 a b"_s, u"expecting boolean value for flag --link, not: 1"_s);
    row(u"RUN --network=wifi a"_s, u"invalid network mode \"wifi\""_s);
    row(u"RUN --security=none a"_s, u"security \"none\" is not valid"_s);
    row(u"RUN --device=a b"_s,
        u"device feature is only supported in Dockerfile frontend 1.14.0-labs or later"_s);
    for (const QString &keyword : {u"ENV"_s, u"LABEL"_s, u"ARG"_s, u"EXPOSE"_s, u"VOLUME"_s, u"ONBUILD"_s,
                                   u"SHELL"_s, u"HEALTHCHECK"_s})
        row(keyword, keyword + u" requires at least one argument"_s);
    for (const QString &keyword : {u"MAINTAINER"_s, u"WORKDIR"_s, u"USER"_s, u"STOPSIGNAL"_s})
        row(keyword, keyword + u" requires exactly one argument"_s);
    for (const QString &keyword : {u"COPY"_s, u"ADD"_s})
        row(keyword + u" a"_s, keyword + u" requires at least two arguments, but only one was provided. "
                                         u"Destination could not be determined"_s);
    row(u"COPY a <<EOF\nEOF"_s, u"COPY cannot accept a heredoc as a destination"_s);
    row(u"FROM a b"_s, u"FROM requires either one or three arguments"_s);
    row(u"FROM a on b"_s, u"FROM requires either one or three arguments"_s);
    row(u"FROM a as 9x"_s,
        u"invalid name for build stage: \"9x\", name can't start with a number or contain symbols"_s);
    row(u"ENV a=1 =2"_s, u"ENV names can not be blank"_s);
    row(u"ARG =2"_s, u"ARG names can not be blank"_s);
    row(u"ENV a"_s, u"ENV must have two arguments"_s);
    row(u"LABEL a=1 \"b\""_s,
        u"Syntax error - can't find = in \"\\\"b\\\"\". Must be of the form: name=value"_s);
    for (const QString &array :
         {u"[\"a\", 1]"_s, u"[-1.5e+3]"_s, u"[[\"a\"]]"_s, u"[{\"a\": [null, true]}, {}]"_s})
        row(u"RUN "_s + array, u"when using JSON array syntax, arrays must be comprised of strings only"_s);
    row(u"SHELL bash -c"_s, u"SHELL requires the arguments to be in JSON form"_s);
    row(u"SHELL []"_s, u"SHELL requires at least one argument"_s);
    row(u"VOLUME [\"a\", \" \"]"_s, u"VOLUME specified can not be an empty string"_s);
    row(u"HEALTHCHECK NONE a"_s, u"HEALTHCHECK NONE takes no arguments"_s);
    row(u"HEALTHCHECK CMD"_s, u"Missing command after HEALTHCHECK CMD"_s);
    row(u"HEALTHCHECK foo a"_s, u"Unknown type \"FOO\" in HEALTHCHECK (try CMD)"_s);
    row(u"HEALTHCHECK --interval=1us CMD a"_s, u"Interval \"interval\" cannot be less than 1ms"_s);
    row(u"HEALTHCHECK --timeout=-5s CMD a"_s, u"Interval \"timeout\" cannot be less than 1ms"_s);
    row(u"HEALTHCHECK --timeout=5 CMD a"_s, u"time: missing unit in duration \"5\""_s);
    row(u"HEALTHCHECK --timeout=5x CMD a"_s, u"time: unknown unit \"x\" in duration \"5x\""_s);
    row(u"HEALTHCHECK --timeout=x CMD a"_s, u"time: invalid duration \"x\""_s);
    row(u"HEALTHCHECK --retries=-1 CMD a"_s, u"--retries cannot be negative (-1)"_s);
    row(u"HEALTHCHECK --retries=a CMD a"_s, u"strconv.ParseInt: parsing \"a\": invalid syntax"_s);
    row(u"ONBUILD ONBUILD RUN a"_s, u"Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"_s);
    row(u"ONBUILD from a"_s, u"FROM isn't allowed as an ONBUILD trigger"_s);
    row(u"RUN <<EOF\na\n EOF"_s, u"unterminated heredoc"_s);
}

void TestInstructionChecks::reportsWithBuildKitsWords()
{
    QFETCH(QString, line);
    QFETCH(QString, message);
    QCOMPARE(firstError(u"FROM scratch\n"_s + line), message);
    QCOMPARE(parse(u"FROM scratch\n"_s + line).diagnostics.size(), 1);
}

void TestInstructionChecks::acceptsWhatBuildKitAccepts_data()
{
    QTest::addColumn<QString>("line");
    for (const QString &line :
         {u"COPY --chown= --link --parents=TRUE --exclude=a --exclude=b --chmod=1 --from=0 c d"_s,
          u"ADD --keep-git-dir=false --unpack --checksum=x a b c"_s,
          u"RUN --mount=a --mount=b --network=none c"_s, u"FROM --platform=a b AS c-1.x_y"_s,
          u"ARG --whatever a"_s, u"STOPSIGNAL --x 9"_s, u"CMD"_s, u"RUN"_s, u"HEALTHCHECK --bogus none"_s,
          u"HEALTHCHECK --interval=1m30.5s --retries=0 --timeout=0 CMD a"_s, u"CMD -- --help"_s,
          u"ENTRYPOINT []"_s, u"ONBUILD FOO --x"_s, u"WORKDIR a b"_s, u"LABEL a"_s + u" b"_s})
        QTest::addRow("%s", qPrintable(line)) << line;
}

void TestInstructionChecks::acceptsWhatBuildKitAccepts()
{
    QFETCH(QString, line);
    QCOMPARE(firstError(u"FROM scratch\n"_s + line), QString());
}

void TestInstructionChecks::reportsSyntaxErrorsFirst()
{
    const Dockerfile file = parse(u"FROM a\nFOOBAR\nENV x\nUSER\n"_s);
    QStringList messages;
    for (const Diagnostic &diagnostic : file.diagnostics)
        messages.append(diagnostic.message);
    QCOMPARE(messages, (QStringList{u"ENV must have two arguments"_s, u"unknown instruction: FOOBAR"_s,
                                    u"USER requires exactly one argument"_s}));
    QCOMPARE(firstError(u"# check=skip=all; error=true\nFROM a"_s),
             u"failed to parse check options: invalid check option \"\""_s);
}

void TestInstructionChecks::pointsAtTheOffendingPart()
{
    const QString text = u"FROM a\nCOPY --link \\\n  --form=b c d\n"_s;
    const SourceRange range = parse(text).diagnostics.first().range;
    QCOMPARE(text.sliced(range.begin, range.end - range.begin), u"--form=b"_s);
    QCOMPARE(range.firstLine, 3);
}

void TestInstructionChecks::reportsFilesWithoutInstructionsOrStages()
{
    QCOMPARE(firstError(QString()), u"the Dockerfile cannot be empty"_s);
    QCOMPARE(parseSyntax(QString()).diagnostics.first().message, u"file with no instructions"_s);
    QCOMPARE(firstError(u"\n# a\n"_s), u"file with no instructions"_s);
    QCOMPARE(firstError(u"ARG a\n"_s), u"dockerfile contains no stages to build"_s);
}

void TestInstructionChecks::reportsInstructionsBeforeTheFirstStage()
{
    const Dockerfile file = parse(u"ARG a\nRUN b\nRUN c\nFROM d"_s);
    QCOMPARE(file.diagnostics.size(), 1);
    QCOMPARE(file.diagnostics[0].message, u"no build stage in current context"_s);
    QCOMPARE(file.diagnostics[0].range.firstLine, 2);
}

QTEST_GUILESS_MAIN(TestInstructionChecks)
#include "tst_instructionchecks.moc"
