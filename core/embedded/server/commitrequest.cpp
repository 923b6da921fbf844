#include "core/embedded/server/commitrequest.h"

#include "core/base/sha256.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/xattrs.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <cerrno>
#include <limits>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

namespace {

class EntryReader
{
public:
    EntryReader(Store &store, ImageViews &views, CommitRequest &request, bool local)
        : m_store(store), m_views(views), m_request(request), m_local(local)
    {
    }

    Result<> read(const QJsonObject &object, const QString &where);

private:
    Result<> readType(JsonFields &fields, StageEntry &entry, const QString &type, const QString &where);
    Result<> readFile(JsonFields &fields, StageEntry &entry, const QString &where);
    Result<> readLocal(JsonFields &fields, StageEntry &entry, const QString &where);
    Result<> readCopy(JsonFields &fields, StageEntry &entry);

    Store &m_store;
    ImageViews &m_views;
    CommitRequest &m_request;
    const bool m_local;
};

} // namespace

Result<> EntryReader::readLocal(JsonFields &fields, StageEntry &entry, const QString &where)
{
    const QString path = fields.text("local"_L1);
    if (!m_local)
        return failure(ErrorKind::Denied,
                       Text::tr("paths of this machine are taken only over the Unix socket"), where);
    if (!path.startsWith(u'/'))
        return failure(ErrorKind::BadInput, Text::tr("local must be an absolute path"), where);
    entry.hostFile = QFile::encodeName(path).toStdString();
    m_request.locals.push_back({path, fields.text("sha256"_L1).toLower().toLatin1()});
    return fields.verdict();
}

