#pragma once

#include "tests/differential/imagefiles.h"

#include <QMap>
#include <QStringList>

namespace cooperage::test {

/// What two images differ in: what ("config.Env", "history 3 created_by", "/etc/x owner") -> the two values.
using Differences = QMap<QString, QString>;

namespace detail {

inline bool isNothing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined() || value == QJsonValue(QString()) ||
           value == QJsonValue(false) || (value.isArray() && value.toArray().isEmpty()) ||
           (value.isObject() && value.toObject().isEmpty());
}

inline QString shown(const QJsonValue &value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

inline void compare(const QString &what, const QString &docker, const QString &ours, Differences *found)
{
    if (docker != ours)
        found->insert(what, QStringLiteral("Docker %1, we %2").arg(docker, ours));
}

/// Field by field; a field that holds nothing is as good as absent (OCI leaves empty fields out).
inline void compare(const QString &what, const QJsonObject &docker, const QJsonObject &ours,
                    const QStringList &left, Differences *found)
{
    QStringList names = docker.keys() + ours.keys();
    names.removeDuplicates();
    for (const QString &name : std::as_const(names)) {
        const QJsonValue theirs = docker[name];
        const QJsonValue own = ours[name];
        if (!left.contains(name) && theirs != own && !(isNothing(theirs) && isNothing(own)))
            compare(what + name, shown(theirs), shown(own), found);
    }
}

inline void compareHistory(const QJsonArray &docker, const QJsonArray &ours, bool times, Differences *found)
{
    compare(QStringLiteral("history length"), QString::number(docker.size()), QString::number(ours.size()),
            found);
    const QStringList left = times ? QStringList() : QStringList{QStringLiteral("created")};
    for (qsizetype i = 0; i < std::max(docker.size(), ours.size()); ++i)
        compare(QStringLiteral("history %1 ").arg(i), docker.at(i).toObject(), ours.at(i).toObject(), left,
                found);
}

/// Whatever is made in a folder changes the folder's time, so only what is no folder is looked at. A file of
/// the context, of a base or of an archive keeps its time to the second (as Docker's layers have it); what
/// the build makes has a time within the build.
inline void compareTime(const QString &path, qint64 docker, qint64 ours, qint64 start, Differences *found)
{
    if (docker != ours && (docker < start || ours < start))
        compare(path + QStringLiteral(" time"), QString::number(docker), QString::number(ours), found);
}

} // namespace detail

/// `start`: when the builds began, in seconds since 1970. `times`: the image's times are told, so they count.
inline Differences differences(const ImageFiles &docker, const ImageFiles &ours, qint64 start, bool times)
{
    using namespace detail;
    Differences found;
    QStringList left{QStringLiteral("config"), QStringLiteral("history"), QStringLiteral("rootfs")};
    if (!times)
        left << QStringLiteral("created");
    compare(QString(), docker.config, ours.config, left, &found);
    compare(QStringLiteral("config."), docker.config[QStringLiteral("config")].toObject(),
            ours.config[QStringLiteral("config")].toObject(), {}, &found);
    compareHistory(docker.config[QStringLiteral("history")].toArray(),
                   ours.config[QStringLiteral("history")].toArray(), times, &found);
    compare(QStringLiteral("layers"), QString::number(docker.layers), QString::number(ours.layers), &found);
    QStringList paths = docker.tree.keys() + ours.tree.keys();
    paths.removeDuplicates();
    const auto dockerNames = docker.firstNames();
    const auto ourNames = ours.firstNames();
    for (const QString &path : std::as_const(paths)) {
        const auto theirs = docker.tree.value(path);
        const auto own = ours.tree.value(path);
        if (!theirs || !own) {
            found.insert(path,
                         theirs ? QStringLiteral("only in Docker's image") : QStringLiteral("only in ours"));
            continue;
        }
        compare(path + QStringLiteral(" type"), theirs->type, own->type, &found);
        compare(path + QStringLiteral(" mode"), theirs->mode, own->mode, &found);
        compare(path + QStringLiteral(" owner"), theirs->owner, own->owner, &found);
        compare(path + QStringLiteral(" content"), theirs->content, own->content, &found);
        compare(path + QStringLiteral(" attributes"), theirs->attributes, own->attributes, &found);
        compare(path + QStringLiteral(" names"), dockerNames[theirs.get()], ourNames[own.get()], &found);
        if (theirs->type != QLatin1StringView("folder"))
            compareTime(path, theirs->mtime, own->mtime, start, &found);
    }
    return found;
}

} // namespace cooperage::test
