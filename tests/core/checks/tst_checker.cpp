#include "core/checks/shellscript.h"
#include "core/dockerfile/parser.h"
#include "tests/core/checks/checkedtext.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using checks::Checker;
using checks::CheckResult;
using dockerfile::Diagnostic;
using test::checked;
using test::rulesIn;

/// What is found and where, and re-checking after edits.
class CheckerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesWithFileOrVersionAreNoSecrets();
    void onlyReachedStagesAreEvaluated();
    void unknownBaseImagesMaySetVariables();
    void givenBuildArgumentsStayInForce();
    void pointsAtTheWords_data();
    void pointsAtTheWords();
    void findsCommandsOfRun_data();
    void findsCommandsOfRun();
    void checksAgainAsFromScratch();
    void reportsWhatTheParserReports();
    void sourcesAreLookedUp();
    void takesLinearTime();
};

void CheckerTest::namesWithFileOrVersionAreNoSecrets()
{
    QVERIFY(rulesIn(checked(u"FROM scratch\nENV TOKEN_FILE=/run/t API_KEY_VERSION=1 PUBLIC_KEY=x\n"_s))
                .isEmpty());
    QCOMPARE(rulesIn(checked(u"FROM scratch\nENV MY_Token=a\n"_s)), QStringList{u"SecretsUsedInArgOrEnv"_s});
    // BuildKit lets global ARGs pass; a value that is a secret is one everywhere.
    QVERIFY(rulesIn(checked(u"ARG TOKEN=x\nFROM scratch\n"_s)).isEmpty());
    const CheckResult result = checked(u"ARG A=AKIAABCDEFGHIJKLMNOP\nFROM scratch\n"_s);
    QCOMPARE(rulesIn(result), QStringList{u"SecretValue"_s});
    QVERIFY(!result.diagnostics.first().message.contains("AKIA"_L1));
}

void CheckerTest::onlyReachedStagesAreEvaluated()
{
    const QString text = u"FROM scratch AS one\nCMD a\nFROM scratch AS two\nLABEL a=1\n"_s;
    QCOMPARE(rulesIn(checked(text)), QStringList{u"JSONArgsRecommended"_s});
    QCOMPARE(rulesIn(checked(text, {.reachedOnly = true})), QStringList{u"DL3025"_s});
    QCOMPARE(rulesIn(checked(text, {.target = u"ONE"_s, .reachedOnly = true})),
             QStringList{u"JSONArgsRecommended"_s});
    const QString uses = text + u"COPY --from=one / /\n"_s;
    QCOMPARE(rulesIn(checked(uses, {.reachedOnly = true})), QStringList{u"JSONArgsRecommended"_s});
}

void CheckerTest::unknownBaseImagesMaySetVariables()
{
    QVERIFY(rulesIn(checked(u"FROM a:1\nARG GREETING=1\nLABEL a=$JAVA_HOME\n"_s)).isEmpty());
    QCOMPARE(rulesIn(checked(u"FROM a:1\nARG GREETING=1\nLABEL a=$GREETNIG\n"_s)),
             QStringList{u"UndefinedVar"_s});
    checks::CheckSettings settings = build::checkSettings({});
    settings.image = [](const QString &) { return checks::KnownImage{.env = {u"JAVA_HOME=/x"_s}}; };
    Checker checker(settings);
    QVERIFY(rulesIn(checker.check(u"FROM a:1\nLABEL a=$JAVA_HOME\n"_s)).isEmpty());
    QCOMPARE(rulesIn(checker.check(u"FROM a:1\nLABEL a=$OTHER\n"_s)), QStringList{u"UndefinedVar"_s});
}

void CheckerTest::givenBuildArgumentsStayInForce()
{
    const QString text = u"FROM scratch\nARG V=1\nENV V=2\n"_s;
    QVERIFY(rulesIn(checked(text)).isEmpty());
    QCOMPARE(rulesIn(checked(text, {.buildArgs = {{u"V"_s, u"3"_s}}})), QStringList{u"VariableOrder"_s});
    QVERIFY(rulesIn(checked(text, {.buildArgs = {{u"V"_s, u"2"_s}}})).isEmpty());
    // The usual way to keep an argument in the image.
    QVERIFY(rulesIn(checked(u"FROM scratch\nARG V=1\nENV V=$V\n"_s, {.buildArgs = {{u"V"_s, u"3"_s}}}))
                .isEmpty());
}