Result<> EntryReader::readFile(JsonFields &fields, StageEntry &entry, const QString &where)
{
    if (fields.has("local"_L1))
        return readLocal(fields, entry, where);
    if (fields.has("uuid"_L1)) {
        const Result<StoredFile> file = m_store.fileByUuid(fields.text("uuid"_L1));
        if (!file)
            return std::unexpected(file.error());
        entry.hostFile = m_store.filePath(*file);
        entry.lease = file->lease;
        return fields.verdict();
    }
    if (!fields.has("content"_L1))
        return failure(ErrorKind::BadInput, Text::tr("a file needs local, uuid or content"), where);
    const auto bytes =
        QByteArray::fromBase64Encoding(fields.text("content"_L1).toLatin1(),
                                       QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return failure(ErrorKind::BadInput, Text::tr("content is not valid base64"), where);
    entry.content = (*bytes).toStdString();
    return fields.verdict();
}

Result<> EntryReader::readCopy(JsonFields &fields, StageEntry &entry)
{
    const QString image = fields.requiredText("from"_L1);
    entry.sourcePath = fields.requiredText("source"_L1).toStdString();
    entry.setOwner = fields.flag("set_owner"_L1, false);
    entry.setMode = fields.flag("set_mode"_L1, false);
    entry.include = fields.texts("include"_L1);
    entry.exclude = fields.texts("exclude"_L1);
    if (fields.has("mode_change"_L1)) {
        entry.modeChange = context::ModeChange::parse(fields.text("mode_change"_L1));
        if (!entry.modeChange)
            fields.fail("mode_change"_L1, Text::tr("must be a mode as chmod takes it"));
    }
    if (!fields.verdict())
        return fields.verdict();
    const Result<std::shared_ptr<ImageView>> view = m_views.view(image);
    if (!view)
        return std::unexpected(view.error());
    entry.sourceRoot = (*view)->path();
    m_request.views.push_back(*view);
    return {};
}

// Those that are no part of an image are left out: a client may send all that it finds.
static void readXattrs(JsonFields &fields, StageEntry &entry)
{
    const QMap<QString, QString> values = fields.textMap("xattrs"_L1);
    for (const auto &[name, value] : values.asKeyValueRange()) {
        const auto bytes = QByteArray::fromBase64Encoding(
            value.toLatin1(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
        if (!bytes)
            fields.fail("xattrs"_L1, Text::tr("must be base64"));
        else if (isImageXattr(name.toStdString()))
            entry.xattrs.emplace(name.toStdString(), (*bytes).toStdString());
    }
}

static void readSpecial(JsonFields &fields, StageEntry &entry)
{
    static const QMap<QString, std::uint32_t> kinds{
        {u"fifo"_s, S_IFIFO}, {u"socket"_s, S_IFSOCK}, {u"char"_s, S_IFCHR}, {u"block"_s, S_IFBLK}};
    entry.type = StageEntry::Type::Special;
    entry.kind = kinds.value(fields.requiredText("kind"_L1));
    if (entry.kind == 0)
        fields.fail("kind"_L1, Text::tr("must be fifo, socket, char or block"));
    const qint64 major = fields.integer("major"_L1, 0, 0, 4095);
    const qint64 minor = fields.integer("minor"_L1, 0, 0, 1048575);
    entry.device = makedev(static_cast<unsigned>(major), static_cast<unsigned>(minor));
    // Character device 0:0 is overlayfs' mark of a removed file.
    if (entry.kind == S_IFCHR && entry.device == 0)
        fields.fail("major"_L1, Text::tr("cannot be 0 with minor 0"));
}

Result<> EntryReader::readType(JsonFields &fields, StageEntry &entry, const QString &type,
                               const QString &where)
{
    if (type == "file"_L1) {
        readXattrs(fields, entry);
        return readFile(fields, entry, where);
    }
    if (type == "copy"_L1) {
        entry.type = StageEntry::Type::Copy;
        return readCopy(fields, entry);
    }
    if (type == "folder"_L1) {
        entry.type = StageEntry::Type::Folder;
        entry.overwriteAttributes = fields.flag("overwrite_attributes"_L1, false);
        readXattrs(fields, entry);
    } else if (type == "symlink"_L1) {
        entry.type = StageEntry::Type::Symlink;
        entry.linkTarget = fields.requiredText("target"_L1).toStdString();
    } else if (type == "link"_L1) {
        entry.type = StageEntry::Type::HardLink;
        entry.linkTarget = fields.requiredText("target"_L1).toStdString();
    } else if (type == "special"_L1) {
        readSpecial(fields, entry);
    } else {
        return failure(ErrorKind::BadInput, Text::tr("\"%1\" is no type of entry").arg(type), where);
    }
    return fields.verdict();
}

Result<> EntryReader::read(const QJsonObject &object, const QString &where)
{
    JsonFields fields(object, where + u'.');
    const QString type = fields.requiredText("type"_L1);
    StageEntry entry{.path = fields.requiredText("path"_L1).toStdString()};
    if (fields.verdict() && !entry.path.starts_with('/'))
        fields.fail("path"_L1, Text::tr("must be an absolute path"));
    entry.uid = fields.id("uid"_L1);
    entry.gid = fields.id("gid"_L1);
    entry.mode = fields.mode("mode"_L1, type == "folder"_L1 ? 0755 : 0644);
    entry.standing = fields.flag("replace"_L1, false) ? Standing::Replace : Standing::Merge;
    if (fields.has("mtime_ns"_L1))
        entry.mtimeNs = fields.integer("mtime_ns"_L1, 0, std::numeric_limits<qint64>::min() + 1,
                                       std::numeric_limits<qint64>::max());
    if (!fields.verdict())
        return fields.verdict();
    const Result<> done = readType(fields, entry, type, where);
    if (done)
        m_request.entries.push_back(std::move(entry));
    return done;
}

// The layers to be put on top: those of a layer that was made by itself (COPY --link).
static Result<> readStack(Store &store, const QString &uuid, CommitRequest *request)
{
    if (uuid.isEmpty())
        return {};
    Result<StoredImage> image = store.image(uuid);
    if (!image)
        return std::unexpected(image.error());
    request->stack = std::move(*image);
    return {};
}

Result<CommitRequest> CommitRequest::read(Store &store, ImageViews &views, const QJsonObject &body,
                                          bool local)
{
    JsonFields fields(body);
    CommitRequest request;
    const QString parent = fields.text("image"_L1);
    const QString stack = fields.text("stack"_L1);
    const QJsonArray entries = fields.array("entries"_L1);
    const QJsonObject config = fields.object("config"_L1);
    if (!fields.verdict())
        return std::unexpected(*fields.error());
    if (!parent.isEmpty()) {
        Result<StoredImage> image = store.image(parent);
        if (!image)
            return std::unexpected(image.error());
        request.config = image->config;
        request.parent = std::move(*image);
    }
    if (fields.has("config"_L1))
        request.config = QJsonDocument(config).toJson(QJsonDocument::Compact);
    if (const Result<> done = readStack(store, stack, &request); !done)
        return std::unexpected(done.error());
    EntryReader reader(store, views, request, local);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        if (const Result<> done = reader.read(entries[i].toObject(), u"entries[%1]"_s.arg(i)); !done)
            return std::unexpected(done.error());
    }
    return request;
}

// A change moves the change time on, whatever is done to the modification time. -1 for what is no regular
// file.
static std::int64_t stampOf(const QString &path)
{
    struct stat info{};
    if (::stat(QFile::encodeName(path).constData(), &info) != 0 || !S_ISREG(info.st_mode))
        return -1;
    return static_cast<std::int64_t>(info.st_ctim.tv_sec) * 1'000'000'000 + info.st_ctim.tv_nsec +
           info.st_size + static_cast<std::int64_t>(info.st_ino);
}

Result<std::optional<QString>> findChanged(std::vector<LocalSource> &sources)
{
    for (LocalSource &source : sources) {
        source.stamp = stampOf(source.path);
        if (source.stamp < 0)
            return failure(ErrorKind::BadInput, Text::tr("is not a regular file of this machine"),
                           source.path);
        if (source.sha256.isEmpty())
            continue;
        const Result<QByteArray> digest = sha256OfFile(source.path);
        if (!digest)
            return std::unexpected(digest.error());
        if (*digest != source.sha256)
            return source.path;
    }
    return std::nullopt;
}

std::optional<QString> findTouched(const std::vector<LocalSource> &sources)
{
    for (const LocalSource &source : sources) {
        if (!source.sha256.isEmpty() && stampOf(source.path) != source.stamp)
            return source.path;
    }
    return std::nullopt;
}

} // namespace cooperage::embedded
