#include "core/checks/rules.h"
#include "tests/core/checks/checkcase.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace cooperage;
using test::CheckCase;

/// Each rule with a file that violates it, one that nearly does, and its fix made: the table of
/// docs/checks.md is made of them. With COOPERAGE_WRITE_CHECKS set, the test writes that table.
class CheckCasesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyRuleHasACase();
    void rulesSpeakWhereTheyShould_data();
    void rulesSpeakWhereTheyShould();
    void saysWhatBuildKitSays_data() { rulesSpeakWhereTheyShould_data(); }
    void saysWhatBuildKitSays();
    void tableIsThatOfTheCases();
};

static QStringList rulesOf(const checks::CheckResult &result)
{
    QStringList names;
    for (const dockerfile::Diagnostic &diagnostic : result.diagnostics)
        names.append(diagnostic.rule);
    return names;
}

void CheckCasesTest::everyRuleHasACase()
{
    QStringList names;
    for (const checks::Rule &rule : checks::rules())
        names.append(rule.name);
    names.sort();
    QCOMPARE(
        CheckCase::root().entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::LocaleAware).size(),
        names.size());
    for (const QString &name : std::as_const(names))
        QVERIFY2(CheckCase(name).has(u"bad"_s) && CheckCase(name).has(u"near"_s), qPrintable(name));
}

void CheckCasesTest::rulesSpeakWhereTheyShould_data()
{
    QTest::addColumn<QString>("rule");
    for (const checks::Rule &rule : checks::rules())
        QTest::addRow("%s", qPrintable(rule.name)) << rule.name;
}

void CheckCasesTest::rulesSpeakWhereTheyShould()
{
    QFETCH(QString, rule);
    const CheckCase one(rule);
    const QString bad = one.text(u"bad"_s);
    const checks::CheckResult result = one.check(bad);
    const auto found = std::ranges::find(result.diagnostics, rule, &dockerfile::Diagnostic::rule);
    QVERIFY2(found != result.diagnostics.end(), qPrintable(rulesOf(result).join(u' ')));
    QVERIFY(!found->message.isEmpty());
    QVERIFY(found->range.end > found->range.begin && found->range.end <= bad.size());
    // The words concerned, not the whole line.
    QVERIFY(found->range.end - found->range.begin < bad.trimmed().size());
    QVERIFY(!rulesOf(one.check(one.text(u"near"_s))).contains(rule));
    QCOMPARE(one.has(u"fixed"_s), !found->fixes.isEmpty());
    if (found->fixes.isEmpty())
        return;
    const QString fixed = checks::applied(bad, found->fixes.first());
    QCOMPARE(fixed, one.text(u"fixed"_s));
    QVERIFY(!rulesOf(one.check(fixed)).contains(rule));
}

void CheckCasesTest::saysWhatBuildKitSays()
{
    QFETCH(QString, rule);
    const CheckCase one(rule);
    if (!one.hasRecording())
        QSKIP("No recording: BuildKit refuses the file, or would have to fetch its base image");
    QStringList said;
    for (const QString &which : {u"bad"_s, u"near"_s, u"fixed"_s}) {
        if (!one.has(which))
            continue;
        for (const dockerfile::Diagnostic &diagnostic : one.check(one.text(which)).diagnostics) {
            const checks::Rule *known = checks::findRule(diagnostic.rule);
            if (known && known->family == checks::Family::BuildKit)
                said.append(u"%1 | %2 | %3 | %4"_s.arg(which, known->name)
                                .arg(diagnostic.line)
                                .arg(diagnostic.message));
        }
    }
    said.sort();
    QStringList recorded = one.recorded();
    recorded.sort();
    QCOMPARE(said, recorded);
}

static QString cell(const QString &text)
{
    if (text.isEmpty())
        return {};
    QStringList lines;
    for (QString line : text.trimmed().split(u'\n'))
        lines.append(line.isEmpty() ? u"&nbsp;"_s : u'`' + line.replace(u'|', "\\|"_L1) + u'`');
    return lines.join("<br>"_L1);
}

static QString severityName(dockerfile::Severity severity)
{
    switch (severity) {
    case dockerfile::Severity::Error:
        return u"error"_s;
    case dockerfile::Severity::Warning:
        return u"warning"_s;
    case dockerfile::Severity::Info:
        break;
    }
    return u"info"_s;
}

static QString table()
{
    QString lines = u"| Check | What it says | Speaks | Does not | Its fix made |\n|---|---|---|---|---|\n"_s;
    for (const checks::Rule &rule : checks::rules()) {
        const CheckCase one(rule.name);
        lines += u"| <a id=\"%1\"></a>[%2](%3)<br>%4%5 | %6 | %7 | %8 | %9 |\n"_s.arg(
            rule.name.toLower(), rule.name,
            rule.family == checks::Family::Cooperage ? u"#"_s + rule.name.toLower() : documentation(rule),
            severityName(rule.severity), rule.experimental ? u", experimental"_s : QString(), rule.summary,
            cell(one.text(u"bad"_s)), cell(one.text(u"near"_s)), cell(one.text(u"fixed"_s)));
    }
    return lines;
}

void CheckCasesTest::tableIsThatOfTheCases()
{
    QFile document(QStringLiteral(COOPERAGE_SOURCE_DIR "/docs/checks.md"));
    QVERIFY(document.open(QFile::ReadWrite));
    const QString text = QString::fromUtf8(document.readAll());
    const qsizetype begin = text.indexOf("| Check |"_L1);
    QVERIFY(begin > 0);
    if (qEnvironmentVariableIsSet("COOPERAGE_WRITE_CHECKS")) {
        QVERIFY(document.resize(0) && document.seek(0));
        document.write((text.first(begin) + table()).toUtf8());
        QSKIP("The table was written");
    }
    QCOMPARE(text.sliced(begin), table());
}

QTEST_GUILESS_MAIN(CheckCasesTest)
#include "tst_checkcases.moc"
