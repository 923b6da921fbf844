#include "core/build/copyorigin.h"

#include "core/context/glob.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>

namespace cooperage::build {

using context::Glob;
using engine::Task;

static std::unexpected<Error> notFound(const QString &path)
{
    return failure(
        ErrorKind::NotFound, QCoreApplication::translate("CopyOrigin", "\"%1\": not found").arg(path), {},
        QCoreApplication::translate("CopyOrigin", "Check the path in the stage or image that --from names."));
}

Task<QList<OriginItem>> originItems(ImageTree *tree, QString image, OriginSource source, std::stop_token stop)
{
    QList<OriginItem> items;
    const Result<QStringList> paths = co_await tree->glob(image, source.path, stop);
    if (!paths)
        co_return std::unexpected(paths.error());
    const bool isPattern = Glob::hasWildcards(source.path);
    if (paths->isEmpty() && !isPattern)
        co_return notFound(source.path);
    const QString wanted =
        context::joinPath(source.path == u"/" ? QString() : source.path, source.include.value(0));
    if (!isPattern && !source.include.isEmpty() && !Glob::hasWildcards(wanted)) {
        const auto place = co_await tree->find(image, Glob::unescaped(u'/' + wanted), stop);
        if (!place)
            co_return std::unexpected(place.error());
        if (!place->has_value())
            co_return notFound(context::cleanPath(u'/' + wanted));
    }
    for (const QString &path : *paths) {
        const auto place = co_await tree->find(image, path, stop);
        if (!place)
            co_return std::unexpected(place.error());
        if (place->has_value())
            items << OriginItem{(*place)->path, context::lastComponent(path), (*place)->item.isFolder};
    }
    co_return items;
}

} // namespace cooperage::build