void CheckerTest::pointsAtTheWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("words");
    QTest::newRow("continued RUN") << u"FROM a:1\nRUN true && \\\n# no\n   apt-get install -y \\\n   git\n"_s
                                   << u"DL3008"_s << u"git"_s;
    QTest::newRow("here-document") << u"FROM a:1\nRUN <<EOF\nset -e\n\tcd /x\nEOF\n"_s << u"DL3003"_s
                                   << u"cd"_s;
    QTest::newRow("JSON") << u"FROM a:1\nRUN [\"apk\", \"add\", \"curl\"]\n"_s << u"DL3018"_s
                          << u"\"curl\""_s;
    QTest::newRow("substitution") << u"FROM a:1\nRUN x=\"$(cd y; pwd)\" z\n"_s << u"DL3003"_s << u"cd"_s;
    QTest::newRow("variable in a word")
        << u"FROM scratch\nLABEL a=b b=\"x${Nothing}y\"\n"_s << u"UndefinedVar"_s << u"${Nothing}"_s;
    QTest::newRow("pipe") << u"FROM a:1\nRUN a ||\\\n b | c\n"_s << u"DL4006"_s << u"|"_s;
    QTest::newRow("flag") << u"FROM --platform=linux/arm64 a:1\n"_s << u"FromPlatformFlagConstDisallowed"_s
                          << u"--platform=linux/arm64"_s;
}

void CheckerTest::pointsAtTheWords()
{
    QFETCH(QString, text);
    QFETCH(QString, rule);
    QFETCH(QString, words);
    for (const Diagnostic &diagnostic : checked(text).diagnostics) {
        if (diagnostic.rule != rule)
            continue;
        QCOMPARE(text.sliced(diagnostic.range.begin, diagnostic.range.end - diagnostic.range.begin), words);
        QCOMPARE(diagnostic.range.firstLine, text.first(diagnostic.range.begin).count(u'\n') + 1);
        QCOMPARE(diagnostic.line, rule == "FromPlatformFlagConstDisallowed"_L1 ? 1 : 2);
        return;
    }
    QFAIL("nothing was found");
}

void CheckerTest::findsCommandsOfRun_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QStringList>("commands");
    QTest::newRow("lists") << u"a; b && c || d | e & f\ng"_s
                           << QStringList{u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s, u"f"_s, u"g"_s};
    QTest::newRow("quotes") << u"echo 'a; b' \"c && d\" e\\;f"_s << QStringList{u"echo a; b c && d e;f"_s};
    QTest::newRow("words of the language") << u"if a; then b; else c; fi; for i in 1 2; do d; done"_s
                                           << QStringList{u"a"_s, u"b"_s, u"c"_s, u"for i in 1 2"_s, u"d"_s};
    QTest::newRow("subshell") << u"(a b) && { c; }"_s << QStringList{u"a b"_s, u"c"_s};
    QTest::newRow("redirections") << u"a >x 2>&1 </dev/null b >>y"_s << QStringList{u"a b"_s};
    QTest::newRow("assignments") << u"A=1 B='2 3' c"_s << QStringList{u"c"_s};
    QTest::newRow("comment") << u"a # b; c\nd"_s << QStringList{u"a"_s, u"d"_s};
    QTest::newRow("backquotes") << u"echo `a b`"_s << QStringList{u"a b"_s, u"echo `a b`"_s};
    QTest::newRow("unfinished") << u"a \"b $(c"_s << QStringList{u"c"_s, u"a b $(c"_s};
}

void CheckerTest::findsCommandsOfRun()
{
    QFETCH(QString, script);
    QFETCH(QStringList, commands);
    QStringList found;
    for (const checks::ShellCommand &command : checks::ShellScript::read(script).commands) {
        QStringList words;
        for (const checks::ShellWord &word : command.words)
            words.append(word.text);
        found.append(words.join(u' '));
    }
    QCOMPARE(found, commands);
}

static QString randomPiece(QRandomGenerator &random)
{
    static const QStringList pieces{u"\n"_s,
                                    u"\\\n"_s,
                                    u"FROM scratch AS x\n"_s,
                                    u"RUN cd a | b\n"_s,
                                    u"RUN <<EOF\n"_s,
                                    u"EOF\n"_s,
                                    u"ENV a $b\n"_s,
                                    u"# check=skip=all\n"_s,
                                    u"x"_s,
                                    u" "_s,
                                    u"\""_s,
                                    u"COPY a b\n"_s,
                                    u"# escape=`\n"_s,
                                    u"CMD a\n"_s,
                                    u"WORKDIR a\n"_s,
                                    u"MAINTAINER é😀\n"_s,
                                    u"\r\n"_s,
                                    u"ARG A=1 B\n"_s,
                                    u"FOO\n"_s};
    return pieces[random.bounded(pieces.size())];
}

