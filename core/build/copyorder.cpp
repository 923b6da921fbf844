#include "core/build/copyorder.h"

#include "core/base/sha256.h"
#include "core/build/origins.h"
#include "core/context/pathnames.h"
#include "core/dockerfile/parser.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using context::ResolvedSource;
using dockerfile::Heredoc;
using dockerfile::Instruction;
using dockerfile::Keyword;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("CopyOrder", text);
}

static bool isUrl(const QString &source)
{
    return source.startsWith("http://"_L1) || source.startsWith("https://"_L1);
}

static const Heredoc *heredocAt(const Instruction &instruction, const dockerfile::Word &word)
{
    const auto found = std::ranges::find_if(instruction.heredocs, [&word](const Heredoc &heredoc) {
        return heredoc.opener.begin == word.range.begin && heredoc.opener.end == word.range.end;
    });
    return found == instruction.heredocs.end() ? nullptr : &*found;
}

static Result<std::optional<quint32>> readMode(const Instruction &instruction, const StageState &state)
{
    const auto flag = instruction.flag(u"chmod");
    if (!flag)
        return std::optional<quint32>();
    const Result<QString> text = state.expand(*flag);
    if (!text)
        return std::unexpected(text.error());
    bool isNumber = false;
    const quint32 mode = text->toUInt(&isNumber, 8);
    if (isNumber && mode <= 07777)
        return std::optional(mode);
    if (!text->isEmpty() && !text->at(0).isDigit())
        return failure(ErrorKind::Unsupported, tr("symbolic --chmod modes are not supported yet"), {},
                       tr("Write the mode as an octal number, such as 755."));
    return failure(
        ErrorKind::BadInput,
        tr("invalid chmod parameter: '%1'. it should be octal string and between 0 and 07777").arg(*text));
}

