#include "app/cli/checkreport.h"

#include "app/cli/checkplaces.h"
#include "core/checks/rules.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

using dockerfile::Diagnostic;
using dockerfile::Severity;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return u"error"_s;
    case Severity::Warning:
        return u"warning"_s;
    case Severity::Info:
        break;
    }
    return u"info"_s;
}

/// The line, and a mark under the words concerned.
static QString excerpt(const CheckPlaces &places, const Diagnostic &diagnostic)
{
    const auto begin = places.at(diagnostic.range.begin);
    const auto end = places.at(diagnostic.range.end);
    const QString line = places.line(begin.line);
    const qsizetype until = end.line == begin.line ? end.column - 1 : line.size();
    QString blank = line.first(std::min<qsizetype>(begin.column - 1, line.size()));
    for (QChar &c : blank) {
        if (c != u'\t')
            c = u' ';
    }
    const qsizetype width = std::max<qsizetype>(1, until - (begin.column - 1));
    return u"%1 | %2\n%3 | %4%5"_s.arg(begin.line, 6)
        .arg(line, QString(6, u' '), blank, QString(width, u'^'));
}

static QString findingText(const CheckReport &report, const CheckPlaces &places, const Diagnostic &diagnostic)
{
    const auto place = places.at(diagnostic.range.begin);
    const checks::Rule *rule = checks::findRule(diagnostic.rule);
    QStringList lines{u"%1:%2:%3: %4: %5%6"_s.arg(report.fileName)
                          .arg(place.line)
                          .arg(place.column)
                          .arg(severityName(diagnostic.severity), diagnostic.message,
                               rule ? u" ["_s + rule->name + u']' : QString()),
                      excerpt(places, diagnostic)};
    if (!diagnostic.detail.isEmpty())
        lines.append(u"       "_s + diagnostic.detail);
    for (const dockerfile::Fix &fix : diagnostic.fixes)
        lines.append(u"       "_s + Texts::tr("Fix: %1").arg(fix.title));
    if (rule)
        lines.append(u"       "_s + checks::documentation(*rule));
    return lines.join(u'\n') + u'\n';
}

QString checkText(const CheckReport &report)
{
    const CheckPlaces places(report.text);
    const QList<Diagnostic> &all = report.result.diagnostics;
    QStringList lines;
    for (const Diagnostic &diagnostic : all)
        lines.append(findingText(report, places, diagnostic));
    const auto count = [&](Severity severity) {
        return std::ranges::count(all, severity, &Diagnostic::severity);
    };
    lines.append(all.isEmpty() ? Texts::tr("%1: nothing to complain about").arg(report.fileName)
                               : Texts::tr("%1: errors: %2, warnings: %3, notes: %4")
                                     .arg(report.fileName)
                                     .arg(count(Severity::Error))
                                     .arg(count(Severity::Warning))
                                     .arg(count(Severity::Info)));
    return lines.join(u'\n');
}

static QJsonObject placeJson(const CheckPlaces &places, qsizetype begin, qsizetype end)
{
    const auto from = places.at(begin);
    const auto to = places.at(end);
    return {{u"startLine"_s, from.line},
            {u"startColumn"_s, from.column},
            {u"endLine"_s, to.line},
            {u"endColumn"_s, to.column}};
}

QJsonObject checkJson(const CheckReport &report)
{
    const CheckPlaces places(report.text);
    QJsonArray findings;
    for (const Diagnostic &diagnostic : report.result.diagnostics) {
        QJsonArray fixes;
        for (const dockerfile::Fix &fix : diagnostic.fixes) {
            QJsonArray edits;
            for (const dockerfile::TextEdit &edit : fix.edits) {
                QJsonObject one = placeJson(places, edit.begin, edit.end);
                one[u"text"_s] = edit.text;
                edits.append(one);
            }
            fixes.append(QJsonObject{{u"title"_s, fix.title}, {u"edits"_s, edits}});
        }
        QJsonObject one{{u"severity"_s, severityName(diagnostic.severity)},
                        {u"message"_s, diagnostic.message},
                        {u"place"_s, placeJson(places, diagnostic.range.begin, diagnostic.range.end)},
                        {u"line"_s, diagnostic.line > 0 ? diagnostic.line : diagnostic.range.firstLine}};
        if (const checks::Rule *rule = checks::findRule(diagnostic.rule)) {
            one[u"rule"_s] = rule->name;
            one[u"documentation"_s] = checks::documentation(*rule);
        }
        if (!diagnostic.detail.isEmpty())
            one[u"detail"_s] = diagnostic.detail;
        if (!fixes.isEmpty())
            one[u"fixes"_s] = fixes;
        findings.append(one);
    }
    return {{u"file"_s, report.fileName},
            {u"findings"_s, findings},
            {u"fatal_rules"_s, QJsonArray::fromStringList(report.result.fatalRules)}};
}

} // namespace cooperage::cli
