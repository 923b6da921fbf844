#include "core/dockerfile/expansion.h"
#include "tests/corpus/report.h"

#include <QDir>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cooperage::corpus {

using namespace Qt::StringLiterals;
using dockerfile::Expansion;
using dockerfile::VariableLookup;
using Variables = QHash<QString, QString>;

static VariableLookup lookupIn(const Variables &variables)
{
    return [&variables](const QString &name) {
        const auto found = variables.constFind(name);
        return found == variables.constEnd() ? std::nullopt : std::optional(*found);
    };
}

/// The lines of a text file of cases, comments and empty lines blanked, so that the numbers stay.
static Result<QStringList> readLines(const QString &path)
{
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    QStringList lines = QString::fromUtf8(*bytes).split(u'\n');
    for (QString &line : lines) {
        if (line.startsWith(u'#'))
            line.clear();
        if (line.endsWith(u'\r'))
            line.chop(1);
    }
    return lines;
}

static void compareResult(const QString &name, const QString &expected, const Result<QString> &got,
                          Report &report)
{
    if (!got && expected == u"error")
        report.pass();
    else
        report.compare(name, expected, got ? *got : u"error: "_s + got.error().what);
}

/// Lines `tag|word|result`.
static Result<> runWordFile(const QString &path, Report &report)
{
    const Result<QStringList> lines = readLines(path);
    if (!lines)
        return std::unexpected(lines.error());
    const Variables variables{
        {u"PWD"_s, u"/home"_s}, {u"SHELL"_s, u"bash"_s}, {u"KOREAN"_s, u"한국어"_s}, {u"NULL"_s, u""_s}};
    for (qsizetype i = 0; i < lines->size(); ++i) {
        const QStringList parts = lines->at(i).split(u'|');
        if (lines->at(i).trimmed().isEmpty() || parts.first().trimmed() == u"W")
            continue;
        const QString name = u"%1:%2: "_s.arg(path).arg(i + 1) + lines->at(i);
        if (parts.size() != 3)
            return failure(ErrorKind::BadInput, u"not of the form tag|word|result"_s, name);
        const auto result =
            dockerfile::expand(parts[1].trimmed(), lookupIn(variables)).transform([](const Expansion &e) {
                return e.text;
            });
        compareResult(name, parts[2].trimmed(), result, report);
    }
    return {};
}

static QString withoutLeadingSpaces(QString text)
{
    while (text.startsWith(u' '))
        text.remove(0, 1);
    return text;
}

/// Lines `text|word,word` and `ENV name=value`.
static Result<> runWordsFile(const QString &path, Report &report)
{
    const Result<QStringList> lines = readLines(path);
    if (!lines)
        return std::unexpected(lines.error());
    Variables variables;
    for (qsizetype i = 0; i < lines->size(); ++i) {
        const QString &line = lines->at(i);
        const QString name = u"%1:%2: "_s.arg(path).arg(i + 1) + line;
        const qsizetype bar = line.indexOf(u'|');
        if (line.trimmed().isEmpty())
            continue;
        if (line.startsWith(u"ENV ") && line.contains(u'=')) {
            const QString assignment = withoutLeadingSpaces(line.mid(4));
            variables[assignment.section(u'=', 0, 0)] = assignment.section(u'=', 1);
            continue;
        }
        if (bar < 0)
            return failure(ErrorKind::BadInput, u"not of the form text|words"_s, name);
        const auto result = dockerfile::expandWords(line.first(bar).trimmed(), lookupIn(variables))
                                .transform([](const Expansion &e) { return e.words.join(u','); });
        compareResult(name, withoutLeadingSpaces(line.mid(bar + 1)), result, report);
    }
    return {};
}

static QString joined(QStringList names)
{
    names.sort();
    return names.join(u' ');
}

static QStringList stringsOf(const QJsonValue &array)
{
    QStringList strings;
    for (const QJsonValue &value : array.toArray())
        strings.append(value.toString());
    return strings;
}

static void runModifierCase(const QString &name, const QJsonObject &test, Report &report)
{
    Variables variables;
    const QJsonObject environment = test[u"env"].toObject();
    for (auto it = environment.begin(); it != environment.end(); ++it)
        variables[it.key()] = it.value().toString();
    const auto result = dockerfile::expand(test[u"input"].toString(), lookupIn(variables));
    if (test[u"error"].toBool()) {
        const QString part = test[u"error_contains"].toString();
        if (!result && result.error().what.contains(part))
            report.pass();
        else
            report.fail(name, u"error "_s + part, result ? result->text : result.error().what);
        return;
    }
    if (!result) {
        report.fail(name, test[u"expected"].toString(), u"error: "_s + result.error().what);
        return;
    }
    QString expected = test[u"expected"].toString();
    QString got = result->text;
    const auto compareNames = [&](const QString &key, const QSet<QString> &names) {
        if (!test[key].isArray())
            return;
        expected += u"\n%1: "_s.arg(key) + joined(stringsOf(test[key]));
        got += u"\n%1: "_s.arg(key) + joined(names.values());
    };
    compareNames(u"matched"_s, result->matched);
    compareNames(u"unmatched"_s, result->unmatched);
    report.compare(name, expected, got);
}

static Result<> runModifierFile(const QString &path, Report &report)
{
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(*bytes, &error).object();
    if (error.error != QJsonParseError::NoError)
        return failure(ErrorKind::BadInput, error.errorString(), path);
    for (const QJsonValue &value : root[u"cases"].toArray()) {
        const QJsonObject test = value.toObject();
        runModifierCase(u"%1 case %2: "_s.arg(path, test[u"id"].toVariant().toString()) +
                            test[u"input"].toString(),
                        test, report);
    }
    return {};
}

Result<> runExpansion(const QString &folder, Report &report)
{
    const QDir dir(folder);
    Result<> result;
    if (dir.exists(u"envVarTest"_s))
        result = runWordFile(dir.filePath(u"envVarTest"_s), report);
    if (result && dir.exists(u"wordsTest"_s))
        result = runWordsFile(dir.filePath(u"wordsTest"_s), report);
    if (result && dir.exists(u"modifiers.json"_s))
        result = runModifierFile(dir.filePath(u"modifiers.json"_s), report);
    if (result && report.total() == 0)
        return failure(ErrorKind::BadInput, u"no case found in envVarTest, wordsTest or modifiers.json"_s,
                       folder);
    return result;
}

} // namespace cooperage::corpus
