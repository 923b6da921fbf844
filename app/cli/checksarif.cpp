#include "app/cli/checkplaces.h"
#include "app/cli/checkreport.h"
#include "core/checks/rules.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

// The Static Analysis Results Interchange Format, version 2.1.0 (OASIS).
namespace cooperage::cli {

using dockerfile::Diagnostic;
using dockerfile::Severity;

/// What syntax errors, which have no rule, are filed under.
static const QString syntaxRule = u"Syntax"_s;

static QJsonObject message(const QString &text)
{
    return {{u"text"_s, text}};
}

static QString level(Severity severity)
{
    return severity == Severity::Info ? u"note"_s : severityName(severity);
}

/// An absolute path as a file: address, another one as a relative reference.
static QString uriOf(const QString &path)
{
    return path.startsWith(u'/') ? QUrl::fromLocalFile(path).toString(QUrl::FullyEncoded)
                                 : QString::fromLatin1(QUrl::toPercentEncoding(path, "/"));
}

static QJsonArray ruleList()
{
    QJsonArray list;
    for (const checks::Rule &rule : checks::rules()) {
        QJsonObject one{{u"id"_s, rule.name},
                        {u"shortDescription"_s, message(rule.summary)},
                        {u"defaultConfiguration"_s, QJsonObject{{u"level"_s, level(rule.severity)}}}};
        const QString more = checks::documentation(rule);
        if (more.startsWith("https:"_L1))
            one[u"helpUri"_s] = more;
        else
            one[u"help"_s] = message(more);
        list.append(one);
    }
    const QString text = QCoreApplication::translate("Cli", "The Dockerfile cannot be read.");
    list.append(QJsonObject{{u"id"_s, syntaxRule}, {u"shortDescription"_s, message(text)}});
    return list;
}

static qsizetype ruleIndex(const QString &name)
{
    const auto found = std::ranges::find(checks::rules(), name, &checks::Rule::name);
    return found - checks::rules().begin(); // Behind the last one stands the rule for syntax errors.
}

static QJsonObject region(const CheckPlaces &places, qsizetype begin, qsizetype end)
{
    const auto from = places.at(begin);
    const auto to = places.at(end);
    return {{u"startLine"_s, from.line},
            {u"startColumn"_s, from.column},
            {u"endLine"_s, to.line},
            {u"endColumn"_s, to.column}};
}

static QJsonObject fixJson(const CheckPlaces &places, const QJsonObject &artifact, const dockerfile::Fix &fix)
{
    QJsonArray replacements;
    for (const dockerfile::TextEdit &edit : fix.edits)
        replacements.append(QJsonObject{{u"deletedRegion"_s, region(places, edit.begin, edit.end)},
                                        {u"insertedContent"_s, message(edit.text)}});
    const QJsonObject change{{u"artifactLocation"_s, artifact}, {u"replacements"_s, replacements}};
    return {{u"description"_s, message(fix.title)}, {u"artifactChanges"_s, QJsonArray{change}}};
}

QJsonObject checkSarif(const CheckReport &report)
{
    const CheckPlaces places(report.text);
    const QJsonObject artifact{{u"uri"_s, uriOf(report.fileName)}};
    QJsonArray results;
    for (const Diagnostic &diagnostic : report.result.diagnostics) {
        const QJsonObject place{{u"artifactLocation"_s, artifact},
                                {u"region"_s, region(places, diagnostic.range.begin, diagnostic.range.end)}};
        QString text = diagnostic.message;
        if (!diagnostic.detail.isEmpty())
            text += u" ("_s + diagnostic.detail + u')';
        QJsonObject one{{u"ruleId"_s, diagnostic.rule.isEmpty() ? syntaxRule : diagnostic.rule},
                        {u"ruleIndex"_s, ruleIndex(diagnostic.rule)},
                        {u"level"_s, level(diagnostic.severity)},
                        {u"message"_s, message(text)},
                        {u"locations"_s, QJsonArray{QJsonObject{{u"physicalLocation"_s, place}}}}};
        QJsonArray fixes;
        for (const dockerfile::Fix &fix : diagnostic.fixes)
            fixes.append(fixJson(places, artifact, fix));
        if (!fixes.isEmpty())
            one[u"fixes"_s] = fixes;
        results.append(one);
    }
    const QJsonObject driver{{u"name"_s, u"Cooperage"_s},
                             {u"version"_s, QCoreApplication::applicationVersion()},
                             {u"rules"_s, ruleList()}};
    const QJsonObject run{{u"tool"_s, QJsonObject{{u"driver"_s, driver}}},
                          {u"columnKind"_s, u"utf16CodeUnits"_s},
                          {u"artifacts"_s, QJsonArray{QJsonObject{{u"location"_s, artifact}}}},
                          {u"results"_s, results}};
    return {{u"$schema"_s, u"https://json.schemastore.org/sarif-2.1.0.json"_s},
            {u"version"_s, u"2.1.0"_s},
            {u"runs"_s, QJsonArray{run}}};
}

} // namespace cooperage::cli
