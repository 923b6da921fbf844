#include "core/engine/contree/json.h"

using namespace Qt::StringLiterals;

// Bodies that this client sends.
namespace cooperage::engine::contree {

QString modeText(quint32 mode)
{
    return u"%1"_s.arg(mode & 07777, 4, 8, QLatin1Char('0'));
}

static QJsonObject environment(const QMap<QString, QString> &variables)
{
    QJsonObject result;
    for (const auto &[name, value] : variables.asKeyValueRange())
        result.insert(name, value);
    return result;
}

static QJsonObject stagedFiles(const QList<StagedEntry> &files, const QStringList &uuids)
{
    QJsonObject result;
    for (qsizetype i = 0; i < files.size(); ++i) {
        const StagedEntry &file = files[i];
        result.insert(file.path, QJsonObject{{u"uuid"_s, uuids.value(i)},
                                             {u"uid"_s, static_cast<qint64>(file.uid)},
                                             {u"gid"_s, static_cast<qint64>(file.gid)},
                                             {u"mode"_s, modeText(file.mode)}});
    }
    return result;
}

static QJsonObject mountBody(const RunMount &mount)
{
    static const QStringList types{u"bind"_s, u"cache"_s, u"tmpfs"_s, u"file"_s, u"variable"_s, u"ssh"_s};
    using Type = RunMount::Type;
    QJsonObject object{{u"type"_s, types[static_cast<int>(mount.type)]},
                       {u"read_only"_s, mount.readOnly},
                       {u"uid"_s, static_cast<qint64>(mount.uid)},
                       {u"gid"_s, static_cast<qint64>(mount.gid)},
                       {u"mode"_s, modeText(mount.mode)}};
    if (mount.type == Type::Cache) {
        object.insert(u"id"_s, mount.id);
        object.insert(u"sharing"_s, mount.sharing);
    }
    if (mount.type == Type::File || mount.type == Type::Variable)
        object.insert(u"content"_s, QString::fromLatin1(mount.content.toBase64()));
    for (const auto &[key, value] : {std::pair(u"target"_s, mount.target), std::pair(u"from"_s, mount.image),
                                     std::pair(u"source"_s, mount.source), std::pair(u"name"_s, mount.name),
                                     std::pair(u"agent"_s, mount.agent)}) {
        if (!value.isEmpty())
            object.insert(key, value);
    }
    if (mount.size > 0)
        object.insert(u"size"_s, mount.size);
    return object;
}

QJsonObject instanceBody(const RunRequest &request, const QStringList &fileUuids)
{
    QJsonObject body{{u"image"_s, request.image},
                     {u"command"_s, request.command},
                     {u"shell"_s, request.shell},
                     {u"uid"_s, static_cast<qint64>(request.uid)},
                     {u"gid"_s, static_cast<qint64>(request.gid)},
                     {u"timeout"_s, request.timeoutSeconds},
                     {u"truncate_output_at"_s, request.truncateOutputAt},
                     {u"disposable"_s, request.disposable},
                     {u"networking"_s, QJsonObject{{u"enabled"_s, request.networking}}}};
    if (!request.args.isEmpty())
        body.insert(u"args"_s, QJsonArray::fromStringList(request.args));
    if (!request.env.isEmpty())
        body.insert(u"env"_s, environment(request.env));
    if (!request.cwd.isEmpty())
        body.insert(u"cwd"_s, request.cwd);
    if (!request.hostname.isEmpty())
        body.insert(u"hostname"_s, request.hostname);
    if (!request.stdinData.isEmpty())
        body.insert(u"stdin"_s, encodeStream(request.stdinData));
    if (!request.files.isEmpty())
        body.insert(u"files"_s, stagedFiles(request.files, fileUuids));
    if (!request.mounts.isEmpty()) {
        QJsonArray mounts;
        for (const RunMount &mount : request.mounts)
            mounts.append(mountBody(mount));
        body.insert(u"mounts"_s, mounts);
    }
    return body;
}

static void addSource(QJsonObject &object, const StagedEntry &entry, const QString &fileUuid)
{
    if (!fileUuid.isEmpty()) {
        object.insert(u"uuid"_s, fileUuid);
    } else if (entry.content) {
        object.insert(u"content"_s, QString::fromLatin1(entry.content->toBase64()));
    } else {
        object.insert(u"local"_s, entry.localPath);
        if (!entry.sha256.isEmpty())
            object.insert(u"sha256"_s, QString::fromLatin1(entry.sha256));
    }
}

static void addOwner(QJsonObject &object, const StagedEntry &entry)
{
    object.insert(u"uid"_s, static_cast<qint64>(entry.uid));
    object.insert(u"gid"_s, static_cast<qint64>(entry.gid));
}

static void addXattrs(QJsonObject &object, const StagedEntry &entry)
{
    QJsonObject values;
    for (const auto &[name, value] : entry.xattrs.asKeyValueRange())
        values.insert(name, QString::fromLatin1(value.toBase64()));
    if (!values.isEmpty())
        object.insert(u"xattrs"_s, values);
}

static void addSpecial(QJsonObject &object, const StagedEntry &entry)
{
    object.insert(u"type"_s, u"special"_s);
    object.insert(u"kind"_s, entry.special);
    object.insert(u"major"_s, static_cast<qint64>(entry.deviceMajor));
    object.insert(u"minor"_s, static_cast<qint64>(entry.deviceMinor));
}

static void addCopy(QJsonObject &object, const StagedEntry &entry)
{
    object.insert(u"type"_s, u"copy"_s);
    object.insert(u"from"_s, entry.sourceImage);
    object.insert(u"source"_s, entry.sourcePath);
    object.insert(u"set_owner"_s, entry.setOwner);
    object.insert(u"set_mode"_s, entry.setMode);
    if (entry.setMode)
        object.insert(u"mode"_s, modeText(entry.mode));
    if (!entry.modeChange.isEmpty())
        object.insert(u"mode_change"_s, entry.modeChange);
    if (!entry.include.isEmpty())
        object.insert(u"include"_s, QJsonArray::fromStringList(entry.include));
    if (!entry.exclude.isEmpty())
        object.insert(u"exclude"_s, QJsonArray::fromStringList(entry.exclude));
}

QJsonObject commitEntry(const StagedEntry &entry, const QString &fileUuid)
{
    QJsonObject object{{u"path"_s, entry.path}};
    addOwner(object, entry);
    if (entry.mtimeNs)
        object.insert(u"mtime_ns"_s, *entry.mtimeNs);
    if (entry.replace)
        object.insert(u"replace"_s, true);
    switch (entry.type) {
    case StagedEntry::Type::File:
        object.insert(u"type"_s, u"file"_s);
        object.insert(u"mode"_s, modeText(entry.mode));
        addSource(object, entry, fileUuid);
        addXattrs(object, entry);
        break;
    case StagedEntry::Type::Folder:
        object.insert(u"type"_s, u"folder"_s);
        object.insert(u"mode"_s, modeText(entry.mode));
        object.insert(u"overwrite_attributes"_s, entry.overwriteAttributes);
        addXattrs(object, entry);
        break;
    case StagedEntry::Type::Symlink:
        object.insert(u"type"_s, u"symlink"_s);
        object.insert(u"target"_s, entry.linkTarget);
        break;
    case StagedEntry::Type::HardLink:
        object.insert(u"type"_s, u"link"_s);
        object.insert(u"target"_s, entry.linkTarget);
        break;
    case StagedEntry::Type::Special:
        object.insert(u"mode"_s, modeText(entry.mode));
        addSpecial(object, entry);
        break;
    case StagedEntry::Type::CopyFrom:
        addCopy(object, entry);
        break;
    }
    return object;
}

} // namespace cooperage::engine::contree
