#include "core/build/copykey.h"

#include "core/base/sha256.h"
#include "core/context/pathnames.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using context::EntryType;
using context::ResolvedMatch;
using context::ResolvedSource;
using context::SourceItem;

static QString modeText(quint32 mode)
{
    return u"%1"_s.arg(mode, 4, 8, QChar(u'0'));
}

// What a source is beside the files that it stages.
static QJsonArray nameOf(const CopySource &source)
{
    QJsonArray result;
    if (const auto *local = std::get_if<ResolvedSource>(&source)) {
        for (const ResolvedMatch &match : local->matches)
            result << match.baseName << match.isFolder;
    } else if (const auto *origin = std::get_if<OriginSource>(&source)) {
        result << u"from"_s << origin->path << QJsonArray::fromStringList(origin->include);
    } else if (const auto *url = std::get_if<AddedUrl>(&source)) {
        result << u"url"_s << url->name;
    } else if (const auto *git = std::get_if<AddedGit>(&source)) {
        result << u"git"_s << git->commit << git->source.folder << git->keepGitDir << git->source.submodules;
    } else {
        result << u"heredoc"_s << std::get<InlineFile>(source).name;
    }
    return result;
}

QJsonObject copyContribution(const CopyOrder &order)
{
    QJsonArray names;
    for (const CopySource &source : order.sources)
        names.append(nameOf(source));
    QJsonObject result{{u"destination"_s, order.destination}, {u"names"_s, names}};
    if (!order.chown.isEmpty())
        result[u"chown"_s] = order.chown;
    if (order.chmod)
        result[u"chmod"_s] = order.chmod->text();
    for (const auto &[name, isOn] : {std::pair(u"unpack"_s, order.unpack),
                                     {u"unpack_urls"_s, order.unpackUrls},
                                     {u"link"_s, order.link},
                                     {u"parents"_s, order.parents}}) {
        if (isOn)
            result[name] = true;
    }
    if (order.origin)
        result[u"from"_s] = QString::fromLatin1(order.origin->key);
    // What they leave of local files stands among the files.
    const bool leavesFiles =
        !order.exclude.isEmpty() && std::ranges::any_of(order.sources, [](const auto &one) {
            return std::holds_alternative<OriginSource>(one) || std::holds_alternative<AddedGit>(one);
        });
    if (leavesFiles)
        result[u"exclude"_s] = QJsonArray::fromStringList(order.exclude);
    return result;
}

namespace {

/// Says of each file what the image will hold.
class FileLister
{
public:
    explicit FileLister(const CopyOrder &order) : m_order(order)
    {
        m_user = order.chown.section(u':', 0, 0);
        m_group = order.chown.contains(u':') ? order.chown.section(u':', 1) : m_user;
    }

    void add(const CopySource &source);
    [[nodiscard]] QJsonArray list() const { return m_list; }

private:
    static QJsonValue id(const QString &part)
    {
        bool isNumber = false;
        const uint value = part.toUInt(&isNumber);
        return part.isEmpty() ? QJsonValue(0)
               : isNumber     ? QJsonValue(static_cast<qint64>(value))
                              : QJsonValue(part);
    }
    [[nodiscard]] QJsonObject entry(const QString &targetPath, const QString &baseName, quint32 mode,
                                    bool isFolder, const QByteArray &sha) const;
    [[nodiscard]] QJsonObject entryOf(const ResolvedMatch &match, const SourceItem &item) const;

    const CopyOrder &m_order;
    QString m_user;
    QString m_group;
    QJsonArray m_list;
};

QJsonObject FileLister::entry(const QString &targetPath, const QString &baseName, quint32 mode, bool isFolder,
                              const QByteArray &sha) const
{
    const QString &to = m_order.destination;
    const QString path = !targetPath.isEmpty()
                             ? context::joinPath(to.endsWith(u'/') ? to.chopped(1) : to, targetPath)
                         : to.endsWith(u'/') ? to + baseName
                                             : to;
    const quint32 changed = m_order.chmod ? m_order.chmod->apply(mode, isFolder) : mode;
    return {{u"gid"_s, id(m_group)},
            {u"mode"_s, modeText(changed)},
            {u"path"_s, path},
            {u"sha"_s, QString::fromLatin1(sha)},
            {u"uid"_s, id(m_user)}};
}

QJsonObject FileLister::entryOf(const ResolvedMatch &match, const SourceItem &item) const
{
    QJsonObject json =
        entry(item.targetPath, match.baseName, item.mode, item.type == EntryType::Folder, item.sha256);
    switch (item.type) {
    case EntryType::File:
        break;
    case EntryType::Symlink:
        json[u"target"_s] = item.linkTarget;
        break;
    case EntryType::Folder:
        json[u"type"_s] = u"folder"_s;
        break;
    case EntryType::Fifo:
        json[u"type"_s] = u"fifo"_s;
        break;
    case EntryType::CharDevice:
    case EntryType::BlockDevice:
        json[u"type"_s] = item.type == EntryType::CharDevice ? u"char"_s : u"block"_s;
        json[u"device"_s] =
            QJsonArray{static_cast<qint64>(item.deviceMajor), static_cast<qint64>(item.deviceMinor)};
        break;
    }
    if (!item.twin.isEmpty())
        json[u"twin"_s] = item.twin;
    for (const auto &[name, value] : item.xattrs.asKeyValueRange())
        json[u"xattr:"_s + name] = QString::fromLatin1(value.toBase64());
    return json;
}

void FileLister::add(const CopySource &source)
{
    if (const auto *local = std::get_if<ResolvedSource>(&source)) {
        for (const ResolvedMatch &match : local->matches) {
            for (const SourceItem &item : match.items)
                m_list.append(entryOf(match, item));
        }
    } else if (const auto *url = std::get_if<AddedUrl>(&source)) {
        m_list.append(entry({}, url->name, 0600, false, url->file.sha256));
    } else if (const auto *file = std::get_if<InlineFile>(&source)) {
        m_list.append(entry({}, file->name, 0644, false, Sha256::hex(file->content)));
    }
}

} // namespace

QJsonArray stagedFiles(const CopyOrder &order)
{
    FileLister lister(order);
    for (const CopySource &source : order.sources)
        lister.add(source);
    return lister.list();
}

} // namespace cooperage::build
