#include "core/dockerfile/checkerror.h"
#include "core/dockerfile/goquote.h"
#include "core/dockerfile/mountoptions.h"
#include "core/dockerfile/suggestion.h"

#include <QMap>
#include <QSet>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

namespace {

enum class FlagType { Bool, String, List };
using FlagTypes = QMap<QString, FlagType>;

} // namespace

static const FlagTypes &flagTypesOf(Keyword keyword)
{
    static const QMap<Keyword, FlagTypes> types{
        {Keyword::Add,
         {{u"chown"_s, FlagType::String},
          {u"chmod"_s, FlagType::String},
          {u"link"_s, FlagType::Bool},
          {u"keep-git-dir"_s, FlagType::Bool},
          {u"checksum"_s, FlagType::String},
          {u"exclude"_s, FlagType::List},
          {u"unpack"_s, FlagType::Bool}}},
        {Keyword::Copy,
         {{u"from"_s, FlagType::String},
          {u"chown"_s, FlagType::String},
          {u"chmod"_s, FlagType::String},
          {u"link"_s, FlagType::Bool},
          {u"parents"_s, FlagType::Bool},
          {u"exclude"_s, FlagType::List}}},
        {Keyword::From, {{u"platform"_s, FlagType::String}}},
        {Keyword::Healthcheck,
         {{u"interval"_s, FlagType::String},
          {u"timeout"_s, FlagType::String},
          {u"start-period"_s, FlagType::String},
          {u"start-interval"_s, FlagType::String},
          {u"retries"_s, FlagType::String}}},
        {Keyword::Run,
         {{u"mount"_s, FlagType::List},
          {u"network"_s, FlagType::String},
          {u"security"_s, FlagType::String},
          {u"device"_s, FlagType::List}}},
    };
    static const FlagTypes none;
    const auto found = types.constFind(keyword);
    return found == types.constEnd() ? none : *found;
}

/// What is wrong with a flag's value, as far as its type says.
static QString valueError(const Flag &flag, FlagType type)
{
    if (type != FlagType::Bool)
        return flag.value ? QString() : u"missing a value on flag: --"_s + flag.name;
    if (!flag.value)
        return {};
    if (flag.value->isEmpty())
        return u"missing a value on flag: --"_s + flag.name;
    const QString lower = flag.value->toLower();
    if (lower == u"true" || lower == u"false")
        return {};
    return u"expecting boolean value for flag --"_s + flag.name + u", not: "_s + *flag.value;
}

/// RUN: values that the flags do not take, found once all flags are known to be well formed (spec 3.2).
static QString runFlagError(const Flag &flag, const Directives &directives)
{
    const QString value = flag.value.value_or(QString());
    if (flag.name == u"mount") {
        const Result<QString> from = mountFrom(value); // All else is examined in stages that are built.
        return from ? QString() : from.error().what;
    }
    if (flag.name == u"network" && !QStringList{u"default"_s, u"none"_s, u"host"_s}.contains(value))
        return u"invalid network mode "_s + goQuoted(value);
    if (flag.name == u"security" && value != u"sandbox" && value != u"insecure")
        return u"security "_s + goQuoted(value) + u" is not valid"_s;
    if (flag.name == u"device" && !directives.syntax.contains(u"labs"))
        return u"device feature is only supported in Dockerfile frontend 1.14.0-labs or later"_s;
    return {};
}

std::optional<CheckError> checkFlags(const Instruction &instruction, const Directives &directives)
{
    const FlagTypes &types = flagTypesOf(instruction.keyword);
    QSet<QString> seen;
    for (const Flag &flag : instruction.flags) {
        const auto type = types.constFind(flag.name);
        if (type == types.constEnd())
            return CheckError{u"unknown flag: --"_s + flag.name +
                                  suggestionFor(flag.name, types.keys(), Qt::CaseSensitive),
                              flag.range};
        if (seen.contains(flag.name) && *type != FlagType::List)
            return CheckError{u"duplicate flag specified: --"_s + flag.name, flag.range};
        seen.insert(flag.name);
        if (const QString error = valueError(flag, *type); !error.isEmpty())
            return CheckError{error, flag.range};
    }
    if (instruction.keyword != Keyword::Run)
        return std::nullopt;
    for (const Flag &flag : instruction.flags) {
        if (const QString error = runFlagError(flag, directives); !error.isEmpty())
            return CheckError{error, flag.range};
    }
    return std::nullopt;
}

} // namespace cooperage::dockerfile
