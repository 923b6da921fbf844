#include "app/images/imageorigin.h"

#include "app/background.h"
#include "app/images/imagecells.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

static QString tr(const char *text)
{
    return QCoreApplication::translate("ImageOrigin", text);
}

// The folder's name too: Dockerfiles are all called the same.
static QString shortName(const QString &dockerfile)
{
    const QFileInfo file(dockerfile);
    const QString folder = QFileInfo(file.path()).fileName();
    return folder.isEmpty() ? file.fileName() : folder + u'/' + file.fileName();
}

QString originText(const sessions::ImageOrigin &origin)
{
    const QString title = origin.title.simplified();
    const sessions::BuildPlace &place = origin.place;
    if (origin.kind == sessions::kind::run)
        return tr("run of %1: %2").arg(origin.baseIsNamed ? origin.base : shortId(origin.base), title);
    if (!place.dockerfile.isEmpty())
        return tr("built from %1, step %2 (line %3): %4")
            .arg(shortName(place.dockerfile))
            .arg(place.step)
            .arg(place.line)
            .arg(title);
    return title.isEmpty() ? QString() : tr("built: %1").arg(title);
}

QString placeText(const sessions::ImageOrigin &origin)
{
    const sessions::BuildPlace &place = origin.place;
    if (place.dockerfile.isEmpty())
        return origin.session.isEmpty() ? QString() : tr("Session %1").arg(origin.session);
    return tr("%1, line %2").arg(place.dockerfile).arg(place.line);
}

static void describe(QList<engine::ImageListRow> *rows, const QHash<QString, sessions::ImageOrigin> &origins)
{
    for (engine::ImageListRow &row : *rows) {
        const auto found = origins.constFind(row.image.uuid);
        if (found == origins.cend() || row.isPublic || row.originKind == "image_import"_L1)
            continue;
        row.originKind = found->kind;
        row.originText = originText(*found) + u'\n' + placeText(*found);
    }
}

void describeOrigins(QObject *context, const sessions::SessionStore &store, const engine::ImagePage &page,
                     const std::function<void(const engine::ImagePage &page)> &then)
{
    const auto describeAll = [file = store.file(), scope = store.engineScope(), page] {
        engine::ImagePage described = page;
        QStringList images;
        for (const engine::ImageListRow &row : page.rows)
            images.append(row.image.uuid);
        const auto opened = sessions::SessionStore::open(file, scope);
        // Without the sessions' database there still is what the engine says.
        const auto origins = opened ? sessions::ImageOrigins(**opened).of(images)
                                    : Result<QHash<QString, sessions::ImageOrigin>>();
        if (origins)
            describe(&described.rows, *origins);
        return described;
    };
    inBackground(context, describeAll, then);
}

} // namespace cooperage::gui
