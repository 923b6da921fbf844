#include "core/engine/contree/json.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/registrybody.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

Task<PushOutcome> pushImage(TransportPtr transport, EngineInfo info, PushRequest request,
                            ProgressHandler progress, std::stop_token stop)
{
    if (!info.offers(extension::push))
        co_return failure(ErrorKind::Unsupported,
                          QCoreApplication::translate("Engine", "This engine cannot push images"), info.name,
                          QCoreApplication::translate("Engine", "Push from the embedded engine."));
    const auto registry = registryBody(request.reference, request.credentials, request.plainHttp);
    if (!registry)
        co_return std::unexpected(registry.error());
    QJsonObject body{{u"registry"_s, *registry}, {u"timeout"_s, request.timeoutSeconds}};
    if (!request.compression.isEmpty())
        body.insert(u"compression"_s, request.compression);
    OperationHandlers handlers;
    if (progress)
        handlers.progress = [progress, what = request.reference](qint64 done, qint64 total) {
            progress(done, total, what);
        };
    const QByteArray path = "/v1/images/" + segment(request.image) + "/push";
    const auto record = co_await operate(transport, path, body, std::move(handlers), stop);
    if (!record)
        co_return std::unexpected(withSource(record.error(), request.credentials));
    co_return PushOutcome{(*record)["uuid"_L1].toString(),
                          (*record)["metadata"_L1]["result"_L1]["digest"_L1].toString(), notesOf(*record)};
}

} // namespace cooperage::engine::contree
