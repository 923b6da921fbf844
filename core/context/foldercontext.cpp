#include "core/context/foldercontext.h"

#include "core/context/contextroot.h"
#include "core/context/filehashing.h"
#include "core/context/folderwalk.h"
#include "core/context/hashcache.h"
#include "core/context/pathnames.h"
#include "core/context/sourceresolver.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QHash>

#include <fcntl.h>

namespace cooperage::context {

using namespace Qt::StringLiterals;

namespace {

SourceItem itemOf(const ContextRoot &root, const SourceMatch &match, const Found &found,
                  const QString &target)
{
    const Entry &entry = found.entry;
    const QString below = entry.path.mid(match.place.size());
    return {.hostPath = root.hostPath(entry.path),
            .contextPath = match.path.isEmpty() ? entry.path : match.path + below,
            .targetPath = target,
            .type = entry.type,
            .mode = entry.mode,
            .size = entry.size,
            .mtimeNs = entry.mtimeNs,
            .linkTarget = entry.linkTarget,
            .sha256 = found.sha256,
            .deviceMajor = entry.deviceMajor,
            .deviceMinor = entry.deviceMinor,
            .xattrs = entry.xattrs};
}

ResolvedMatch assemble(const ContextRoot &root, const SourceMatch &match)
{
    ResolvedMatch result{match.isFolder, lastComponent(match.path), match.mtimeNs, {}};
    const qsizetype prefix = match.place.isEmpty() ? 0 : match.place.size() + 1;
    QHash<std::pair<quint64, quint64>, QString> twins;
    for (const Found &found : match.found) {
        const QString target = match.isFolder ? found.entry.path.mid(prefix) : QString();
        SourceItem item = itemOf(root, match, found, target);
        if (found.hasTwins) {
            const QString first = twins.value({found.key.device, found.key.inode});
            item.twin = first;
            if (first.isEmpty())
                twins.insert({found.key.device, found.key.inode}, target);
        }
        result.items.append(item);
    }
    return result;
}

Result<QList<IgnoreRule>> readIgnoreFile(QFile &file, const QString &path)
{
    const QByteArray content = file.readAll();
    if (file.error() != QFile::NoError)
        return failure(ErrorKind::Denied,
                       QCoreApplication::translate("FolderContext", "Cannot read the ignore file: %1")
                           .arg(file.errorString()),
                       path, QCoreApplication::translate("FolderContext", "Check its permissions."));
    return IgnoreRules::read(QString::fromUtf8(content), QFileInfo(path).fileName());
}

// `.dockerignore` may be a link, and like all of the context it is not read from outside.
Result<QList<IgnoreRule>> readRootIgnoreFile(const ContextRoot &root)
{
    const auto place = root.placeOf(u".dockerignore"_s);
    if (!place && place.error().kind == ErrorKind::NotFound)
        return QList<IgnoreRule>();
    const auto found = place.and_then([&](const QString &there) { return root.look(there); });
    if (!found)
        return std::unexpected(found.error());
    if (!*found || (*found)->entry.type != EntryType::File)
        return failure(
            ErrorKind::BadInput, QCoreApplication::translate("FolderContext", ".dockerignore is not a file"),
            root.hostPath(*place), QCoreApplication::translate("FolderContext", "Rename or remove it."));
    const auto opened = root.openPlace(*place, O_RDONLY | O_NONBLOCK);
    if (!opened)
        return std::unexpected(opened.error());
    QFile file;
    if (!file.open(opened->get(), QIODevice::ReadOnly))
        return failure(ErrorKind::Failed, file.errorString(), root.hostPath(*place));
    return readIgnoreFile(file, root.hostPath(u".dockerignore"_s));
}

Result<QList<IgnoreRule>> readRules(const ContextRoot &root, const QString &dockerfile)
{
    QFile own(dockerfile + u".dockerignore"_s);
    if (dockerfile.isEmpty() || !QFileInfo(own).isFile())
        return readRootIgnoreFile(root);
    static_cast<void>(own.open(QIODevice::ReadOnly)); // A failure stays in error().
    return readIgnoreFile(own, own.fileName());
}

} // namespace

struct FolderContext::Private
{
    ContextRoot root;
    IgnoreRules rules;
    HashCache cache;
};

FolderContext::FolderContext() = default;
FolderContext::~FolderContext() = default;

Result<std::unique_ptr<FolderContext>> FolderContext::open(const QString &folder,
                                                           const FolderContextOptions &options)
{
    auto root = ContextRoot::open(folder);
    if (!root)
        return std::unexpected(root.error());
    const auto lines =
        options.readIgnoreFile ? readRules(*root, options.dockerfile) : Result<QList<IgnoreRule>>();
    if (!lines)
        return std::unexpected(lines.error());
    auto rules = IgnoreRules::compile(options.builtInExcludes ? IgnoreRules::builtIn() + *lines : *lines);
    if (!rules)
        return std::unexpected(rules.error());
    std::unique_ptr<FolderContext> context(new FolderContext);
    context->d.reset(new Private{*std::move(root), *std::move(rules), HashCache(options.hashCacheFile)});
    return context;
}

const QString &FolderContext::root() const
{
    return d->root.path();
}

const IgnoreRules &FolderContext::rules() const
{
    return d->rules;
}

Result<QList<Entry>> FolderContext::scan(std::stop_token stop) const
{
    FolderWalk walk(d->root, {{.rules = &d->rules, .skip = 0}}, std::move(stop));
    return walk.run({}).transform([](const QList<Found> &found) {
        QList<Entry> entries;
        entries.reserve(found.size());
        for (const Found &one : found)
            entries.append(one.entry);
        return entries;
    });
}

Result<ResolvedSource> FolderContext::resolve(const QString &source, const ResolveOptions &options,
                                              std::stop_token stop) const
{
    auto matches = SourceResolver(d->root, d->rules, options, stop).resolve(source);
    if (!matches)
        return std::unexpected(matches.error());
    QList<Found *> files;
    for (SourceMatch &match : *matches) {
        for (Found &found : match.found)
            files.append(&found);
    }
    if (const auto hashed = hashFiles(d->root, d->cache, files, stop); !hashed)
        return std::unexpected(hashed.error());
    ResolvedSource result{source, {}};
    for (SourceMatch &match : *matches) {
        for (Found &found : match.found) {
            if (found.entry.type == EntryType::File || found.entry.type == EntryType::Folder)
                found.entry.xattrs = d->root.xattrs(found.entry.path);
        }
        result.matches.append(assemble(d->root, match));
    }
    return result;
}

} // namespace cooperage::context
