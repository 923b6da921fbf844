#include "core/build/instructioncheck.h"

#include "core/dockerfile/mountoptions.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Keyword;

static QString tr(const char *text)
{
    return QCoreApplication::translate("InstructionCheck", text);
}

static Result<> unsupported(const QString &what, const QString &next = {})
{
    return failure(ErrorKind::Unsupported, what, {}, next);
}

// Where nothing is to be expanded the mount is read already: better now than when its step is reached.
static Result<> checkMount(const QString &value)
{
    if (value.contains(u'$') || value.contains(u'\\') || value.contains(u'\'') || value.contains(u'"'))
        return {};
    const auto asWritten = [](const QString &text) { return Result<QString>(text); };
    return dockerfile::readMount(value, asWritten).transform([](const auto &) {});
}

static Result<> checkRun(const Instruction &instruction, const QString &network)
{
    for (const dockerfile::Flag &flag : instruction.flags) {
        if (flag.name != "mount"_L1)
            continue;
        if (const Result<> fine = checkMount(flag.value.value_or(QString())); !fine)
            return fine;
    }
    if (instruction.flag(u"device"))
        return unsupported(tr("RUN --device is not supported: engines give their steps no devices"));
    if (instruction.flag(u"network") == u"host"_s && network != "host"_L1)
        return failure(ErrorKind::Denied, tr("network.host is not allowed"), {},
                       tr("Allow it with --network=host, or drop the flag."));
    if (instruction.flag(u"security") == u"insecure"_s)
        return failure(ErrorKind::Denied, tr("security.insecure is not allowed"), {},
                       tr("Steps run in a sandbox with few rights: drop the flag."));
    return {};
}

Result<> checkSupported(const Instruction &instruction, const QString &network)
{
    if (instruction.keyword == Keyword::Run)
        return checkRun(instruction, network);
    return {};
}

bool onlySetsConfig(Keyword keyword)
{
    switch (keyword) {
    case Keyword::Cmd:
    case Keyword::Entrypoint:
    case Keyword::Label:
    case Keyword::Expose:
    case Keyword::Volume:
    case Keyword::Stopsignal:
    case Keyword::Healthcheck:
    case Keyword::Onbuild:
    case Keyword::Maintainer:
        return true;
    default:
        return false;
    }
}

} // namespace cooperage::build
