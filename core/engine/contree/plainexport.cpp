#include "core/engine/contree/plainexport.h"

#include "core/base/sha256.h"
#include "core/engine/background.h"
#include "core/engine/contree/pull.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryFile>

#include <archive.h>
#include <archive_entry.h>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
}

namespace {

/// Writes a tar into a device.
class TarFile
{
public:
    explicit TarFile(QIODevice *target) : m_archive(archive_write_new()), m_target(target)
    {
        archive_write_set_format_pax_restricted(m_archive);
        archive_write_set_bytes_per_block(m_archive, 0);
        archive_write_open(m_archive, target, nullptr, write, nullptr);
    }
    TarFile(const TarFile &) = delete;
    TarFile &operator=(const TarFile &) = delete;
    ~TarFile() { archive_write_free(m_archive); }

    [[nodiscard]] Result<> add(const QString &name, const QByteArray &content)
    {
        return begin(name, content.size()).and_then([&] { return append(content); });
    }
    [[nodiscard]] Result<> add(const QString &name, QFile &content, const std::stop_token &stop)
    {
        Result<> done = begin(name, content.size());
        while (done && !content.atEnd()) {
            if (stop.stop_requested())
                return failure(ErrorKind::Cancelled, tr("the export was stopped"));
            const QByteArray piece = content.read(1 << 20);
            if (piece.isEmpty())
                return failure(ErrorKind::Failed, content.errorString(), content.fileName());
            done = append(piece);
        }
        return done;
    }
    [[nodiscard]] Result<> close()
    {
        return archive_write_close(m_archive) == ARCHIVE_OK ? Result<>() : failed();
    }

private:
    static la_ssize_t write(archive *, void *target, const void *bytes, size_t size)
    {
        return static_cast<QIODevice *>(target)->write(static_cast<const char *>(bytes),
                                                       static_cast<qint64>(size));
    }
    [[nodiscard]] Result<> begin(const QString &name, qint64 size)
    {
        archive_entry *entry = archive_entry_new();
        archive_entry_copy_pathname(entry, name.toUtf8().constData());
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, size);
        const int code = archive_write_header(m_archive, entry);
        archive_entry_free(entry);
        return code == ARCHIVE_OK ? Result<>() : failed();
    }
    [[nodiscard]] Result<> append(const QByteArray &bytes)
    {
        const auto size = static_cast<size_t>(bytes.size());
        return archive_write_data(m_archive, bytes.constData(), size) == bytes.size() ? Result<>() : failed();
    }
    [[nodiscard]] std::unexpected<Error> failed() const
    {
        return failure(ErrorKind::Failed,
                       tr("The archive cannot be written: %1").arg(m_target->errorString()));
    }

    archive *m_archive;
    QIODevice *m_target;
};

} // namespace

// The history's layers are one here; the rest of its entries have none.
static QJsonObject configOfOneLayer(QJsonObject config, const QString &diffId)
{
    if (!config.contains(u"architecture"_s))
        config[u"architecture"_s] = u"amd64"_s;
    if (!config.contains(u"os"_s))
        config[u"os"_s] = u"linux"_s;
    QJsonArray history = config[u"history"_s].toArray();
    for (qsizetype i = 0; i < history.size(); ++i) {
        QJsonObject entry = history[i].toObject();
        entry[u"empty_layer"_s] = true;
        history[i] = entry;
    }
    history.append(QJsonObject{{u"created_by"_s, u"cooperage export"_s}});
    config[u"history"_s] = history;
    config[u"rootfs"_s] = QJsonObject{{u"type"_s, u"layers"_s}, {u"diff_ids"_s, QJsonArray{diffId}}};
    return config;
}

static Result<ExportOutcome> writeArchive(const ExportRequest &request, QFile &layer, QIODevice *target,
                                          const std::stop_token &stop)
{
    const Result<QByteArray> digest = sha256OfFile(layer.fileName());
    if (!digest)
        return std::unexpected(digest.error());
    const QString hex = QString::fromLatin1(*digest);
    const QByteArray config =
        QJsonDocument(configOfOneLayer(*request.config, u"sha256:"_s + hex)).toJson(QJsonDocument::Compact);
    const QString configName = QString::fromLatin1(Sha256::hex(config)) + u".json"_s;
    const QJsonArray manifest{QJsonObject{{u"Config"_s, configName},
                                          {u"RepoTags"_s, QJsonArray::fromStringList(request.names)},
                                          {u"Layers"_s, QJsonArray{hex + u".tar"_s}}}};
    layer.seek(0);
    TarFile tar(target);
    const Result<> done =
        tar.add(configName, config)
            .and_then([&] { return tar.add(hex + u".tar"_s, layer, stop); })
            .and_then([&] {
                return tar.add(u"manifest.json"_s, QJsonDocument(manifest).toJson(QJsonDocument::Compact));
            })
            .and_then([&] { return tar.close(); });
    if (!done)
        return std::unexpected(done.error());
    ExportOutcome outcome{layer.size(), {}};
    if (request.epoch)
        outcome.warning =
            tr("This engine cannot change the times of files: SOURCE_DATE_EPOCH is not regarded.");
    return outcome;
}

Task<ExportOutcome> plainExport(TransportPtr transport, ExportRequest request, QIODevice *target,
                                ProgressHandler progress, std::stop_token stop)
{
    if (request.format != "docker"_L1)
        co_return failure(ErrorKind::Unsupported, tr("This engine cannot give an image out in that form"), {},
                          tr("Name the file .tar: the form that `docker load` reads is made here."));
    auto layer = std::make_shared<QTemporaryFile>();
    if (!layer->open())
        co_return failure(ErrorKind::Failed, layer->errorString(), layer->fileName());
    std::function<void(qint64)> told;
    if (progress)
        told = [progress, image = request.image](qint64 done) { progress(done, -1, image); };
    const auto body = co_await pullBody(transport, "/v1/inspect/" + segment(request.image) + "/archive",
                                        {{"path", u"/"_s}}, layer.get(), told, stop);
    if (!body)
        co_return std::unexpected(body.error());
    layer->flush();
    auto work = [request, layer, target, stop] { return writeArchive(request, *layer, target, stop); };
    co_return co_await inBackground(std::move(work));
}

} // namespace cooperage::engine::contree
