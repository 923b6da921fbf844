#include "core/engine/contree/json.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/registrybody.h"
#include "core/engine/contree/uploads.h"
#include "core/images/reference.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static Result<QJsonObject> bodyFor(const EngineInfo &info, const ImportRequest &request)
{
    if (!request.platform.isEmpty() && !info.offers(extension::importPlatform))
        return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine chooses the platform of an image by itself"),
            info.name,
            QCoreApplication::translate("Engine",
                                        "Import it without a platform, or into the embedded engine."));
    return registryBody(request.reference, request.credentials, request.plainHttp)
        .transform([&](QJsonObject registry) {
            if (!request.platform.isEmpty())
                registry.insert(u"platform"_s, request.platform);
            return QJsonObject{{u"registry"_s, registry}, {u"timeout"_s, request.timeoutSeconds}};
        });
}

static Task<QJsonObject> archiveBody(TransportPtr transport, EngineInfo info, ImportRequest request,
                                     std::stop_token stop)
{
    if (!info.offers(extension::importArchive))
        co_return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine cannot import an image from a file"),
            info.name,
            QCoreApplication::translate("Engine", "Import it into the embedded engine, or from a registry."));
    const QFileInfo file(request.archivePath);
    QJsonObject archive;
    if (info.offers(extension::localFiles)) {
        archive.insert(u"path"_s, file.absoluteFilePath());
    } else if (file.isDir()) {
        co_return failure(ErrorKind::Unsupported,
                          QCoreApplication::translate(
                              "Engine", "A folder can be imported only by the engine on this computer"),
                          file.absoluteFilePath(),
                          QCoreApplication::translate("Engine", "Pack it into a tar file first."));
    } else {
        const auto uuid = co_await uploadFile(transport, file.absoluteFilePath(), stop);
        if (!uuid)
            co_return std::unexpected(uuid.error());
        archive.insert(u"file"_s, *uuid);
    }
    co_return QJsonObject{{u"archive"_s, archive}, {u"timeout"_s, request.timeoutSeconds}};
}

static Result<> checkTag(const QString &tag)
{
    return tag.isEmpty() ? Result<>{} : images::checkTag(tag);
}

Task<ImportOutcome> importImage(TransportPtr transport, EngineInfo info, ImportRequest request,
                                ProgressHandler progress, std::stop_token stop)
{
    const bool fromFile = !request.archivePath.isEmpty();
    const QString tag =
        request.tag.isEmpty() && !fromFile ? images::derivedTag(request.reference) : request.tag;
    if (auto good = checkTag(tag); !good)
        co_return std::unexpected(good.error());
    Result<QJsonObject> body = QJsonObject();
    if (fromFile)
        body = co_await archiveBody(transport, info, request, stop);
    else
        body = bodyFor(info, request);
    if (!body)
        co_return std::unexpected(body.error());
    if (!tag.isEmpty())
        body->insert(u"tag"_s, tag);
    OperationHandlers handlers;
    if (progress)
        handlers.progress = [progress, what = fromFile ? request.archivePath : request.reference](
                                qint64 done, qint64 total) { progress(done, total, what); };
    const auto record = co_await operate(transport, "/v1/images/import", *body, std::move(handlers), stop);
    if (!record)
        co_return std::unexpected(withSource(record.error(), request.credentials));
    const OperationRecord operation = toOperation(*record);
    const QString filedUnder = (*record)["result"_L1]["tag"_L1].toString();
    co_return ImportOutcome{operation.uuid, operation.resultImage, filedUnder.isEmpty() ? tag : filedUnder,
                            notesOf(*record)};
}

} // namespace cooperage::engine::contree
