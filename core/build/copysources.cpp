#include "core/build/copysources.h"

#include "core/context/pathnames.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using context::GitSource;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("CopySources", text);
}

static bool isUrl(const QString &source)
{
    return source.startsWith("http://"_L1) || source.startsWith("https://"_L1);
}

std::optional<bool> keepGitDirFlag(const dockerfile::Instruction &instruction)
{
    const auto value = instruction.flag(u"keep-git-dir");
    return value ? std::optional(value->compare("false"_L1, Qt::CaseInsensitive) != 0) : std::nullopt;
}

static Task<CopySource> findGit(const Preparation *preparation, PlannedStep step, QString word,
                                SourceFlags flags)
{
    Result<GitSource> source = context::parseGitSource(word);
    if (!source)
        co_return std::unexpected(source.error());
    if (flags.keepGitDir && source->keepGitDir && *flags.keepGitDir != *source->keepGitDir)
        co_return failure(ErrorKind::BadInput, tr("inconsistent keep-git-dir configuration"));
    if (!flags.checksum.isEmpty() && !source->checksum.isEmpty() && source->checksum != flags.checksum)
        co_return failure(ErrorKind::BadInput,
                          tr("checksum conflicts: \"%1\" vs \"%2\"").arg(source->checksum, flags.checksum));
    if (!flags.checksum.isEmpty())
        source->checksum = flags.checksum;
    const bool keep = flags.keepGitDir.value_or(source->keepGitDir.value_or(false));
    const Result<QString> commit = co_await preparation->surroundings->commit(*source, step);
    if (!commit)
        co_return std::unexpected(commit.error());
    co_return CopySource(AddedGit{*source, *commit, keep});
}

static Task<CopySource> findUrl(const Preparation *preparation, PlannedStep step, QString word,
                                SourceFlags flags)
{
    const QString prefix = u"sha256:"_s;
    if (!flags.checksum.isEmpty() && (!flags.checksum.startsWith(prefix) || flags.checksum.size() != 71))
        co_return failure(ErrorKind::BadInput, tr("invalid checksum \"%1\"").arg(flags.checksum), {},
                          tr("Write it as sha256: and 64 hex digits."));
    const QByteArray expected = flags.checksum.mid(prefix.size()).toLower().toLatin1();
    const Result<AddedUrl> url = co_await preparation->surroundings->url(word, expected, step);
    if (!url)
        co_return std::unexpected(url.error());
    if (!expected.isEmpty() && url->file.sha256 != expected)
        co_return failure(ErrorKind::Failed,
                          tr("digest mismatch for %1: %2 (expected: %3)")
                              .arg(QUrl(word).toString(QUrl::RemoveUserInfo),
                                   prefix + QString::fromLatin1(url->file.sha256), flags.checksum),
                          {}, tr("Check the URL; if the new content is right, change --checksum."));
    co_return CopySource(*url);
}

static Result<OriginSource> originSource(const CopyOrder &order, const QString &word)
{
    if (!order.parents)
        return OriginSource{context::cleanPath(u'/' + word)};
    const context::ParentsSource parts = context::splitAtPivot(word);
    OriginSource source{context::cleanPath(u'/' + parts.folder)};
    if (!parts.pattern.isEmpty())
        source.include << parts.pattern;
    return source;
}

Task<CopySource> findSource(const Preparation *preparation, PlannedStep step, CopyOrder order, QString word,
                            SourceFlags flags)
{
    const bool isGit = context::isGitSource(word);
    if (isGit && !flags.isAdd)
        co_return failure(ErrorKind::BadInput, tr("source can't be a git ref for COPY"), {}, tr("Use ADD."));
    if (isGit)
        co_return co_await findGit(preparation, step, word, flags);
    if (isUrl(word) && !flags.isAdd)
        co_return failure(ErrorKind::BadInput, tr("source can't be a URL for COPY"), {}, tr("Use ADD."));
    if (isUrl(word))
        co_return co_await findUrl(preparation, step, word, flags);
    if (!flags.checksum.isEmpty())
        co_return failure(ErrorKind::BadInput, tr("checksum requires HTTP(S) or Git sources"));
    if (order.origin) {
        const Result<OriginSource> origin = originSource(order, word);
        if (!origin)
            co_return std::unexpected(origin.error());
        co_return CopySource(*origin);
    }
    const context::ResolveOptions options{order.exclude, order.parents};
    auto work = [context = preparation->context, word, options, stop = preparation->stop] {
        return context->resolve(word, options, stop);
    };
    Result<context::ResolvedSource> resolved = co_await inBackground(std::move(work));
    if (!resolved)
        co_return std::unexpected(resolved.error());
    co_return CopySource(*resolved);
}

} // namespace cooperage::build
