#include "tests/core/checks/checkedtext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace cooperage;
using dockerfile::Diagnostic;
using test::checked;
using test::rulesIn;

/// What directives, arguments and comments leave of the findings, and the edits that write such comments.
class SilencingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void skipsWhatTheFileSays_data();
    void skipsWhatTheFileSays();
    void buildArgumentStandsInForTheDirective();
    void errorMakesBuildKitsRulesFatal();
    void experimentalRulesWantToBeAsked();
    void saysTheSameOnce();
    void silencingEditsSilence_data();
    void silencingEditsSilence();
};

void SilencingTest::skipsWhatTheFileSays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("told");
    const QStringList both{u"LegacyKeyValueFormat"_s, u"JSONArgsRecommended"_s};
    const QString lines = u"ENV a b\nCMD c\n"_s;
    QTest::newRow("nothing") << u"FROM scratch\n"_s + lines << both;
    QTest::newRow("file") << u"# check=skip=LegacyKeyValueFormat\nFROM scratch\n"_s + lines << both.sliced(1);
    QTest::newRow("all") << u"# check=skip=all\nFROM scratch\n"_s + lines << QStringList();
    QTest::newRow("line") << u"FROM scratch\n# check=skip=LegacyKeyValueFormat\n"_s + lines << both.sliced(1);
    QTest::newRow("line, all") << u"FROM scratch\n# check=skip=all\n"_s + lines << both.sliced(1);
    QTest::newRow("hadolint") << u"FROM scratch\n# hadolint ignore=DL3003,DL3059\nRUN cd x\nRUN cd y\n"_s
                              << QStringList{u"DL3059"_s, u"DL3003"_s};
    QTest::newRow("hadolint, file")
        << u"# hadolint global ignore=DL3003\nFROM scratch\nRUN cd x\nRUN cd y\n"_s
        << QStringList{u"DL3059"_s};
    QTest::newRow("another") << u"FROM scratch\n# check=skip=Other\nENV a b\n"_s << both.first(1);
}

void SilencingTest::skipsWhatTheFileSays()
{
    QFETCH(QString, text);
    QFETCH(QStringList, told);
    QCOMPARE(rulesIn(checked(text)), told);
}

void SilencingTest::buildArgumentStandsInForTheDirective()
{
    const QString text = u"# check=skip=LegacyKeyValueFormat\nFROM scratch\nENV a b\nCMD c\n"_s;
    const QString argument = u"BUILDKIT_DOCKERFILE_CHECK"_s;
    QCOMPARE(rulesIn(checked(text, {.buildArgs = {{argument, u"skip=JSONArgsRecommended"_s}}})),
             QStringList{u"LegacyKeyValueFormat"_s});
    QCOMPARE(checked(text, {.buildArgs = {{argument, u"error=true"_s}}}).fatalRules,
             (QStringList{u"JSONArgsRecommended"_s, u"LegacyKeyValueFormat"_s}));
}

void SilencingTest::errorMakesBuildKitsRulesFatal()
{
    QCOMPARE(checked(u"# check=error=true\nFROM debian\nCMD c\n"_s).fatalRules,
             QStringList{u"JSONArgsRecommended"_s});
    QVERIFY(checked(u"# check=error=true\nFROM debian\nRUN cd x\n"_s).fatalRules.isEmpty());
    QVERIFY(checked(u"# check=error=true;skip=all\nFROM debian\nCMD c\n"_s).fatalRules.isEmpty());
    QVERIFY(checked(u"FROM debian\nCMD c\n"_s).fatalRules.isEmpty());
}

void SilencingTest::experimentalRulesWantToBeAsked()
{
    const QString rest = u"FROM scratch\n# something\nARG A\n"_s;
    const QString rule = u"InvalidDefinitionDescription"_s;
    QVERIFY(!rulesIn(checked(rest)).contains(rule));
    QVERIFY(rulesIn(checked(u"# check=experimental="_s + rule + u'\n' + rest)).contains(rule));
    QVERIFY(rulesIn(checked(u"# check=experimental=all;skip=all\n"_s + rest)).contains(rule));
}

void SilencingTest::saysTheSameOnce()
{
    QCOMPARE(rulesIn(checked(u"FROM scratch\nWORKDIR app\n"_s)), QStringList{u"WorkdirRelativePath"_s});
    QCOMPARE(rulesIn(checked(u"FROM scratch\nCMD run\n"_s)), QStringList{u"JSONArgsRecommended"_s});
    // Who does not want to hear it does not hear it under another name.
    QCOMPARE(rulesIn(checked(u"# check=skip=JSONArgsRecommended\nFROM scratch\nCMD run\n"_s)), QStringList());
}

void SilencingTest::silencingEditsSilence_data()
{
    QTest::addColumn<QString>("text");
    for (
        const QString &text :
        {u"FROM scratch\nENV a b\nRUN cd x\n"_s, u"# escape=`\nFROM scratch\nENV a b\nRUN cd x\n"_s,
         u"# check=error=false\n# syntax=x\n\nFROM scratch\n# hadolint ignore=DL1\n# about\nENV a b\n"
         u"# hadolint ignore=DL1\nRUN cd x\n"_s,
         u"#!/bin/x\n# check=skip=Other;error=false more\nFROM scratch\n# check=skip=Other\nENV a b\nRUN cd x\n"_s,
         u"from scratch AS A\nenv a b\nrun cd x\n"_s})
        QTest::addRow("%s", qPrintable(text.simplified())) << text;
}

void SilencingTest::silencingEditsSilence()
{
    QFETCH(QString, text);
    for (const Diagnostic &diagnostic : checked(text).diagnostics) {
        const QString rule = diagnostic.rule;
        const QStringList before = rulesIn(checked(text));
        const QString here = checks::applied(text, checks::ignoreHere(text, rule, diagnostic.range.begin));
        QStringList expected = before;
        expected.removeOne(rule);
        QVERIFY2(rulesIn(checked(here)) == expected, qPrintable(rule + u'\n' + here));
        expected.removeAll(rule);
        const QString file = checks::applied(text, checks::ignoreInFile(text, rule));
        QVERIFY2(rulesIn(checked(file)) == expected, qPrintable(rule + u'\n' + file));
        QCOMPARE(file.count(u'\n') - text.count(u'\n') <= 1, true);
    }
}

QTEST_GUILESS_MAIN(SilencingTest)
#include "tst_silencing.moc"
