#include "app/cli/imagecopy.h"

#include "app/cli/support.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

QString absoluteImagePath(const QString &path)
{
    return QDir::cleanPath(u"/"_s + path);
}

static QString parentOf(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash <= 0 ? u"/"_s : path.first(slash);
}

static engine::Task<engine::FileItem> itemAt(engine::Engine *engine, QString image, QString path,
                                             std::stop_token stop)
{
    if (path == "/"_L1)
        co_return engine::FileItem{.name = u"/"_s, .isFolder = true};
    const auto siblings = co_await engine->list(image, parentOf(path), stop);
    if (!siblings)
        co_return std::unexpected(siblings.error());
    const QString name = path.sliced(path.lastIndexOf(u'/') + 1);
    for (const engine::FileItem &item : *siblings) {
        if (item.name == name)
            co_return item;
    }
    co_return failure(ErrorKind::NotFound, Texts::tr("The image has no such file"), path);
}

Result<QList<engine::FileItem>> itemsAt(engine::Engine &engine, const QString &image, const QString &path)
{
    auto items = await(engine.list(image, path, interrupted()));
    if (items || path == "/"_L1 || items.error().kind == ErrorKind::Cancelled)
        return items;
    const auto single = await(itemAt(&engine, image, path, interrupted()));
    if (!single || single->isFolder)
        return items;
    return QList{*single};
}

// A name from the image must not lead out of the folder that is being filled.
static bool isSafeName(const QString &name)
{
    return !name.isEmpty() && name != "."_L1 && name != ".."_L1 && !name.contains(u'/') &&
           !name.contains(QChar(0));
}

static engine::Task<> copyFile(engine::Engine *engine, QString image, QString path, engine::FileItem item,
                               QString target, std::stop_token stop)
{
    QSaveFile file(target);
    if (!file.open(QFile::WriteOnly))
        co_return failure(ErrorKind::Failed, file.errorString(), target);
    const auto done = co_await engine->download(image, path, &file, stop);
    if (!done)
        co_return done;
    const auto bits = [&item](quint32 shift) { return (item.mode >> shift) & 7U; };
    file.setPermissions(
        QFile::Permissions::fromInt(static_cast<int>(bits(6) << 12 | bits(6) << 8 | bits(3) << 4 | bits(0))));
    if (!file.commit())
        co_return failure(ErrorKind::Failed, file.errorString(), target);
    co_return Result<>{};
}

static Result<> makeLink(const engine::FileItem &item, const QString &target)
{
    QFile::remove(target);
    if (QFile::link(item.linkTarget, target))
        return {};
    return failure(ErrorKind::Failed, Texts::tr("Cannot make the link"), target);
}

static engine::Task<> copyItem(engine::Engine *engine, QString image, QString path, engine::FileItem item,
                               QString target, std::stop_token stop)
{
    if (item.isSymlink)
        co_return makeLink(item, target);
    if (item.isRegular)
        co_return co_await copyFile(engine, image, path, item, target, stop);
    if (!item.isFolder) {
        printError(Texts::tr("cooperage: skipped %1: a device, pipe or socket").arg(path));
        co_return Result<>{};
    }
    const QFileInfo existing(target);
    if (existing.isSymLink() || !QDir().mkpath(target))
        co_return failure(ErrorKind::Failed, Texts::tr("Cannot make the folder"), target);
    const auto children = co_await engine->list(image, path, stop);
    if (!children)
        co_return std::unexpected(children.error());
    for (const engine::FileItem &child : *children) {
        if (!isSafeName(child.name))
            co_return failure(ErrorKind::Failed, Texts::tr("The engine's listing holds a name that is none"),
                              path);
        const QString from = (path == "/"_L1 ? u"/"_s : path + u'/') + child.name;
        const auto copied = co_await copyItem(engine, image, from, child, target + u'/' + child.name, stop);
        if (!copied)
            co_return copied;
    }
    co_return Result<>{};
}

engine::Task<> copyOut(engine::Engine *engine, QString image, QString path, QString destination,
                       std::stop_token stop)
{
    const auto item = co_await itemAt(engine, image, path, stop);
    if (!item)
        co_return std::unexpected(item.error());
    QString target = QDir::cleanPath(destination);
    if (QFileInfo(target).isDir() && path != "/"_L1)
        target += u'/' + item->name;
    co_return co_await copyItem(engine, image, path, *item, target, stop);
}

} // namespace cooperage::cli
