#pragma once

#include "tests/core/embedded/archive/tarbuilder.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <sys/sysmacros.h>

namespace cooperage::test {

/// A small image that the cases build on, in one docker-archive for both sides.
struct Base
{
    QString name; ///< "base:1"
    QList<QByteArray> layers;
    QJsonObject config{};
    QJsonArray history{};
    QString author{};

    [[nodiscard]] QByteArray archive() const
    {
        std::vector<TarEntry> entries;
        QJsonArray diffIds;
        QJsonArray names;
        for (const QByteArray &layer : layers) {
            const QString id = QString::fromLatin1(digest(layer));
            diffIds.append(id);
            names.append(id.mid(7) + QStringLiteral(".tar"));
            entries.push_back(file(names.last().toString().toStdString(), layer.toStdString()));
        }
        QJsonObject image{
            {QStringLiteral("architecture"), QStringLiteral("amd64")},
            {QStringLiteral("os"), QStringLiteral("linux")},
            {QStringLiteral("created"), QStringLiteral("2020-01-01T00:00:00Z")},
            {QStringLiteral("config"), config},
            {QStringLiteral("history"), history},
            {QStringLiteral("rootfs"), QJsonObject{{QStringLiteral("type"), QStringLiteral("layers")},
                                                   {QStringLiteral("diff_ids"), diffIds}}}};
        if (!author.isEmpty())
            image[QStringLiteral("author")] = author;
        const QByteArray text = QJsonDocument(image).toJson(QJsonDocument::Compact);
        const std::string configName = digest(text).mid(7).toStdString() + ".json";
        entries.push_back(file(configName, text.toStdString()));
        const QJsonArray manifest{QJsonObject{{QStringLiteral("Config"), QString::fromStdString(configName)},
                                              {QStringLiteral("RepoTags"), QJsonArray{name}},
                                              {QStringLiteral("Layers"), names}}};
        entries.push_back(
            file("manifest.json", QJsonDocument(manifest).toJson(QJsonDocument::Compact).toStdString()));
        return tarOf(entries);
    }
};

namespace detail {

inline TarEntry owned(TarEntry entry, std::int64_t uid, std::int64_t gid)
{
    entry.uid = uid;
    entry.gid = gid;
    return entry;
}

inline TarEntry withMode(TarEntry entry, int mode)
{
    entry.mode = mode;
    return entry;
}

/// busybox, users, and the folders that every container needs.
inline QByteArray rootLayer(const QByteArray &busybox)
{
    std::vector<TarEntry> entries{
        folder("bin"),
        withMode(file("bin/busybox", busybox.toStdString()), 0755),
        folder("dev"),
        folder("etc"),
        file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
                           "app:x:1000:1001:app:/home/app:/bin/sh\n"
                           "other:x:1002:1002:other:/:/bin/sh\n"),
        file("etc/group", "root:x:0:\nstaff:x:50:app\napp:x:1001:\nother:x:1002:\n"),
        file("etc/hosts", ""),
        file("etc/resolv.conf", ""),
        folder("home"),
        owned(folder("home/app", 0750), 1000, 1001),
        folder("proc"),
        folder("root", 0700),
        folder("sys"),
        folder("tmp", 01777)};
    for (const char *name :
         {"sh",   "ash",  "cat",   "chmod", "chown", "cp",    "date",   "dd",    "echo", "env",    "find",
          "grep", "head", "id",    "ln",    "ls",    "mkdir", "mkfifo", "mknod", "mv",   "printf", "pwd",
          "rm",   "sed",  "sleep", "sort",  "stat",  "tar",   "test",   "touch", "tr",   "true",   "wc"})
        entries.push_back(softLink(std::string("bin/") + name, "busybox"));
    return tarOf(entries);
}

/// What copies lose easily.
inline QByteArray oddLayer()
{
    TarEntry pipe = withMode(file("odd/pipe", ""), 0600);
    pipe.type = AE_IFIFO;
    TarEntry device = withMode(file("odd/null", ""), 0666);
    device.type = AE_IFCHR;
    device.device = makedev(1, 3);
    TarEntry old = file("odd/old", "old");
    old.mtime = 86'400;
    return tarOf({folder("odd"), owned(withMode(file("odd/suid", "s"), 04755), 7, 8),
                  file("odd/one", "shared"), hardLink("odd/two", "odd/one"), softLink("odd/link", "one"),
                  softLink("odd/dangling", "nowhere"), softLink("odd/absolute", "/etc/passwd"),
                  owned(folder("odd/sub", 02775), 1000, 50), file("odd/sub/deep", "deep"), pipe, device, old,
                  file("odd/name with space", "space"), softLink("oddlink", "odd")});
}

inline QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

inline QJsonObject fullConfig()
{
    return json(R"({"Env": ["PATH=/bin:/opt/bin", "BASE=of the base", "EMPTY="],
                    "Labels": {"base": "yes", "both": "base"},
                    "WorkingDir": "/srv",
                    "User": "app",
                    "Cmd": ["-l"],
                    "Entrypoint": ["/bin/ls"],
                    "ExposedPorts": {"80/tcp": {}},
                    "Volumes": {"/data": {}},
                    "StopSignal": "SIGQUIT",
                    "Shell": ["/bin/ash", "-e", "-c"],
                    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5000000000}})");
}

inline QJsonArray history(const QStringList &createdBy)
{
    QJsonArray result;
    for (const QString &text : createdBy)
        result.append(QJsonObject{{QStringLiteral("created_by"), text},
                                  {QStringLiteral("created"), QStringLiteral("2020-01-01T00:00:00Z")}});
    return result;
}

} // namespace detail

/// `base:1`: busybox with users. `full:1`: every field of the config. `nopath:1`: an empty config. `odd:1`:
/// files that copies lose easily, below /odd. `onbuild:1`: triggers. Empty where there is no static busybox.
inline QList<Base> bases()
{
    QFile file(QStandardPaths::findExecutable(QStringLiteral("busybox")));
    if (!file.open(QFile::ReadOnly))
        return {};
    const QByteArray root = detail::rootLayer(file.readAll());
    const QByteArray second = tarOf({folder("srv"), test::file("srv/page", "page")});
    const QJsonObject plain = detail::json(R"({"Env": ["PATH=/usr/bin:/bin"], "Cmd": ["sh"]})");
    QJsonObject triggers = plain;
    triggers[QStringLiteral("OnBuild")] =
        detail::json(R"({"OnBuild": ["ARG WHO=nobody", "RUN echo for $WHO > /triggered",
                                                 "COPY a /from-trigger/", "LABEL triggered=\"by $WHO\""]})")
            [QStringLiteral("OnBuild")];
    const QStringList one{QStringLiteral("root of the base")};
    return {{QStringLiteral("base:1"), {root}, plain, detail::history(one)},
            {QStringLiteral("full:1"),
             {root, second},
             detail::fullConfig(),
             detail::history({one.first(), QStringLiteral("a page")}),
             QStringLiteral("Somebody <s@example.org>")},
            {QStringLiteral("nopath:1"), {root}, {}, detail::history(one)},
            {QStringLiteral("odd:1"),
             {root, detail::oddLayer()},
             plain,
             detail::history({one.first(), QStringLiteral("odd files")})},
            {QStringLiteral("onbuild:1"), {root}, triggers, detail::history(one)}};
}

} // namespace cooperage::test
