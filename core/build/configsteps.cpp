#include "core/build/configsteps.h"

#include "core/dockerfile/goduration.h"
#include "core/dockerfile/goquote.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Keyword;

static QString tr(const char *text)
{
    return QCoreApplication::translate("ConfigStep", text);
}

// The names that Docker knows on Linux, or a number but 0.
static bool isSignal(const QString &text)
{
    static const QString names =
        u"ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|"
        "SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(\\+([1-9]|1[0-5]))?|"
        "RTMAX(-([1-9]|1[0-4]))?"_s;
    static const QRegularExpression form(u"^(SIG)?("_s + names + u")$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber ? number != 0 : form.match(text).hasMatch();
}

// As Go prints a list of strings: ["a" "b"].
static QString quotedList(const QStringList &items)
{
    QStringList quoted;
    for (const QString &item : items)
        quoted << dockerfile::goQuoted(item);
    return u'[' + quoted.join(u' ') + u']';
}

QStringList ConfigStep::commandLine() const
{
    QStringList result;
    for (const dockerfile::Word &word : instruction.words)
        result << word.text;
    if (instruction.isJson())
        return result;
    return shell + QStringList{result.join(u' ')};
}

Result<QString> ConfigStep::expanded(const QString &text) const
{
    return dockerfile::expand(text, lookup, {.escape = escape})
        .transform([](const dockerfile::Expansion &result) { return result.text; });
}

Result<QString> ConfigStep::apply()
{
    switch (instruction.keyword) {
    case Keyword::Cmd:
        config[u"Cmd"_s] = QJsonArray::fromStringList(commandLine());
        config[u"ArgsEscaped"_s] = true;
        return u"CMD "_s + quotedList(commandLine());
    case Keyword::Entrypoint:
        config[u"Entrypoint"_s] = QJsonArray::fromStringList(commandLine());
        if (!commandSetHere)
            config.remove(u"Cmd"_s);
        return u"ENTRYPOINT "_s + quotedList(commandLine());
    case Keyword::Shell:
        config[u"Shell"_s] = QJsonArray::fromStringList(commandLine());
        return u"SHELL ["_s + commandLine().join(u' ') + u']';
    case Keyword::Label:
        return applyLabel();
    case Keyword::Expose:
        return applyExpose();
    case Keyword::Volume:
        return applyVolume();
    case Keyword::Stopsignal:
        return applyStopSignal();
    case Keyword::Healthcheck:
        return applyHealthcheck();
    case Keyword::Onbuild:
        applyOnbuild();
        return QString();
    default:
        return failure(ErrorKind::BadInput, tr("This instruction cannot be carried out here."));
    }
}

Result<QString> ConfigStep::applyLabel()
{
    QJsonObject labels = config[u"Labels"_s].toObject();
    QStringList history;
    for (const dockerfile::KeyValue &pair : instruction.pairs) {
        const Result<QString> name = expanded(pair.key.text);
        const Result<QString> value = expanded(pair.value.text);
        if (!name || !value)
            return std::unexpected(name ? value.error() : name.error());
        labels[*name] = *value;
        history << *name + u'=' + *value;
    }
    config[u"Labels"_s] = labels;
    return u"LABEL "_s + history.join(u' ');
}

Result<QString> ConfigStep::applyExpose()
{
    QStringList specifications;
    for (const dockerfile::Word &word : instruction.words) {
        const auto words = dockerfile::expandWords(word.text, lookup, {.escape = escape});
        if (!words)
            return std::unexpected(words.error());
        specifications << words->words;
    }
    std::ranges::sort(specifications);
    QJsonObject ports = config[u"ExposedPorts"_s].toObject();
    QMap<QString, QString> history; // BuildKit prints the map that it has made.
    for (const QString &specification : specifications) {
        const Result<QStringList> found = exposedPorts(specification);
        if (!found)
            return std::unexpected(found.error());
        for (const QString &port : *found) {
            ports[port] = QJsonObject();
            history[port] = port + u":{}"_s;
        }
    }
    config[u"ExposedPorts"_s] = ports;
    return u"EXPOSE map["_s + history.values().join(u' ') + u']';
}

Result<QString> ConfigStep::applyVolume()
{
    QJsonObject volumes = config[u"Volumes"_s].toObject();
    QStringList history;
    for (const dockerfile::Word &word : instruction.words) {
        const Result<QString> path = expanded(word.text);
        if (!path)
            return path;
        if (path->trimmed().isEmpty())
            return failure(ErrorKind::BadInput, tr("VOLUME specified can not be an empty string"));
        volumes[path->trimmed()] = QJsonObject();
        history << path->trimmed();
    }
    config[u"Volumes"_s] = volumes;
    return u"VOLUME ["_s + history.join(u' ') + u']';
}

Result<QString> ConfigStep::applyStopSignal()
{
    const Result<QString> signal = expanded(instruction.words.value(0).text);
    if (!signal)
        return signal;
    if (!isSignal(*signal))
        return failure(ErrorKind::BadInput, tr("invalid signal: %1").arg(*signal));
    config[u"StopSignal"_s] = *signal;
    return u"STOPSIGNAL "_s + *signal;
}

Result<QString> ConfigStep::applyHealthcheck()
{
    static const std::pair<const char *, QString> durations[] = {{"interval", u"Interval"_s},
                                                                 {"timeout", u"Timeout"_s},
                                                                 {"start-period", u"StartPeriod"_s},
                                                                 {"start-interval", u"StartInterval"_s}};
    QStringList words;
    for (const dockerfile::Word &word : instruction.words)
        words << word.text;
    const bool none = words.value(0).compare("NONE"_L1, Qt::CaseInsensitive) == 0;
    QStringList test = none                   ? QStringList{u"NONE"_s}
                       : instruction.isJson() ? QStringList{u"CMD"_s} + words.sliced(1)
                                              : QStringList{u"CMD-SHELL"_s, words.sliced(1).join(u' ')};
    QJsonObject check{{u"Test"_s, QJsonArray::fromStringList(test)}};
    for (const auto &[flag, field] : durations) {
        const auto text = instruction.flag(QString::fromLatin1(flag));
        if (!text)
            continue;
        const auto duration = dockerfile::parseGoDuration(*text);
        if (!duration)
            return failure(ErrorKind::BadInput, duration.error());
        const qint64 nanoseconds = duration->count();
        if (nanoseconds != 0 && nanoseconds < 1'000'000)
            return failure(ErrorKind::BadInput,
                           tr("Interval \"%1\" cannot be less than 1ms").arg(QLatin1StringView(flag)));
        if (nanoseconds != 0)
            check[field] = nanoseconds;
    }
    if (const auto text = instruction.flag(u"retries")) {
        bool isNumber = false;
        const int retries = text->toInt(&isNumber);
        if (!isNumber || retries < 0)
            return failure(ErrorKind::BadInput, tr("--retries cannot be negative (%1)").arg(*text));
        if (retries > 0)
            check[u"Retries"_s] = retries;
    }
    config[u"Healthcheck"_s] = check;
    // As Go prints the structure with %q: the number of retries becomes a character.
    QStringList fields{quotedList(test)};
    for (const auto &[flag, field] : durations)
        fields << dockerfile::goQuoted(
            dockerfile::goDuration(std::chrono::nanoseconds(check[field].toInteger())));
    fields << dockerfile::goQuotedCharacter(static_cast<char32_t>(check[u"Retries"_s].toInt()));
    return u"HEALTHCHECK &{"_s + fields.join(u' ') + u'}';
}

void ConfigStep::applyOnbuild()
{
    // The text after the keyword, with the heredoc bodies that belong to it.
    QString text =
        instruction.original.sliced(std::min(instruction.original.size(), instruction.keywordText.size()));
    text = text.trimmed();
    if (instruction.trigger) {
        for (const dockerfile::Heredoc &heredoc : instruction.trigger->heredocs)
            text += u'\n' + heredoc.body + heredoc.delimiter;
    }
    QJsonArray triggers = config[u"OnBuild"_s].toArray();
    triggers.append(text);
    config[u"OnBuild"_s] = triggers;
}

} // namespace cooperage::build
