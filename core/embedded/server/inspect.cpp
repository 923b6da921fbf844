#include "core/embedded/server/context.h"
#include "core/embedded/server/imagejson.h"
#include "core/embedded/server/imagepath.h"
#include "core/embedded/server/inspectlist.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <cerrno>
#include <fcntl.h>
#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static Result<> byTag(ServerContext &context, Exchange &exchange)
{
    const QString tag = exchange.query("tag").value_or(QString());
    if (tag.isEmpty())
        return failure(ErrorKind::BadInput, Text::tr("tag is required"));
    const Result<QString> uuid = context.store.uuidOfTag(tag);
    if (!uuid)
        return std::unexpected(uuid.error());
    exchange.response.status = 302;
    exchange.response.set_header("Location", uuid->toStdString() + '/');
    return {};
}

static Result<> image(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    sendJson(exchange.response, 200, imageJson(*image, context.store.latestTag(image->uuid)));
    return {};
}

static Result<OpenedPath> openPath(ServerContext &context, const Exchange &exchange, const std::string &path)
{
    return context.views.view(exchange.parameter("uuid"))
        .and_then([&](const std::shared_ptr<ImageView> &view) { return openImagePath(view, path); });
}

static Result<> list(ServerContext &context, Exchange &exchange)
{
    const std::string path = exchange.queryBytes("path").value_or("/");
    const Result<OpenedPath> folder = openPath(context, exchange, path);
    if (!folder)
        return std::unexpected(folder.error());
    if (!S_ISDIR(folder->info.st_mode))
        return exchange.reject(422, Text::tr("%1 is not a folder").arg(QString::fromStdString(path)));
    const Result<std::vector<FolderEntry>> entries = readFolder(folder->fd);
    if (!entries)
        return std::unexpected(entries.error());
    if (exchange.queryBytes("text")) {
        exchange.response.status = 200;
        exchange.response.set_content(listText(*folder, path, *entries).toStdString(),
                                      "text/plain; charset=utf-8");
        return {};
    }
    sendJson(
        exchange.response, 200,
        QJsonObject{{u"path"_s, QString::fromStdString(path)}, {u"files"_s, listJson(*folder, *entries)}});
    return {};
}

// Sends `length` bytes of an open file; false where it has fewer, or the client has gone.
static bool sendPart(const Fd &fd, size_t offset, size_t length, httplib::DataSink &sink)
{
    std::string buffer(std::min<size_t>(length, 256 * 1024), '\0');
    while (length > 0) {
        const ssize_t got =
            ::pread(fd.get(), buffer.data(), std::min(buffer.size(), length), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || !sink.write(buffer.data(), static_cast<size_t>(got)))
            return false;
        offset += static_cast<size_t>(got);
        length -= static_cast<size_t>(got);
    }
    return true;
}

static Result<> download(ServerContext &context, Exchange &exchange)
{
    const std::optional<std::string> path = exchange.queryBytes("path");
    if (!path || path->empty())
        return failure(ErrorKind::BadInput, Text::tr("path is required"));
    Result<OpenedPath> file = openPath(context, exchange, *path);
    if (!file)
        return std::unexpected(file.error());
    if (!S_ISREG(file->info.st_mode))
        return exchange.reject(422, Text::tr("%1 is not a regular file").arg(QString::fromStdString(*path)));
    file->fd = reopen(file->fd, O_RDONLY);
    if (!file->fd)
        return std::unexpected(
            systemError(errno, Text::tr("Cannot read the file"), QString::fromStdString(*path)));
    const auto opened = std::make_shared<OpenedPath>(std::move(*file));
    // No status here: the library makes it 200, or 206 for a range.
    exchange.response.set_content_provider(static_cast<size_t>(opened->info.st_size),
                                           "application/octet-stream",
                                           [opened](size_t offset, size_t length, httplib::DataSink &sink) {
                                               return sendPart(opened->fd, offset, length, sink);
                                           });
    return {};
}

void addInspect(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/inspect", [&context](Exchange &exchange) { return byTag(context, exchange); });
    router.add("GET", "/v1/inspect/{uuid}",
               [&context](Exchange &exchange) { return image(context, exchange); });
    router.add("GET", "/v1/inspect/{uuid}/list",
               [&context](Exchange &exchange) { return list(context, exchange); });
    router.add("GET", "/v1/inspect/{uuid}/download",
               [&context](Exchange &exchange) { return download(context, exchange); });
}

} // namespace cooperage::embedded
