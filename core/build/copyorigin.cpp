#include "core/build/copyorigin.h"

#include "core/context/glob.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("CopyOrigin", text);
}

Task<QList<OriginItem>> originItems(ImageTree *tree, CopyOrder order, std::stop_token stop)
{
    QList<OriginItem> items;
    for (const QString &pattern : std::as_const(order.originPaths)) {
        const Result<QStringList> paths = co_await tree->glob(order.origin->image, pattern, stop);
        if (!paths)
            co_return std::unexpected(paths.error());
        if (paths->isEmpty() && !context::Glob::hasWildcards(pattern))
            co_return failure(ErrorKind::NotFound,
                              tr("\"%1\": not found in the source of --from").arg(pattern), {},
                              tr("Check the path in the stage or image that --from names."));
        for (const QString &path : *paths) {
            const auto place = co_await tree->find(order.origin->image, path, stop);
            if (!place)
                co_return std::unexpected(place.error());
            if (place->has_value())
                items << OriginItem{(*place)->path, context::lastComponent(path), (*place)->item.isFolder};
        }
    }
    co_return items;
}

} // namespace cooperage::build
