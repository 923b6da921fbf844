#include "core/build/instructioncheck.h"

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

static Result<> checkRun(const Instruction &instruction)
{
    if (instruction.flag(u"mount"))
        return unsupported(
            tr("RUN --mount is not supported yet"),
            tr("Use COPY for files of the build context or of another stage, and drop cache mounts."));
    if (instruction.flag(u"device"))
        return unsupported(tr("RUN --device is not supported"));
    const QString network = instruction.flag(u"network").value_or(u"default"_s);
    if (network == "host"_L1)
        return unsupported(tr("RUN --network=host is not supported: steps have a network of their own"),
                           tr("Drop the flag."));
    if (network != "default"_L1 && network != "none"_L1)
        return failure(ErrorKind::BadInput, tr("invalid network mode \"%1\"").arg(network));
    const QString security = instruction.flag(u"security").value_or(u"sandbox"_s);
    if (security == "insecure"_L1)
        return unsupported(tr("RUN --security=insecure is not supported"), tr("Drop the flag."));
    if (security != "sandbox"_L1)
        return failure(ErrorKind::BadInput, tr("security \"%1\" is not valid").arg(security));
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

Result<> checkSupported(const Instruction &instruction)
{
    if (instruction.keyword == Keyword::Run)
        return checkRun(instruction);
    if (instruction.keyword == Keyword::Copy || instruction.keyword == Keyword::Add)
        return checkCopy(instruction);
    return {};
}

} // namespace cooperage::build
