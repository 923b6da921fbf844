#include "core/embedded/server/bodypipe.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/listsnapshots.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <QScopeGuard>

#include <algorithm>
#include <future>
#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static QJsonObject responseJson(const StoredFile &file)
{
    return {{u"uuid"_s, file.uuid}, {u"sha256"_s, QString::fromLatin1(file.sha256)}, {u"size"_s, file.size}};
}

static QJsonObject fileJson(const StoredFile &file)
{
    QJsonObject result = responseJson(file);
    result[u"created_at"_s] = timeValue(file.createdAt);
    result[u"updated_at"_s] = timeValue(file.updatedAt);
    return result;
}

static bool isSha256(const QString &text)
{
    return text.size() == 64 && std::ranges::all_of(text, [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

static Result<StoredFile> fileOf(ServerContext &context, const QString &sha256)
{
    const QString digest = sha256.toLower();
    if (!isSha256(digest))
        return failure(ErrorKind::NotFound, Text::tr("there is no such file: a SHA-256 has 64 hex digits"),
                       sha256);
    return context.store.fileBySha256(digest.toLatin1());
}

static Result<> send(Exchange &exchange, const Result<StoredFile> &file)
{
    if (!file)
        return std::unexpected(file.error());
    sendJson(exchange.response, 200, fileJson(*file));
    return {};
}

// The store pulls, the connection pushes: they meet on two threads.
static Result<> upload(ServerContext &context, Exchange &exchange)
{
    if (exchange.request.is_multipart_form_data())
        return exchange.reject(415, Text::tr("send the file's bytes as they are, not as a form"));
    BodyPipe pipe;
    auto storing = std::async(std::launch::async, [&] {
        const auto gone = qScopeGuard([&pipe] { pipe.abandon(); });
        return context.store.addFile([&pipe](char *buffer, qint64 size) { return pipe.pull(buffer, size); });
    });
    // However this ends, the other thread must not wait for more.
    const auto ended = qScopeGuard([&pipe] { pipe.finish(false); });
    const bool whole =
        exchange.body.stream([&pipe](const char *bytes, size_t size) { pipe.push(bytes, size); });
    pipe.finish(whole);
    const Result<StoredFile> file = storing.get();
    if (!whole)
        return failure(ErrorKind::BadInput, Text::tr("the upload ended early; nothing was stored"));
    if (!file)
        return std::unexpected(file.error());
    sendJson(exchange.response, 201, responseJson(*file));
    return {};
}

using FileLists = ListSnapshots<StoredFile>;

static Result<> list(ServerContext &context, FileLists &lists, Exchange &exchange)
{
    // The older forms of GET /files/{sha256}.
    if (const std::optional<QString> sha256 = exchange.query("sha256"))
        return send(exchange, fileOf(context, *sha256));
    if (const std::optional<QString> uuid = exchange.query("uuid"))
        return send(exchange, context.store.fileByUuid(*uuid));
    const Result<Page> page = pageOf(exchange);
    if (!page)
        return std::unexpected(page.error());
    const Result<QList<StoredFile>> files =
        lists.page(listOf(exchange), page->offset, page->limit,
                   [&](int limit) { return context.store.files(limit, 0, page->since, page->until); });
    if (!files)
        return std::unexpected(files.error());
    QJsonArray array;
    for (const StoredFile &file : *files)
        array.append(fileJson(file));
    sendJson(exchange.response, 200, QJsonObject{{u"files"_s, array}});
    return {};
}

void addFiles(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/files", [&context, lists = std::make_shared<FileLists>()](Exchange &exchange) {
        return list(context, *lists, exchange);
    });
    router.add("POST", "/v1/files", [&context](Exchange &exchange) { return upload(context, exchange); });
    router.add("GET", "/v1/files/{sha256}", [&context](Exchange &exchange) {
        return send(exchange, fileOf(context, exchange.parameter("sha256")));
    });
}

} // namespace cooperage::embedded
