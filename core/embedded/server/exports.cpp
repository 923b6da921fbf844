#include "core/embedded/archive/imageexport.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/text.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

namespace {

/// The body of a streamed reply.
class ResponseSink final : public ByteSink
{
public:
    explicit ResponseSink(httplib::DataSink &sink) : m_sink(sink) {}
    [[nodiscard]] Result<> write(QByteArrayView bytes) override
    {
        if (m_sink.write(bytes.data(), static_cast<size_t>(bytes.size())))
            return {};
        return failure(ErrorKind::Cancelled, Text::tr("the client is gone"));
    }

private:
    httplib::DataSink &m_sink;
};

/// An export on its way: the view keeps the image's layers in use.
struct Export
{
    StoredImage image;
    std::shared_ptr<ImageView> view;
    ExportRequest request;
};

} // namespace

static Result<ExportFormat> formatOf(const QString &text)
{
    if (text.isEmpty() || text == "docker"_L1)
        return ExportFormat::Docker;
    if (text == "oci"_L1)
        return ExportFormat::Oci;
    if (text == "rootfs"_L1)
        return ExportFormat::RootFilesystem;
    return failure(ErrorKind::BadInput, Text::tr("must be docker, oci or rootfs"), u"format"_s);
}

static Result<Compression> compressionOf(const QString &text, ExportFormat format)
{
    const QList<std::pair<QString, Compression>> known{{u"none"_s, Compression::None},
                                                       {u"gzip"_s, Compression::Gzip},
                                                       {u"zstd"_s, Compression::Zstd},
                                                       {u"bzip2"_s, Compression::Bzip2},
                                                       {u"xz"_s, Compression::Xz}};
    // How many of these each format takes.
    const qsizetype count = format == ExportFormat::Docker ? 1 : format == ExportFormat::Oci ? 3 : 5;
    if (text.isEmpty())
        return format == ExportFormat::Oci ? Compression::Gzip : Compression::None;
    QStringList names;
    for (const auto &[name, compression] : known.first(count)) {
        if (name == text)
            return compression;
        names << name;
    }
    return failure(ErrorKind::BadInput, Text::tr("must be one of: %1").arg(names.join(u", "_s)),
                   u"compression"_s);
}

static Result<QStringList> namesOf(ServerContext &context, const Exchange &exchange, const QString &image)
{
    QStringList names;
    const auto [first, last] = exchange.request.params.equal_range("name");
    for (auto given = first; given != last; ++given) {
        const auto name = exportedName(QString::fromStdString(given->second));
        if (!name)
            return std::unexpected(name.error());
        names << *name;
    }
    if (first == last) {
        const auto rows = context.store.images({.limit = 1000, .taggedOnly = true, .uuidPrefix = image});
        if (!rows)
            return std::unexpected(rows.error());
        for (const ImageRow &row : *rows) {
            // A tag need not be a name that other tools take.
            if (const auto name = exportedName(row.tag))
                names << *name;
        }
    }
    names.sort();
    names.removeDuplicates();
    return names;
}

static Result<std::optional<qint64>> epochOf(const Exchange &exchange)
{
    const auto text = exchange.query("epoch");
    if (!text)
        return std::nullopt;
    bool isNumber = false;
    const qint64 epoch = text->toLongLong(&isNumber);
    if (!isNumber || epoch < 0)
        return failure(ErrorKind::BadInput, Text::tr("must be a number of seconds since 1970"), u"epoch"_s);
    return epoch;
}

static Result<std::shared_ptr<Export>> prepare(ServerContext &context, const Exchange &exchange)
{
    auto image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    const auto format = formatOf(exchange.query("format").value_or(QString()));
    if (!format)
        return std::unexpected(format.error());
    const auto compression = compressionOf(exchange.query("compression").value_or(QString()), *format);
    if (!compression)
        return std::unexpected(compression.error());
    auto names = namesOf(context, exchange, image->uuid);
    if (!names)
        return std::unexpected(names.error());
    const auto epoch = epochOf(exchange);
    if (!epoch)
        return std::unexpected(epoch.error());
    auto view = context.views.view(image->uuid);
    if (!view)
        return std::unexpected(view.error());
    return std::make_shared<Export>(std::move(*image), std::move(*view),
                                    ExportRequest{*format, *compression, std::move(*names), *epoch});
}

static Result<> stream(Store &store, const Export &what, httplib::DataSink &sink)
{
    ResponseSink body(sink);
    if (what.request.format == ExportFormat::RootFilesystem)
        return exportRootFilesystem(what.view->path(), what.request, body);
    const IsWanted isWanted = [&sink] { return sink.is_writable(); };
    return ImageExport(store, what.image, what.request, isWanted).write(body);
}

static Result<> exportImage(ServerContext &context, Exchange &exchange)
{
    const auto prepared = prepare(context, exchange);
    if (!prepared)
        return std::unexpected(prepared.error());
    const Export &what = **prepared;
    if (what.request.format == ExportFormat::Docker && what.image.layers.size() > dockerLayers)
        exchange.response.set_header(
            "Warning", "299 cooperage \"the image has " + std::to_string(what.image.layers.size()) +
                           " layers; Docker takes at most " + std::to_string(dockerLayers) + "\"");
    exchange.response.status = 200;
    exchange.response.set_chunked_content_provider(
        "application/x-tar", [&store = context.store, prepared = *prepared](size_t, httplib::DataSink &sink) {
            const Result<> done = stream(store, *prepared, sink);
            // After a failure the connection breaks off: nobody may take half an archive for a whole one.
            if (!done && done.error().kind != ErrorKind::Cancelled)
                qWarning("engine: export: %s", qPrintable(done.error().text()));
            if (done)
                sink.done();
            return done.has_value();
        });
    return {};
}

void addExports(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/images/{uuid}/export",
               [&context](Exchange &exchange) { return exportImage(context, exchange); });
}

} // namespace cooperage::embedded
