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

static bool isOn(const std::optional<QString> &flag)
{
    return flag && flag->compare("false"_L1, Qt::CaseInsensitive) != 0 && *flag != "0"_L1 &&
           flag->compare("f"_L1, Qt::CaseInsensitive) != 0;
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

static bool isGitSource(const QString &source)
{
    return source.startsWith("git@"_L1) || source.startsWith("git://"_L1) || source.startsWith("ssh://"_L1) ||
           (source.startsWith("http"_L1) && source.section(u'#', 0, 0).endsWith(".git"_L1));
}

static Result<> checkCopy(const Instruction &instruction)
{
    if (isOn(instruction.flag(u"parents")))
        return unsupported(tr("COPY --parents is not supported yet"),
                           tr("Name the destination folder of each source."));
    if (isOn(instruction.flag(u"keep-git-dir")))
        return unsupported(tr("ADD --keep-git-dir is not supported: git sources are not"));
    for (const dockerfile::Word &word : instruction.words) {
        const bool isAdd = instruction.keyword == Keyword::Add;
        const bool isUrl = word.text.startsWith("http://"_L1) || word.text.startsWith("https://"_L1);
        if (isGitSource(word.text))
            return isAdd ? unsupported(tr("ADD of a git repository is not supported yet"),
                                       tr("Clone it beside the Dockerfile and COPY the checkout."))
                         : Result<>(failure(ErrorKind::BadInput, tr("source can't be a git ref for COPY")));
        if (isUrl && !isAdd)
            return failure(ErrorKind::BadInput, tr("source can't be a URL for COPY"), {}, tr("Use ADD."));
    }
    return {};
}

Result<> checkSupported(const Instruction &instruction, const QString &network)
{
    if (instruction.keyword == Keyword::Run)
        return checkRun(instruction, network);
    if (instruction.keyword == Keyword::Copy || instruction.keyword == Keyword::Add)
        return checkCopy(instruction);
    return {};
}

} // namespace cooperage::build
