#include "core/build/imagetree.h"

#include "core/context/glob.h"
#include "core/context/pathnames.h"

#include <QBuffer>
#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::FileItem;
using engine::Task;

static constexpr int maxLinks = 40;

static engine::FileItem rootItem()
{
    engine::FileItem item;
    item.isFolder = true;
    item.mode = 0755;
    return item;
}

static QString below(const QString &folder, const QString &name)
{
    return folder.endsWith(u'/') ? folder + name : folder + u'/' + name;
}

// A folder that is missing, or a file in its place, has no entries.
Task<QList<FileItem>> ImageTree::list(QString image, QString folder, std::stop_token stop)
{
    if (image.isEmpty())
        co_return QList<FileItem>();
    const QString key = image + u':' + folder;
    if (const auto known = m_lists.constFind(key); known != m_lists.constEnd())
        co_return *known;
    Result<QList<FileItem>> items = co_await m_engine->list(image, folder, stop);
    if (!items) {
        const ErrorKind kind = items.error().kind;
        if (kind != ErrorKind::NotFound && kind != ErrorKind::BadInput)
            co_return std::unexpected(items.error());
        items = QList<FileItem>();
    }
    m_lists.insert(key, *items);
    co_return *items;
}

// Links and `..` in front of what is still to be looked at; "." says nothing.
static QStringList ahead(const QString &target, const QStringList &waiting)
{
    QStringList result = target.split(u'/', Qt::SkipEmptyParts) + waiting;
    result.removeAll(u"."_s);
    return result;
}

Task<ResolvedPlace> ImageTree::resolve(QString image, QString path, std::stop_token stop)
{
    QStringList waiting = ahead(context::cleanPath(path), {});
    ResolvedPlace place{u"/"_s, rootItem()};
    int links = 0;
    while (!waiting.isEmpty()) {
        const QString name = waiting.takeFirst();
        if (name == ".."_L1) {
            place = {context::cleanPath(place.path + u"/.."_s), rootItem()};
            continue;
        }
        const bool isFolder = place.item && place.item->isFolder;
        const Result<QList<FileItem>> items = co_await list(isFolder ? image : QString(), place.path, stop);
        if (!items)
            co_return std::unexpected(items.error());
        const auto item = std::ranges::find(*items, name, &FileItem::name);
        if (item == items->end()) { // What is missing has no links: the rest is taken by its letters.
            place = {below(place.path, name), std::nullopt};
            continue;
        }
        if (!item->isSymlink) {
            place = {below(place.path, name), *item};
            continue;
        }
        if (++links > maxLinks)
            co_return failure(ErrorKind::BadInput,
                              QCoreApplication::translate("ImageTree", "Too many links at %1").arg(path));
        if (item->linkTarget.startsWith(u'/'))
            place.path = u"/"_s;
        place.item = rootItem();
        waiting = ahead(item->linkTarget, waiting);
    }
    if (place.path == "/"_L1)
        place.item = rootItem();
    co_return place;
}

Task<std::optional<ImagePlace>> ImageTree::find(QString image, QString path, std::stop_token stop)
{
    const Result<ResolvedPlace> place = co_await resolve(image, path, stop);
    if (!place)
        co_return std::unexpected(place.error());
    if (!place->item)
        co_return std::optional<ImagePlace>();
    co_return std::optional(ImagePlace{place->path, *place->item});
}

Task<QStringList> ImageTree::glob(QString image, QString pattern, std::stop_token stop)
{
    QStringList found{u"/"_s};
    for (const QString &component : context::cleanPath(pattern).split(u'/', Qt::SkipEmptyParts)) {
        const auto compiled = context::Glob::compile(component);
        if (!compiled)
            co_return failure(
                ErrorKind::BadInput,
                QCoreApplication::translate("ImageTree", "syntax error in pattern %1").arg(pattern));
        QStringList next;
        for (const QString &folder : std::as_const(found)) {
            if (!context::Glob::hasWildcards(component)) {
                next << below(folder, context::Glob::unescaped(component));
                continue;
            }
            const auto place = co_await find(image, folder, stop);
            if (!place)
                co_return std::unexpected(place.error());
            if (!place->has_value())
                continue;
            const Result<QList<FileItem>> items = co_await list(image, (*place)->path, stop);
            if (!items)
                co_return std::unexpected(items.error());
            for (const FileItem &item : *items) {
                if (compiled->matches(item.name))
                    next << below(folder, item.name);
            }
        }
        found = next;
    }
    QStringList existing;
    for (const QString &path : std::as_const(found)) {
        const auto place = co_await find(image, path, stop);
        if (!place)
            co_return std::unexpected(place.error());
        if (place->has_value())
            existing << path;
    }
    existing.sort();
    co_return existing;
}

Task<std::optional<QByteArray>> ImageTree::read(QString image, QString path, std::stop_token stop)
{
    if (image.isEmpty())
        co_return std::optional<QByteArray>();
    const QString key = image + u':' + path;
    if (const auto known = m_files.constFind(key); known != m_files.constEnd())
        co_return *known;
    std::optional<QByteArray> bytes;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const Result<> done = co_await m_engine->download(image, path, &buffer, stop);
    if (!done && done.error().kind != ErrorKind::NotFound && done.error().kind != ErrorKind::BadInput)
        co_return std::unexpected(done.error());
    if (done)
        bytes = buffer.data();
    m_files.insert(key, bytes);
    co_return bytes;
}

} // namespace cooperage::build
