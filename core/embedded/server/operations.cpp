#include "core/embedded/server/context.h"
#include "core/embedded/server/listsnapshots.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static QJsonObject summary(const OperationRow &row, const OperationFigures &figures)
{
    double duration = row.duration;
    if (!isTerminal(row.status) && row.startedAt.isValid())
        duration = static_cast<double>(row.startedAt.msecsTo(QDateTime::currentDateTimeUtc())) / 1000.0;
    return {{u"uuid"_s, row.uuid},
            {u"kind"_s, row.kind},
            {u"status"_s, row.status},
            {u"error"_s, textOrNull(row.error)},
            {u"created_at"_s, timeValue(row.createdAt)},
            {u"duration"_s, duration},
            {u"image_size"_s, figures.imageSize},
            {u"consumed_cpu"_s, figures.cpuSeconds},
            {u"consumed_memory"_s, figures.memoryBytes},
            {u"image_uuid"_s, textOrNull(row.image)},
            {u"result_image_uuid"_s, textOrNull(row.resultImage)}};
}

// One of a few words, or nothing.
static Result<QString> wordOf(const Exchange &exchange, const char *name, const QStringList &known)
{
    const QString word = exchange.query(name).value_or(QString());
    if (word.isEmpty() || known.contains(word))
        return word;
    return failure(ErrorKind::BadInput,
                   Text::tr("%1 must be one of %2").arg(QString::fromLatin1(name), known.join(", "_L1)));
}

using OperationLists = ListSnapshots<qint64>;

static Result<> list(ServerContext &context, OperationLists &lists, Exchange &exchange)
{
    const Result<Page> page = pageOf(exchange);
    if (!page)
        return std::unexpected(page.error());
    const Result<QString> status =
        wordOf(exchange, "status",
               {u"PENDING"_s, u"ASSIGNED"_s, u"EXECUTING"_s, u"SUCCESS"_s, u"FAILED"_s, u"CANCELLED"_s});
    if (!status)
        return std::unexpected(status.error());
    const Result<QString> kind = wordOf(exchange, "kind", {u"instance"_s, u"image_import"_s, imagePushKind});
    if (!kind)
        return std::unexpected(kind.error());
    OperationTable &table = context.operations.table();
    OperationFilter filter{.status = *status, .kind = *kind, .since = page->since, .until = page->until};
    // Which ones is settled with the first page; how they are is told as of now.
    const Result<QList<OperationRow>> rows =
        lists
            .page(listOf(exchange), page->offset, page->limit,
                  [&](int limit) {
                      filter.limit = limit;
                      return table.list(filter);
                  })
            .and_then([&](const QList<qint64> &numbers) { return table.rows(numbers); });
    if (!rows)
        return std::unexpected(rows.error());
    QJsonArray reply;
    for (const OperationRow &row : *rows)
        reply.append(summary(row, OperationFigures::fromJson(row.metadata)));
    sendJson(exchange.response, 200, reply);
    return {};
}

static Result<> get(ServerContext &context, Exchange &exchange)
{
    const Result<OperationRow> row = context.operations.row(exchange.parameter("uuid"));
    if (!row)
        return std::unexpected(row.error());
    const OperationFigures figures = OperationFigures::fromJson(row->metadata);
    QJsonObject reply = summary(*row, figures);
    QJsonObject metadata = figures.metadata;
    const bool live = flagOf(exchange, "inflight");
    if (isTerminal(row->status) || live) {
        const QJsonObject result = context.operations.result(row->uuid);
        if (!result.isEmpty())
            metadata[u"result"_s] = result;
    }
    reply[u"metadata"_s] = metadata;
    reply[u"result"_s] =
        QJsonObject{{u"image"_s, textOrNull(row->resultImage)}, {u"tag"_s, textOrNull(figures.tag)}};
    if (live && !isTerminal(row->status))
        exchange.response.set_header("Retry-After", "1");
    sendJson(exchange.response, 200, reply);
    return {};
}

static Result<> cancel(ServerContext &context, Exchange &exchange)
{
    const Result<OperationRunner::CancelAnswer> answer =
        context.operations.cancel(exchange.parameter("uuid"));
    if (!answer)
        return std::unexpected(answer.error());
    if (*answer == OperationRunner::CancelAnswer::AlreadyEnded)
        return exchange.reject(409, Text::tr("the operation has ended already"));
    exchange.response.status = 202;
    return {};
}

void addOperations(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/operations",
               [&context, lists = std::make_shared<OperationLists>()](Exchange &exchange) {
                   return list(context, *lists, exchange);
               });
    router.add("GET", "/v1/operations/{uuid}",
               [&context](Exchange &exchange) { return get(context, exchange); });
    router.add("DELETE", "/v1/operations/{uuid}",
               [&context](Exchange &exchange) { return cancel(context, exchange); });
}

} // namespace cooperage::embedded
