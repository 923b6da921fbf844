#include "core/embedded/server/commitrequest.h"

#include "core/base/sha256.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/text.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <cerrno>
#include <limits>
#include <sys/stat.h>

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
    if (!fields.verdict())
        return fields.verdict();
    const Result<std::shared_ptr<ImageView>> view = m_views.view(image);
    if (!view)
        return std::unexpected(view.error());
    entry.sourceRoot = (*view)->path();
    m_request.views.push_back(*view);
    return {};
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
    if (fields.has("mtime_ns"_L1))
        entry.mtimeNs = fields.integer("mtime_ns"_L1, 0, std::numeric_limits<qint64>::min() + 1,
                                       std::numeric_limits<qint64>::max());
    if (!fields.verdict())
        return fields.verdict();
    Result<> done;
    if (type == "file"_L1) {
        done = readFile(fields, entry, where);
    } else if (type == "folder"_L1) {
        entry.type = StageEntry::Type::Folder;
        entry.overwriteAttributes = fields.flag("overwrite_attributes"_L1, false);
        done = fields.verdict();
    } else if (type == "symlink"_L1) {
        entry.type = StageEntry::Type::Symlink;
        entry.linkTarget = fields.requiredText("target"_L1).toStdString();
        done = fields.verdict();
    } else if (type == "copy"_L1) {
        entry.type = StageEntry::Type::Copy;
        done = readCopy(fields, entry);
    } else {
        return failure(ErrorKind::BadInput, Text::tr("\"%1\" is no type of entry").arg(type), where);
    }
    if (done)
        m_request.entries.push_back(std::move(entry));
    return done;
}

Result<CommitRequest> CommitRequest::read(Store &store, ImageViews &views, const QJsonObject &body,
                                          bool local)
{
    JsonFields fields(body);
    CommitRequest request;
    const QString parent = fields.text("image"_L1);
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