// Everything of the directive that needs no look at any file; returns the path and URL sources.
static Result<QStringList> readWords(const Instruction &instruction, const StageState &state,
                                     CopyOrder *order)
{
    const Result<std::optional<quint32>> mode = readMode(instruction, state);
    const Result<QString> chown = state.expand(instruction.flag(u"chown").value_or(QString()));
    const Result<QString> destination = state.expand(instruction.words.last().text);
    if (!mode || !chown || !destination)
        return std::unexpected(!mode ? mode.error() : !chown ? chown.error() : destination.error());
    order->chmod = *mode;
    order->chown = *chown;
    order->destination = state.absolute(*destination);
    order->unpack = instruction.keyword == Keyword::Add && instruction.flag(u"unpack") != u"false"_s;
    QStringList sources;
    for (const dockerfile::Word &word : instruction.words.first(instruction.words.size() - 1)) {
        if (const Heredoc *heredoc = heredocAt(instruction, word)) {
            const Result<QString> body =
                heredoc->expand ? state.expandHeredoc(heredoc->content()) : heredoc->content();
            if (!body)
                return std::unexpected(body.error());
            order->heredocs << InlineFile{heredoc->delimiter, body->toUtf8()};
            continue;
        }
        const Result<QString> source = state.expand(word.text);
        if (!source)
            return std::unexpected(source.error());
        sources << *source;
    }
    order->sourceIsAmbiguous = sources.size() + order->heredocs.size() > 1;
    return sources;
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

static Result<> verifyChecksum(const Instruction &instruction, const StageState &state,
                               const CopyOrder &order, qsizetype sourceCount)
{
    const auto flag = instruction.flag(u"checksum");
    if (!flag)
        return {};
    const Result<QString> expected = state.expand(*flag);
    if (!expected)
        return std::unexpected(expected.error());
    if (sourceCount != 1)
        return failure(ErrorKind::BadInput, tr("checksum can't be specified for multiple sources"));
    if (order.urls.isEmpty())
        return failure(ErrorKind::BadInput, tr("checksum requires HTTP(S) or Git sources"));
    const QString actual = u"sha256:"_s + QString::fromLatin1(order.urls.first().file.sha256);
    if (actual != *expected)
        return failure(ErrorKind::Failed,
                       tr("digest mismatch: the URL's content has %1, expected %2").arg(actual, *expected),
                       {}, tr("Check the URL; if the new content is right, change --checksum."));
    return {};
}

Task<CopyOrder> copyOrder(const Preparation *preparation, PlannedStep step, StageState state)
{
    const Instruction &instruction = preparation->plan->instruction(step);
    CopyOrder order;
    const Result<QStringList> sources = readWords(instruction, state, &order);
    if (!sources)
        co_return std::unexpected(sources.error());
    const context::ResolveOptions options{excludes(instruction)};
    if (step.from && !options.exclude.isEmpty())
        co_return failure(ErrorKind::Unsupported,
                          tr("COPY --exclude together with --from is not supported yet"), {},
                          tr("Copy the wanted files one by one."));
    if (step.from) {
        Result<CopyOrigin> origin = co_await originOf(preparation, step, *step.from);
        if (!origin)
            co_return std::unexpected(origin.error());
        order.origin = std::move(*origin);
        for (const QString &source : *sources)
            order.originPaths << context::cleanPath(u'/' + source);
        co_return order;
    }
    for (const QString &source : *sources) {
        if (isUrl(source)) {
            Result<AddedUrl> url = co_await preparation->surroundings->url(source, step);
            if (!url)
                co_return std::unexpected(url.error());
            order.urls << *url;
            continue;
        }
        auto work = [context = preparation->context, source, options, stop = preparation->stop] {
            return context->resolve(source, options, stop);
        };
        Result<ResolvedSource> resolved = co_await inBackground(std::move(work));
        if (!resolved)
            co_return std::unexpected(resolved.error());
        order.local << *resolved;
    }
    if (const Result<> fine = verifyChecksum(instruction, state, order, sources->size()); !fine)
        co_return std::unexpected(fine.error());
    co_return order;
}

QString placedPath(const QString &destination, bool intoFolder, const QString &targetPath,
                   const QString &baseName)
{
    if (!targetPath.isEmpty())
        return context::joinPath(destination.endsWith(u'/') ? destination.chopped(1) : destination,
                                 targetPath);
    if (!intoFolder)
        return destination;
    return (destination.endsWith(u'/') ? destination : destination + u'/') + baseName;
}

QJsonObject copyContribution(const CopyOrder &order)
{
    QJsonArray names;
    for (const ResolvedSource &source : order.local)
        names.append(QJsonArray{source.baseName, source.isFolder});
    QJsonObject result{{u"destination"_s, order.destination}, {u"names"_s, names}};
    if (!order.chown.isEmpty())
        result[u"chown"_s] = order.chown;
    if (order.chmod)
        result[u"chmod"_s] = u"%1"_s.arg(*order.chmod, 4, 8, QChar(u'0'));
    if (order.unpack)
        result[u"unpack"_s] = true;
    if (order.origin) {
        result[u"from"_s] = QString::fromLatin1(order.origin->key);
        result[u"sources"_s] = QJsonArray::fromStringList(order.originPaths);
    }
    return result;
}

QJsonArray stagedFiles(const CopyOrder &order)
{
    QJsonArray result;
    const auto id = [&order](const QString &part) {
        bool isNumber = false;
        const uint value = part.toUInt(&isNumber);
        return part.isEmpty() ? QJsonValue(0)
               : isNumber     ? QJsonValue(static_cast<qint64>(value))
                              : QJsonValue(part);
    };
    const QString user = order.chown.section(u':', 0, 0);
    const QString group = order.chown.contains(u':') ? order.chown.section(u':', 1) : user;
    const auto entry = [&](const QString &path, quint32 mode, const QByteArray &sha) {
        return QJsonObject{{u"gid"_s, id(group)},
                           {u"mode"_s, u"%1"_s.arg(order.chmod.value_or(mode), 4, 8, QChar(u'0'))},
                           {u"path"_s, path},
                           {u"sha"_s, QString::fromLatin1(sha)},
                           {u"uid"_s, id(user)}};
    };
    const bool intoFolder = order.destination.endsWith(u'/');
    for (const ResolvedSource &source : order.local) {
        for (const context::SourceItem &item : source.items) {
            const QString path = placedPath(order.destination, intoFolder, item.targetPath, source.baseName);
            QJsonObject json = entry(path, item.mode, item.sha256);
            if (item.type == context::EntryType::Symlink)
                json[u"target"_s] = item.linkTarget;
            if (item.type == context::EntryType::Folder)
                json[u"type"_s] = u"folder"_s;
            result.append(json);
        }
    }
    for (const InlineFile &file : order.heredocs)
        result.append(
            entry(placedPath(order.destination, intoFolder, {}, file.name), 0644, Sha256::hex(file.content)));
    for (const AddedUrl &url : order.urls)
        result.append(entry(placedPath(order.destination, intoFolder, {}, url.name), 0600, url.file.sha256));
    return result;
}

QString copyHistory(const Instruction &instruction, const StageState &state)
{
    QStringList parts{dockerfile::keywordName(instruction.keyword)};
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
