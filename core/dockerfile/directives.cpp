#include "core/dockerfile/directives.h"

#include "core/dockerfile/checkoptions.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <optional>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

struct DirectiveLine
{
    QString name; ///< Lower case.
    QString value;
};

} // namespace

static bool isAsciiLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

/// `name = value` of a known name, value not empty.
static std::optional<DirectiveLine> directiveIn(QStringView line)
{
    line = line.trimmed();
    qsizetype end = 0;
    while (end < line.size() &&
           (isAsciiLetter(line[end]) || (end > 0 && line[end] >= u'0' && line[end] <= u'9')))
        ++end;
    const QString name = line.first(end).toString().toLower();
    const QStringView rest = line.sliced(end).trimmed();
    if ((name != u"syntax" && name != u"escape" && name != u"check") || !rest.startsWith(u'='))
        return std::nullopt;
    const QStringView value = rest.sliced(1).trimmed();
    return value.isEmpty() ? std::nullopt : std::optional(DirectiveLine{name, value.toString()});
}

/// The value of `name` up to its first space, in lines that begin with the mark in their first column, below
/// a possible
/// "#!" line.
static QString valueAtMargin(const SourceText &source, const QString &name, const QString &mark)
{
    const qsizetype first = !source.lines().isEmpty() && source.line(0).startsWith(u"#!") ? 1 : 0;
    for (qsizetype i = first; i < source.lines().size() && source.line(i).startsWith(mark); ++i) {
        const auto directive = directiveIn(source.line(i).sliced(mark.size()));
        if (!directive)
            break;
        if (directive->name == name)
            return directive->value.section(u' ', 0, 0);
    }
    return {};
}

static QString syntaxOf(const SourceText &source)
{
    for (const QString &mark : {u"#"_s, u"//"_s}) {
        if (const QString value = valueAtMargin(source, u"syntax"_s, mark); !value.isEmpty())
            return value;
    }
    if (!QStringView(source.text()).trimmed().startsWith(u'{'))
        return {};
    return QJsonDocument::fromJson(source.text().toUtf8()).object().value(u"syntax").toString();
}

DirectiveScan scanDirectives(const SourceText &source)
{
    DirectiveScan scan;
    QSet<QString> seen;
    for (qsizetype i = 0; i < source.lines().size(); ++i) {
        const qsizetype begin = source.contentBegin(i);
        const qsizetype end = source.lines()[i].end;
        const QStringView line = QStringView(source.text()).sliced(begin, end - begin);
        const auto directive = line.startsWith(u'#') ? directiveIn(line.sliced(1)) : std::nullopt;
        if (!directive)
            break;
        scan.lineCount = i + 1;
        const auto report = [&](const QString &message) {
            scan.diagnostics.append({Severity::Error, message, source.range(begin, end)});
        };
        if (seen.contains(directive->name))
            report(u"only one %1 parser directive can be used"_s.arg(directive->name));
        else if (directive->name == u"escape" && directive->value != u"\\" && directive->value != u"`")
            report(u"invalid escape token '%1' does not match ` or \\"_s.arg(directive->value));
        else if (directive->name == u"escape")
            scan.directives.escape = directive->value.front();
        seen.insert(directive->name);
    }
    scan.directives.syntax = syntaxOf(source);
    scan.directives.check = valueAtMargin(source, u"check"_s, u"#"_s);
    return scan;
}

QStringList skippedChecksOf(const QString &comment)
{
    const auto directive = directiveIn(comment);
    if (!directive || directive->name != u"check")
        return {};
    const Result<CheckOptions> options = parseCheckOptions(directive->value.section(u' ', 0, 0));
    return options ? options->skip : QStringList();
}

} // namespace cooperage::dockerfile
