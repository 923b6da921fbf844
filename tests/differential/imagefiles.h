#pragma once

#include "core/base/sha256.h"

#include <QByteArray>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace cooperage::test {

/// One inode of an image's merged tree.
struct FileState
{
    QString type;
    QString mode;
    QString owner;     ///< "uid:gid"
    QString content{}; ///< "size digest" of a file, the target of a link, the number of a device.
    QString attributes{};
    qint64 mtime = 0;
};

/// What a docker-archive holds: the config, and the tree that its layers make together. Written anew here, so
/// that no mistake of the product's own readers can hide one of its writers.
struct ImageFiles
{
    QJsonObject config{};
    QMap<QString, std::shared_ptr<FileState>> tree{}; ///< By path; further names share their inode.
    qsizetype layers = 0;

    [[nodiscard]] static ImageFiles of(const QString &archivePath);

    /// The first of the names of that inode.
    [[nodiscard]] QHash<const FileState *, QString> firstNames() const
    {
        QHash<const FileState *, QString> names;
        for (auto it = tree.cbegin(); it != tree.cend(); ++it) {
            if (!names.contains(it->get()))
                names[it->get()] = it.key();
        }
        return names;
    }
};

namespace detail {

struct ReadEnd
{
    void operator()(archive *a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, ReadEnd>;

inline QByteArray contentOf(archive *a)
{
    QByteArray content;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (la_ssize_t got = 1; got > 0;) {
        got = archive_read_data(a, buffer.data(), static_cast<size_t>(buffer.size()));
        if (got > 0)
            content.append(buffer.constData(), static_cast<qsizetype>(got));
    }
    return content;
}

inline QString typeName(archive_entry *entry)
{
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
        return QStringLiteral("file");
    case AE_IFDIR:
        return QStringLiteral("folder");
    case AE_IFLNK:
        return QStringLiteral("link");
    case AE_IFCHR:
        return QStringLiteral("character device");
    case AE_IFBLK:
        return QStringLiteral("block device");
    default:
        return QStringLiteral("pipe");
    }
}

inline QString attributesOf(archive_entry *entry)
{
    QStringList attributes;
    const char *name = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
        attributes
            << QString::fromUtf8(name) + u'=' +
                   QString::fromLatin1(
                       QByteArray(static_cast<const char *>(value), static_cast<qsizetype>(size)).toHex());
    attributes.sort();
    return attributes.join(u' ');
}

inline std::shared_ptr<FileState> stateOf(archive *a, archive_entry *entry)
{
    const auto state = std::make_shared<FileState>();
    state->type = typeName(entry);
    state->mode = QString::number(archive_entry_perm(entry), 8);
    state->owner = QStringLiteral("%1:%2").arg(archive_entry_uid(entry)).arg(archive_entry_gid(entry));
    state->attributes = attributesOf(entry);
    state->mtime = archive_entry_mtime(entry);
    if (archive_entry_filetype(entry) == AE_IFREG) {
        const QByteArray content = contentOf(a);
        state->content = QString::number(content.size()) + u' ' + QString::fromLatin1(Sha256::hex(content));
    } else if (const char *target = archive_entry_symlink(entry)) {
        state->content = QString::fromUtf8(target);
    } else if (const dev_t device = archive_entry_rdev(entry)) {
        state->content = QString::number(device);
    }
    return state;
}

inline void removeTree(ImageFiles *image, const QString &path, bool itself)
{
    for (auto it = image->tree.begin(); it != image->tree.end();) {
        const bool gone = it.key().startsWith(path + u'/') || (itself && it.key() == path);
        it = gone ? image->tree.erase(it) : std::next(it);
    }
}

inline void stack(ImageFiles *image, const QByteArray &layer)
{
    const Reader reader(archive_read_new());
    archive_read_support_format_tar(reader.get());
    archive_read_support_filter_all(reader.get());
    archive_read_open_memory(reader.get(), layer.constData(), static_cast<size_t>(layer.size()));
    ++image->layers;
    for (archive_entry *entry = nullptr; archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK;) {
        QString path = QString::fromUtf8(archive_entry_pathname(entry));
        path = u'/' + path.mid(path.startsWith(QLatin1StringView("./")) ? 2 : path.startsWith(u'/') ? 1 : 0);
        if (path.endsWith(u'/'))
            path.chop(1);
        if (path.isEmpty())
            continue;
        const QString parent = path.section(u'/', 0, -2);
        const QString name = path.section(u'/', -1);
        if (name == QLatin1StringView(".wh..wh..opq")) {
            removeTree(image, parent, false);
        } else if (name.startsWith(QLatin1StringView(".wh."))) {
            removeTree(image, parent + u'/' + name.mid(4), true);
        } else if (const char *twin = archive_entry_hardlink(entry)) {
            QString target = QString::fromUtf8(twin);
            target = u'/' + target.mid(target.startsWith(u'/') ? 1 : 0);
            image->tree[path] = image->tree.value(target);
        } else {
            const auto state = stateOf(reader.get(), entry);
            if (state->type != QLatin1StringView("folder"))
                removeTree(image, path, false);
            image->tree[path] = state;
        }
    }
}

} // namespace detail

inline ImageFiles ImageFiles::of(const QString &archivePath)
{
    const detail::Reader reader(archive_read_new());
    archive_read_support_format_tar(reader.get());
    archive_read_open_filename(reader.get(), archivePath.toUtf8().constData(), 1 << 20);
    QMap<QString, QByteArray> members;
    for (archive_entry *entry = nullptr; archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK;)
        members[QString::fromUtf8(archive_entry_pathname(entry))] = detail::contentOf(reader.get());
    const QJsonObject manifest =
        QJsonDocument::fromJson(members[QStringLiteral("manifest.json")])[0].toObject();
    ImageFiles image;
    image.config = QJsonDocument::fromJson(members[manifest[QStringLiteral("Config")].toString()]).object();
    for (const QJsonValue layer : manifest[QStringLiteral("Layers")].toArray())
        detail::stack(&image, members[layer.toString()]);
    return image;
}

} // namespace cooperage::test
