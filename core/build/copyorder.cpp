#include "core/build/copyorder.h"

#include "core/build/copysources.h"
#include "core/build/origins.h"
#include "core/dockerfile/parser.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Heredoc;
using dockerfile::Instruction;
using dockerfile::Keyword;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("CopyOrder", text);
}

static const Heredoc *heredocAt(const Instruction &instruction, const dockerfile::Word &word)
{
    const auto found = std::ranges::find_if(instruction.heredocs, [&word](const Heredoc &heredoc) {
        return heredoc.opener.begin == word.range.begin && heredoc.opener.end == word.range.end;
    });
    return found == instruction.heredocs.end() ? nullptr : &*found;
}

static Result<std::optional<context::ModeChange>> readMode(const Instruction &instruction,
                                                           const StageState &state)
{
    const Result<QString> text = state.expand(instruction.flag(u"chmod").value_or(QString()));
    if (!text)
        return std::unexpected(text.error());
    if (text->isEmpty())
        return std::optional<context::ModeChange>();
    if (const auto change = context::ModeChange::parse(*text))
        return std::optional(*change);
    if (!text->at(0).isDigit())
        return failure(
            ErrorKind::BadInput, tr("invalid syntax"), {},
            tr("Write the mode as an octal number, such as 755, or as chmod takes it: \"u=rwX,go=rX\"."));
    return failure(
        ErrorKind::BadInput,
        tr("invalid chmod parameter: '%1'. it should be octal string and between 0 and 07777").arg(*text));
}

static bool isOn(const Instruction &instruction, QStringView flag)
{
    const auto value = instruction.flag(flag);
    return value && value->compare("false"_L1, Qt::CaseInsensitive) != 0;
}

static QStringList excludes(const Instruction &instruction)
{
    QStringList result;
    for (const dockerfile::Flag &flag : instruction.flags) {
        if (flag.name == "exclude"_L1)
            result << flag.value.value_or(QString());
    }
    return result;
}

// Everything of the directive but its sources.
static Result<CopyOrder> readFlags(const Instruction &instruction, const StageState &state)
{
    const auto mode = readMode(instruction, state);
    const Result<QString> chown = state.expand(instruction.flag(u"chown").value_or(QString()));
    const Result<QString> destination = state.expand(instruction.words.last().text);
    if (!mode || !chown || !destination)
        return std::unexpected(!mode ? mode.error() : !chown ? chown.error() : destination.error());
    CopyOrder order;
    order.chmod = *mode;
    order.chown = *chown;
    order.destination = state.absolute(*destination);
    const bool isAdd = instruction.keyword == Keyword::Add;
    order.unpack = isAdd && (!instruction.flag(u"unpack") || isOn(instruction, u"unpack"));
    order.unpackUrls = isAdd && isOn(instruction, u"unpack");
    order.link = isOn(instruction, u"link") && !order.chmod; // BuildKit drops it then, too.
    order.parents = isOn(instruction, u"parents");
    order.exclude = excludes(instruction);
    return order;
}

static Result<InlineFile> inlineFile(const Heredoc &heredoc, const StageState &state)
{
    const Result<QString> body =
        heredoc.expand ? state.expandHeredoc(heredoc.content()) : Result<QString>(heredoc.content());
    if (!body)
        return std::unexpected(body.error());
    return InlineFile{heredoc.delimiter, body->toUtf8()};
}

Task<CopyOrder> copyOrder(const Preparation *preparation, PlannedStep step, StageState state)
{
    const Instruction &instruction = preparation->plan->instruction(step);
    Result<CopyOrder> order = readFlags(instruction, state);
    if (!order)
        co_return std::unexpected(order.error());
    if (step.from) {
        Result<CopyOrigin> origin = co_await originOf(preparation, step, *step.from);
        if (!origin)
            co_return std::unexpected(origin.error());
        order->origin = std::move(*origin);
    }
    QList<CopySource> heredocs;
    QStringList words;
    for (const dockerfile::Word &word : instruction.words.first(instruction.words.size() - 1)) {
        if (const Heredoc *heredoc = heredocAt(instruction, word)) {
            const Result<InlineFile> file = inlineFile(*heredoc, state);
            if (!file)
                co_return std::unexpected(file.error());
            heredocs << *file;
            continue;
        }
        const Result<QString> text = state.expand(word.text);
        if (!text)
            co_return std::unexpected(text.error());
        words << *text;
    }
    const Result<QString> checksum = state.expand(instruction.flag(u"checksum").value_or(QString()));
    if (!checksum)
        co_return std::unexpected(checksum.error());
    if (!checksum->isEmpty() && words.size() + heredocs.size() != 1)
        co_return failure(ErrorKind::BadInput, tr("checksum can't be specified for multiple sources"));
    const SourceFlags flags{instruction.keyword == Keyword::Add, *checksum, keepGitDirFlag(instruction)};
    for (const QString &word : std::as_const(words)) {
        Result<CopySource> source = co_await findSource(preparation, step, *order, word, flags);
        if (!source)
            co_return std::unexpected(source.error());
        order->sources << *std::move(source);
    }
    order->sources << heredocs;
    co_return *std::move(order);
}

QString copyHistory(const Instruction &instruction, const StageState &state)
{
    QStringList parts{dockerfile::keywordName(instruction.keyword)};
    if (isOn(instruction, u"parents"))
        parts << u"--parents"_s;
    for (const QString &flag : {u"chown"_s, u"chmod"_s}) {
        if (const auto value = instruction.flag(flag))
            parts << u"--%1=%2"_s.arg(flag, state.expand(*value).value_or(*value));
    }
    for (const dockerfile::Word &word : instruction.words) {
        const Heredoc *heredoc = heredocAt(instruction, word);
        parts << (heredoc ? u"<<"_s + heredoc->delimiter : state.expand(word.text).value_or(word.text));
    }
    return parts.join(u' ') + u" # buildkit"_s;
}

} // namespace cooperage::build
