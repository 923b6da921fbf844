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

Task<std::optional<ImagePlace>> ImageTree::find(QString image, QString path, std::stop_token stop)
{
    QStringList waiting = context::cleanPath(path).split(u'/', Qt::SkipEmptyParts);
    ImagePlace place{u"/"_s, rootItem()};
    int links = 0;
    while (!waiting.isEmpty()) {
        const QString name = waiting.takeFirst();
        if (name == ".."_L1) {
            place.path = context::cleanPath(place.path + u"/.."_s);
            continue;
        }
        if (!place.item.isFolder)
            co_return std::optional<ImagePlace>();
        const Result<QList<FileItem>> items = co_await list(image, place.path, stop);
        if (!items)
            co_return std::unexpected(items.error());
        const auto item = std::ranges::find(*items, name, &FileItem::name);
        if (item == items->end())
            co_return std::optional<ImagePlace>();
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
        waiting = item->linkTarget.split(u'/', Qt::SkipEmptyParts) + waiting;
        waiting.removeAll(u"."_s);
    }
    if (place.path == "/"_L1)
        place.item = rootItem();
    co_return std::optional(place);
}

Task<bool> ImageTree::isFolder(QString image, QString path, std::stop_token stop)
{
    const auto place = co_await find(image, path, stop);
    if (!place)
        co_return std::unexpected(place.error());
    co_return place->has_value() && (*place)->item.isFolder;
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
