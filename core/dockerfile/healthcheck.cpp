#include "core/dockerfile/checkerror.h"
#include "core/dockerfile/goduration.h"
#include "core/dockerfile/goquote.h"

#include <QRegularExpression>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

static QString intervalError(const Flag &flag)
{
    const auto duration = parseGoDuration(*flag.value);
    if (!duration)
        return duration.error();
    if (duration->count() != 0 && *duration < std::chrono::milliseconds(1))
        return u"Interval "_s + goQuoted(flag.name) + u" cannot be less than 1ms"_s;
    return {};
}

static QString retriesError(const QString &value)
{
    static const QRegularExpression number(u"^[+-]?[0-9]+\\z"_s);
    const QString prefix = u"strconv.ParseInt: parsing "_s + goQuoted(value);
    if (!number.match(value).hasMatch())
        return prefix + u": invalid syntax"_s;
    bool fits = false;
    const int retries = value.toInt(&fits);
    if (!fits)
        return prefix + u": value out of range"_s;
    return retries < 0 ? u"--retries cannot be negative (%1)"_s.arg(retries) : QString();
}

static std::optional<CheckError> checkValues(const Instruction &instruction)
{
    for (const QString &name :
         {u"interval"_s, u"timeout"_s, u"start-period"_s, u"start-interval"_s, u"retries"_s}) {
        for (const Flag &flag : instruction.flags) {
            if (flag.name != name || flag.value->isEmpty())
                continue;
            const QString error = name == u"retries" ? retriesError(*flag.value) : intervalError(flag);
            if (!error.isEmpty())
                return CheckError{error, flag.range};
        }
    }
    return std::nullopt;
}

std::optional<CheckError> checkHealthcheck(const Instruction &instruction, const Directives &directives)
{
    if (instruction.words.isEmpty())
        return CheckError{u"HEALTHCHECK requires at least one argument"_s, instruction.range};
    const Word &first = instruction.words.first();
    const QString type = first.text.toUpper();
    const bool hasCommand = instruction.words.size() > 1;
    if (type == u"NONE") {
        if (hasCommand)
            return CheckError{u"HEALTHCHECK NONE takes no arguments"_s, instruction.range};
        return std::nullopt;
    }
    if (auto error = checkFlags(instruction, directives))
        return error;
    if (type != u"CMD")
        return CheckError{u"Unknown type "_s + goQuoted(type) + u" in HEALTHCHECK (try CMD)"_s, first.range};
    if (!hasCommand)
        return CheckError{u"Missing command after HEALTHCHECK CMD"_s, instruction.range};
    return checkValues(instruction);
}

} // namespace cooperage::dockerfile
