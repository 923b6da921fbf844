#include "core/engine/contree/contreeengine.h"

#include "core/engine/contree/commits.h"
#include "core/engine/contree/imagelist.h"
#include "core/engine/contree/diffs.h"
#include "core/engine/contree/exports.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/urlupload.h"

#include <QCoreApplication>

// Every call is a coroutine that shares the transport and never touches the engine object: the object may be
// deleted while a call waits.
namespace cooperage::engine::contree {

using SharedInfo = std::shared_ptr<std::optional<EngineInfo>>;

static Error notOffered(const EngineInfo &info, const QString &what)
{
    return {ErrorKind::Unsupported, what, info.name,
            QCoreApplication::translate("Engine", "The embedded engine can do it.")};
}

static Task<EngineInfo> cachedInfo(TransportPtr transport, SharedInfo cache, std::stop_token stop)
{
    if (*cache)
        co_return EngineInfo(**cache); // QCoro moves out of what is returned: a copy.
    auto info = co_await whoami(transport, stop);
    if (info)
        *cache = *info;
    co_return info;
}

ContreeEngine::ContreeEngine(Endpoint endpoint, QObject *parent)
    : Engine(parent),
      m_transport(Transport::create(std::move(endpoint))),
      m_info(std::make_shared<std::optional<EngineInfo>>())
{
}

ContreeEngine::~ContreeEngine()
{
    m_transport->close();
}

Task<EngineInfo> ContreeEngine::info(std::stop_token stop)
{
    return cachedInfo(m_transport, m_info, std::move(stop));
}

Task<QList<ImageRecord>> ContreeEngine::images(ImageQuery query, std::stop_token stop)
{
    return listImages(m_transport, std::move(query), std::move(stop));
}

static Task<ImagePage> browseWithInfo(TransportPtr transport, SharedInfo cache, ImageListQuery query,
                                      std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    co_return co_await browseImages(transport, *info, std::move(query), stop);
}

Task<ImagePage> ContreeEngine::browse(ImageListQuery query, std::stop_token stop)
{
    return browseWithInfo(m_transport, m_info, std::move(query), std::move(stop));
}

static Task<QList<ImageGroup>> groupsWithInfo(TransportPtr transport, SharedInfo cache, ImageGrouping by,
                                              ImageListQuery query, std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    co_return co_await groupImages(transport, *info, by, std::move(query), stop);
}

Task<QList<ImageGroup>> ContreeEngine::groups(ImageGrouping by, ImageListQuery query, std::stop_token stop)
{
    return groupsWithInfo(m_transport, m_info, by, std::move(query), std::move(stop));
}

Task<ImageRecord> ContreeEngine::resolve(QString nameOrUuid, std::stop_token stop)
{
    return resolveImage(m_transport, std::move(nameOrUuid), std::move(stop));
}

Task<ImageRecord> ContreeEngine::setTag(QString imageUuid, QString tag)
{
    return setImageTag(m_transport, std::move(imageUuid), std::move(tag));
}

Task<> ContreeEngine::removeTag(QString imageUuid, QString tag)
{
    return removeImageTag(m_transport, std::move(imageUuid), std::move(tag));
}

static Task<ImportOutcome> importWithInfo(TransportPtr transport, SharedInfo cache, ImportRequest request,
                                          ProgressHandler progress, std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    co_return co_await contree::importImage(transport, *info, std::move(request), std::move(progress), stop);
}

Task<ImportOutcome> ContreeEngine::importImage(ImportRequest request, ProgressHandler progress,
                                               std::stop_token stop)
{
    return importWithInfo(m_transport, m_info, std::move(request), std::move(progress), std::move(stop));
}

static Task<ExportOutcome> exportWithInfo(TransportPtr transport, SharedInfo cache, ExportRequest request,
                                          QIODevice *target, ProgressHandler progress, std::stop_token stop)
static Task<PushOutcome> pushWithInfo(TransportPtr transport, SharedInfo cache, PushRequest request,
                                      ProgressHandler progress, std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    co_return co_await contree::exportImage(transport, *info, std::move(request), target, std::move(progress),
                                            stop);
}

Task<ExportOutcome> ContreeEngine::exportImage(ExportRequest request, QIODevice *target,
                                               ProgressHandler progress, std::stop_token stop)
{
    return exportWithInfo(m_transport, m_info, std::move(request), target, std::move(progress),
                          std::move(stop));
    co_return co_await contree::pushImage(transport, *info, std::move(request), std::move(progress), stop);
}

Task<PushOutcome> ContreeEngine::pushImage(PushRequest request, ProgressHandler progress,
                                           std::stop_token stop)
{
    return pushWithInfo(m_transport, m_info, std::move(request), std::move(progress), std::move(stop));
}

Task<RunOutcome> ContreeEngine::run(RunRequest request, OutputHandler output, std::stop_token stop)
{
    return runInstance(m_transport, std::move(request), std::move(output), std::move(stop));
}

static Task<ImageRecord> commitWithInfo(TransportPtr transport, SharedInfo cache, CommitRequest request,
                                        std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (info->offers(extension::commit))
        co_return co_await commitEntries(transport, *info, std::move(request), stop);
    co_return co_await commitByRunning(transport, std::move(request), stop);
}

Task<ImageRecord> ContreeEngine::commit(CommitRequest request, std::stop_token stop)
{
    return commitWithInfo(m_transport, m_info, std::move(request), std::move(stop));
}

static Task<QJsonObject> configWithInfo(TransportPtr transport, SharedInfo cache, QString image,
                                        std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(extension::imageConfig))
        co_return QJsonObject();
    co_return co_await readImageConfig(transport, std::move(image), stop);
}

