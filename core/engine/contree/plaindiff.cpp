#include "core/engine/contree/diffs.h"
#include "core/engine/contree/images.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

namespace {

using Kind = ImageChange::Kind;

/// A folder that is still to be compared.
struct Folder
{
    QString path;
    bool inImage = true;
    bool inBase = true;
};

/// The comparison as far as it has come.
struct Comparison
{
    QList<ImageChange> changes{};
    QList<Folder> folders{};

    void compare(const Folder &folder, const QList<FileItem> &items, const QList<FileItem> &baseItems);
    void added(const FileItem &item, const QString &path);
    void removed(const FileItem &item, const QString &path);
    void both(const FileItem &item, const FileItem &base, const QString &path);
};

} // namespace

static constexpr quint32 typeBits = 0170000;

void Comparison::added(const FileItem &item, const QString &path)
{
    changes.append({.kind = Kind::Added, .path = path, .size = item.size, .mode = item.mode});
    if (item.isFolder)
        folders.append({path, true, false});
}

void Comparison::removed(const FileItem &item, const QString &path)
{
    changes.append({.kind = Kind::Removed, .path = path, .baseSize = item.size, .baseMode = item.mode});
    if (item.isFolder)
        folders.append({path, false, true});
}

void Comparison::both(const FileItem &item, const FileItem &base, const QString &path)
{
    const bool type = (item.mode & typeBits) != (base.mode & typeBits);
    // A folder's size and time say only that something in it changed.
    const bool content = type || item.linkTarget != base.linkTarget ||
                         (item.isRegular && (item.size != base.size || item.mtime != base.mtime));
    if (content || item.mode != base.mode || item.uid != base.uid || item.gid != base.gid)
        changes.append({Kind::Changed, path, content, item.size, item.mode, base.size, base.mode});
    if (item.isFolder || base.isFolder)
        folders.append({path, item.isFolder, base.isFolder});
}

void Comparison::compare(const Folder &folder, const QList<FileItem> &items, const QList<FileItem> &baseItems)
{
    const QString prefix = folder.path.endsWith(u'/') ? folder.path : folder.path + u'/';
    QHash<QString, FileItem> bases;
    for (const FileItem &base : baseItems)
        bases.insert(base.name, base);
    for (const FileItem &item : items) {
        if (const auto base = bases.constFind(item.name); base != bases.cend()) {
            both(item, *base, prefix + item.name);
            bases.erase(base);
        } else {
            added(item, prefix + item.name);
        }
    }
    for (const FileItem &base : std::as_const(bases))
        removed(base, prefix + base.name);
}

// Empty for a folder that is not there; `missing` then counts.
static Task<QList<FileItem>> listIf(TransportPtr transport, bool wanted, QString image, QString path,
                                    int *missing, std::stop_token stop)
{
    if (!wanted || image.isEmpty()) {
        ++*missing;
        co_return QList<FileItem>();
    }
    auto items = co_await listFolder(transport, image, path, stop);
    if (!items && items.error().kind == ErrorKind::NotFound) {
        ++*missing;
        co_return QList<FileItem>();
    }
    co_return items;
}

static ImageDiff inOrder(QList<ImageChange> changes, int limit)
{
    std::ranges::sort(changes, {}, &ImageChange::path);
    const auto count = [&](Kind kind) { return std::ranges::count(changes, kind, &ImageChange::kind); };
    ImageDiff diff{.added = count(Kind::Added),
                   .changed = count(Kind::Changed),
                   .removed = count(Kind::Removed),
                   .truncated = changes.size() > limit};
    changes.resize(std::min<qsizetype>(changes.size(), limit));
    diff.changes = std::move(changes);
    return diff;
}

Task<ImageDiff> diffOfListings(TransportPtr transport, QString image, QString base, QString path, int limit,
                               std::stop_token stop)
{
    Comparison comparison;
    comparison.folders.append({path.isEmpty() ? u"/"_s : path});
    bool first = true;
    while (!comparison.folders.isEmpty()) {
        const Folder folder = comparison.folders.takeLast();
        int missing = 0;
        const auto items = co_await listIf(transport, folder.inImage, image, folder.path, &missing, stop);
        if (!items)
            co_return std::unexpected(items.error());
        const auto baseItems = co_await listIf(transport, folder.inBase, base, folder.path, &missing, stop);
        if (!baseItems)
            co_return std::unexpected(baseItems.error());
        if (std::exchange(first, false) && missing == 2)
            co_return failure(ErrorKind::NotFound,
                              QCoreApplication::translate("Engine", "Neither image has this folder"), path);
        comparison.compare(folder, *items, *baseItems);
    }
    co_return inOrder(std::move(comparison.changes), limit);
}

} // namespace cooperage::engine::contree
