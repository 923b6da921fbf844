#include "core/context/ignorerules.h"
#include "core/context/pathnames.h"
#include "tests/corpus/report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cooperage::corpus {

using namespace Qt::StringLiterals;
using context::IgnoreRule;
using context::IgnoreRules;

static QString nameOf(const QString &file, const QJsonObject &test)
{
    return file + u" case "_s + test[u"id"].toVariant().toString();
}

static QString decisionText(bool ignored)
{
    return ignored ? u"ignored"_s : u"not ignored"_s;
}

/// "ignored", "not ignored", or the error's message.
static QString decide(const QJsonObject &test)
{
    QList<IgnoreRule> list;
    for (const QJsonValue &pattern : test[u"patterns"].toArray())
        list.append({pattern.toString(), u"patterns"_s, int(list.size() + 1)});
    const Result<IgnoreRules> rules = IgnoreRules::compile(list);
    if (!rules)
        return rules.error().what;
    QString path = test[u"path"].toString();
    if (test[u"clean_path"].toBool())
        path = context::cleanPath(path);
    if (path == u".")
        return decisionText(false);
    const auto verdict = rules->decide(path);
    return verdict ? decisionText(verdict->ignored) : verdict.error().what;
}

static void runCase(const QString &file, const QJsonObject &test, Report &report)
{
    const QJsonValue error = test[u"error"];
    const QString expected = error.isString() ? error.toString() : decisionText(test[u"ignored"].toBool());
    const QString got = decide(test);
    if (expected == got)
        report.pass();
    else
        report.fail(nameOf(file, test), expected,
                    got + u"\nfor "_s +
                        QString::fromUtf8(QJsonDocument(test).toJson(QJsonDocument::Compact)));
}

static void runReading(const QString &file, const QJsonObject &test, Report &report)
{
    QStringList expected;
    for (const QJsonValue &pattern : test[u"patterns"].toArray())
        expected.append(pattern.toString());
    QStringList got;
    for (const IgnoreRule &rule : IgnoreRules::read(test[u"content"].toString(), file))
        got.append(rule.pattern);
    report.compare(nameOf(file, test), expected.join(u'\n'), got.join(u'\n'));
}

Result<> runIgnoreRules(const QString &file, Report &report)
{
    const Result<QByteArray> bytes = readFile(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(*bytes, &error).object();
    if (error.error != QJsonParseError::NoError)
        return failure(ErrorKind::BadInput, error.errorString(), file);
    for (const QJsonValue &test : root[u"files"].toArray())
        runReading(file, test.toObject(), report);
    for (const QJsonValue &test : root[u"cases"].toArray())
        runCase(file, test.toObject(), report);
    if (report.total() == 0)
        return failure(ErrorKind::BadInput, u"no case found under \"files\" or \"cases\""_s, file);
    return {};
}

} // namespace cooperage::corpus