Task<QJsonObject> ContreeEngine::imageConfig(QString imageUuid, std::stop_token stop)
{
    return configWithInfo(m_transport, m_info, std::move(imageUuid), std::move(stop));
}

Task<QList<FileItem>> ContreeEngine::list(QString imageUuid, QString path, std::stop_token stop)
{
    return listFolder(m_transport, std::move(imageUuid), std::move(path), std::move(stop));
}

Task<> ContreeEngine::download(QString imageUuid, QString path, QIODevice *target, std::stop_token stop)
{
    return fetch(m_transport, std::move(imageUuid), "download", std::move(path), target, std::move(stop));
}

Task<> ContreeEngine::archive(QString imageUuid, QString path, QIODevice *target, std::stop_token stop)
{
    return fetch(m_transport, std::move(imageUuid), "archive", std::move(path), target, std::move(stop));
}

static Task<ImageDiff> diffWithInfo(TransportPtr transport, SharedInfo cache, QString image, QString base,
                                    QString path, int limit, std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (info->offers(extension::diff))
        co_return co_await readDiff(transport, std::move(image), std::move(base), std::move(path), limit,
                                    stop);
    co_return co_await diffOfListings(transport, std::move(image), std::move(base), std::move(path), limit,
                                      stop);
}

Task<ImageDiff> ContreeEngine::diff(QString imageUuid, QString baseUuid, QString path, int limit,
                                    std::stop_token stop)
{
    return diffWithInfo(m_transport, m_info, std::move(imageUuid), std::move(baseUuid), std::move(path),
                        limit, std::move(stop));
}

Task<GrepOutcome> ContreeEngine::grep(GrepRequest request, std::stop_token stop)
{
    return searchImage(m_transport, std::move(request), std::move(stop));
}

static Task<QList<LayerRecord>> layersWithInfo(TransportPtr transport, SharedInfo cache, QString image,
                                               std::stop_token stop)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(extension::layers))
        co_return std::unexpected(notOffered(
            *info,
            QCoreApplication::translate("Engine", "This engine does not tell the layers of an image")));
    co_return co_await readLayers(transport, std::move(image), stop);
}

Task<QList<LayerRecord>> ContreeEngine::layers(QString imageUuid, std::stop_token stop)
{
    return layersWithInfo(m_transport, m_info, std::move(imageUuid), std::move(stop));
}

static Task<> removeWithInfo(TransportPtr transport, SharedInfo cache, QString image)
{
    const auto info = co_await cachedInfo(transport, cache, {});
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(extension::removeImage))
        co_return std::unexpected(
            notOffered(*info, QCoreApplication::translate("Engine", "This engine cannot remove images")));
    co_return co_await deleteImage(transport, std::move(image));
}

Task<> ContreeEngine::removeImage(QString imageUuid)
{
    return removeWithInfo(m_transport, m_info, std::move(imageUuid));
}

Task<UrlOutcome> ContreeEngine::uploadUrl(UrlUpload request, ProgressHandler progress, std::stop_token stop)
{
    return contree::uploadUrl(m_transport, std::move(request), std::move(progress), std::move(stop));
}

Task<QList<OperationRecord>> ContreeEngine::operations(int limit, std::stop_token stop)
{
    return listOperations(m_transport, limit, std::move(stop));
}

Task<OperationRecord> ContreeEngine::operation(QString uuid, std::stop_token stop)
{
    return readOperation(m_transport, std::move(uuid), std::move(stop));
}

Task<> ContreeEngine::cancel(QString operation)
{
    return cancelOperation(m_transport, std::move(operation));
}

} // namespace cooperage::engine::contree
