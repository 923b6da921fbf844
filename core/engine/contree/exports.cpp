#include "core/engine/contree/exports.h"

#include "core/engine/contree/operations.h"
#include "core/engine/contree/plainexport.h"
#include "core/engine/contree/pull.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static Query exportQuery(const ExportRequest &request)
{
    Query query{{"format", request.format}};
    if (!request.compression.isEmpty())
        query.append({"compression", request.compression});
    for (const QString &name : request.names)
        query.append({"name", name});
    if (request.epoch)
        query.append({"epoch", QString::number(*request.epoch)});
    return query;
}

Task<ExportOutcome> exportImage(TransportPtr transport, ExportRequest request, QIODevice *target,
                                ProgressHandler progress, std::stop_token stop)
{
    // The transfer has a connection of its own: an engine that has gone to sleep is woken here.
    const auto info = co_await whoami(transport, stop);
    if (!info)
        co_return std::unexpected(info.error());
    const bool offered = info->offers(extension::exportImage);
    if (!offered && request.config)
        co_return co_await plainExport(transport, request, target, progress, stop);
    if (!offered)
        co_return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine cannot give an image out as a file"),
            info->name, QCoreApplication::translate("Engine", "Files in it can be copied out one by one."));
    std::function<void(qint64)> told;
    if (progress)
        told = [progress, image = request.image](qint64 done) { progress(done, -1, image); };
    const auto body = co_await pullBody(transport, "/v1/images/" + segment(request.image) + "/export",
                                        exportQuery(request), target, told, stop);
    if (!body)
        co_return std::unexpected(body.error());
    co_return ExportOutcome{body->size, body->warning};
}

} // namespace cooperage::engine::contree
