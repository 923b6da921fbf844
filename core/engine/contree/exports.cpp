#include "core/engine/contree/exports.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/images.h"

#include <QCoreApplication>
#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

// A large layer is compressed or hashed before its first byte comes.
static constexpr std::chrono::minutes patience{60};

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

/// The words of a Warning header: `299 cooperage "the words"`.
static QString wordsOf(const QByteArray &warning)
{
    return QString::fromUtf8(warning).section(u'"', 1, 1);
}

Task<ExportOutcome> exportImage(TransportPtr transport, EngineInfo info, ExportRequest request,
                                QIODevice *target, ProgressHandler progress, std::stop_token stop)
{
    if (!info.offers(extension::exportImage))
        co_return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine cannot give an image out as a file"),
            info.name, QCoreApplication::translate("Engine", "Files in it can be copied out one by one."));
    ExportOutcome outcome;
    QElapsedTimer sinceShown;
    BodyHandler handler = [&](const QByteArray &bytes) {
        outcome.size += bytes.size();
        if (progress && (!sinceShown.isValid() || sinceShown.elapsed() > 100)) {
            sinceShown.start();
            progress(outcome.size, -1, request.image);
        }
        return writeAll(target, bytes);
    };
    Request call{.path = "/v1/images/" + segment(request.image) + "/export",
                 .query = exportQuery(request),
                 .silence = patience};
    const auto response = co_await exchange(transport, std::move(call), std::move(handler), stop);
    if (!response)
        co_return std::unexpected(response.error());
    if (!response->isSuccess())
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    outcome.warning = wordsOf(response->warning);
    co_return ExportOutcome(outcome);
}

} // namespace cooperage::engine::contree