void CheckerTest::checksAgainAsFromScratch()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 60; ++round) {
        Checker checker(build::checkSettings({}));
        QString text = u"FROM scratch\n"_s;
        for (int step = 0; step < 40; ++step) {
            const qsizetype at = random.bounded(int(text.size()) + 1);
            const qsizetype length = std::min<qsizetype>(random.bounded(12), text.size() - at);
            if (random.bounded(3) == 0)
                text.remove(at, length);
            else
                text.insert(at, randomPiece(random));
            const CheckResult again = checker.check(text);
            const CheckResult fresh = checked(text);
            if (again.diagnostics != fresh.diagnostics)
                qDebug() << text << rulesIn(again) << rulesIn(fresh);
            QCOMPARE(again.diagnostics, fresh.diagnostics);
        }
    }
}

void CheckerTest::reportsWhatTheParserReports()
{
    for (const QString &text :
         {u""_s, u"\n# a\n"_s, u"ARG a\n"_s, u"RUN a\nFROM b:1\nFOO\nENV\nCOPY --x a b\n"_s,
          u"# escape=x\nFROM a:1\n"_s, u"# check=foo\nFROM a:1\nRUN <<E\n"_s}) {
        QStringList own;
        for (const Diagnostic &diagnostic : checked(text).diagnostics) {
            if (diagnostic.rule.isEmpty())
                own.append(diagnostic.message);
        }
        QStringList parsers;
        for (const Diagnostic &diagnostic : dockerfile::parse(text).diagnostics)
            parsers.append(diagnostic.message);
        own.sort();
        parsers.sort();
        QCOMPARE(own, parsers);
    }
}

void CheckerTest::sourcesAreLookedUp()
{
    QTemporaryDir folder;
    const QDir context(folder.path());
    QVERIFY(context.mkpath(u"node_modules/x"_s) && context.mkpath(u"docs"_s));
    for (const QString &name : {u"main.py"_s, u"docs/a.md"_s, u".dockerignore"_s}) {
        QFile file(context.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(name == ".dockerignore"_L1 ? "\n*.log\ndocs\n!docs/a.md\n" : "");
    }
    checks::CheckSettings settings = build::checkSettings({});
    settings.sources = checks::CopySources::open(folder.path(), {}, true).value();
    const auto only = [&](const QString &source) {
        const auto all =
            Checker(settings).check(u"FROM scratch\nARG S=main\nCOPY %1 /\n"_s.arg(source)).diagnostics;
        return all.isEmpty() ? Diagnostic() : all.first();
    };
    QCOMPARE(only(u"./$S.py"_s).rule, QString());
    QCOMPARE(only(u"/main.py/"_s).rule, QString());
    QCOMPARE(only(u"docs"_s).rule, QString());
    QCOMPARE(only(u"*.none"_s).rule, QString());
    QCOMPARE(only(u"mian.py"_s).message,
             u"\"mian.py\" is not in the build context (did you mean main.py?)"_s);
    QCOMPARE(only(u"../docs/b.md"_s).rule, u"CopySourceMissing"_s);
    QCOMPARE(only(u"node_modules/x"_s).rule, u"CopySourceExcluded"_s);
    QFile hidden(context.filePath(u"x.log"_s));
    QVERIFY(hidden.open(QFile::WriteOnly));
    const Diagnostic ignored = only(u"x.log"_s);
    QCOMPARE(ignored.rule, u"CopySourceIgnored"_s);
    QCOMPARE(ignored.detail, u".dockerignore, line 2: *.log"_s);
}

/// Ten times the lines must take about ten times as long, whatever is wrong with them.
void CheckerTest::takesLinearTime()
{
    for (const QString &line :
         {u"ENV N%1=$M%1\n"_s, u"RUN \"$(`'%1 \\\n"_s, u"FROM a AS s%1\n"_s, u"COPY --from=s%1 a b\n"_s,
          u"RUN a%1 | cd\n"_s, u"ARG A%1\n"_s, u"CMD a%1\n"_s, u"WORKDIR a%1\n"_s, u"foo%1\n"_s}) {
        const auto measure = [&](int count) {
            QString text = u"FROM scratch\n"_s;
            for (int i = 0; i < count; ++i)
                text += line.arg(i);
            qint64 best = std::numeric_limits<qint64>::max();
            for (int i = 0; i < 3; ++i) {
                QElapsedTimer timer;
                timer.start();
                (void)checked(text);
                best = std::min(best, timer.nsecsElapsed());
            }
            return best;
        };
        const qint64 small = measure(1000);
        const qint64 large = measure(10'000);
        // A quadratic cost would make it a hundred times.
        QVERIFY2(large < 40 * std::max<qint64>(small, 500'000),
                 qPrintable(line + QString::number(small) + u" and "_s + QString::number(large)));
    }
}

QTEST_GUILESS_MAIN(CheckerTest)
#include "tst_checker.moc"
