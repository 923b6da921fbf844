#include "core/engine/contree/contreeengine.h"

#include "core/engine/contree/commits.h"
#include "core/engine/contree/contreeterminal.h"
#include "core/engine/contree/diffs.h"
#include "core/engine/contree/exports.h"
#include "core/engine/contree/imagelist.h"
#include "core/engine/contree/imageparts.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/storage.h"
#include "core/engine/contree/uploads.h"
#include "core/engine/contree/urlupload.h"

#include <QCoreApplication>

// Every call is a coroutine that shares the transport and never touches the engine object: the object may be
// deleted while a call waits.
namespace cooperage::engine::contree {

using SharedInfo = std::shared_ptr<std::optional<EngineInfo>>;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
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

// Makes a call that depends on what the engine offers. `call` gets the transport and the engine's info.
template <typename T, typename Call>
static Task<T> withInfo(TransportPtr transport, SharedInfo cache, std::stop_token stop, Call call)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    co_return co_await call(transport, *info);
}

// The same for what only an extension can do; `lacking` says so to the user.
template <typename T, typename Call>
static Task<T> withExtension(TransportPtr transport, SharedInfo cache, std::stop_token stop,
                             QString extension, QString lacking, Call call)
{
    const auto info = co_await cachedInfo(transport, cache, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(extension))
        co_return failure(ErrorKind::Unsupported, lacking, info->name, tr("The embedded engine can do it."));
    co_return co_await call(transport);
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

Task<ImagePage> ContreeEngine::browse(ImageListQuery query, std::stop_token stop)
{
    return withInfo<ImagePage>(m_transport, m_info, stop,
                               [query, stop](TransportPtr transport, EngineInfo info) {
                                   return browseImages(transport, info, query, stop);
                               });
}

Task<QList<ImageGroup>> ContreeEngine::groups(ImageGrouping by, ImageListQuery query, std::stop_token stop)
{
    return withInfo<QList<ImageGroup>>(m_transport, m_info, stop,
                                       [by, query, stop](TransportPtr transport, EngineInfo info) {
                                           return groupImages(transport, info, by, query, stop);
                                       });
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

Task<ImportOutcome> ContreeEngine::importImage(ImportRequest request, ProgressHandler progress,
                                               std::stop_token stop)
{
    return withInfo<ImportOutcome>(m_transport, m_info, stop,
                                   [request, progress, stop](TransportPtr transport, EngineInfo info) {
                                       return contree::importImage(transport, info, request, progress, stop);
                                   });
}

Task<ExportOutcome> ContreeEngine::exportImage(ExportRequest request, QIODevice *target,
                                               ProgressHandler progress, std::stop_token stop)
{
    return contree::exportImage(m_transport, std::move(request), target, std::move(progress),
                                std::move(stop));
}

Task<PushOutcome> ContreeEngine::pushImage(PushRequest request, ProgressHandler progress,
                                           std::stop_token stop)
{
    return withInfo<PushOutcome>(m_transport, m_info, stop,
                                 [request, progress, stop](TransportPtr transport, EngineInfo info) {
                                     return contree::pushImage(transport, info, request, progress, stop);
                                 });
}

Task<RunOutcome> ContreeEngine::run(RunRequest request, OutputHandler output, std::stop_token stop)
{
    return runInstance(m_transport, std::move(request), std::move(output), std::move(stop));
}

Task<std::shared_ptr<Terminal>> ContreeEngine::openTerminal(TerminalRequest request, std::stop_token stop)
{
    return withExtension<std::shared_ptr<Terminal>>(
        m_transport, m_info, stop, extension::terminal, tr("This engine has no terminals"),
        [request, stop](TransportPtr transport) { return contree::openTerminal(transport, request, stop); });
}

Task<ImageRecord> ContreeEngine::commit(CommitRequest request, std::stop_token stop)
{
    return withInfo<ImageRecord>(
        m_transport, m_info, stop, [request, stop](TransportPtr transport, EngineInfo info) {
            return info.offers(extension::commit) ? commitEntries(transport, info, request, stop)
                                                  : commitByRunning(transport, request, stop);
        });
}

static Task<QJsonObject> noConfig()
{
    co_return QJsonObject();
}

Task<QJsonObject> ContreeEngine::imageConfig(QString imageUuid, std::stop_token stop)
{
    return withInfo<QJsonObject>(
        m_transport, m_info, stop, [imageUuid, stop](TransportPtr transport, EngineInfo info) {
            return info.offers(extension::imageConfig) ? readImageConfig(transport, imageUuid, stop)
                                                       : noConfig();
        });
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

Task<ImageDiff> ContreeEngine::diff(QString imageUuid, QString baseUuid, QString path, int limit,
                                    std::stop_token stop)
{
    return withInfo<ImageDiff>(
        m_transport, m_info, stop,
        [imageUuid, baseUuid, path, limit, stop](TransportPtr transport, EngineInfo info) {
            return info.offers(extension::diff)
                       ? readDiff(transport, imageUuid, baseUuid, path, limit, stop)
                       : diffOfListings(transport, imageUuid, baseUuid, path, limit, stop);
        });
}

Task<GrepOutcome> ContreeEngine::grep(GrepRequest request, std::stop_token stop)
{
    return searchImage(m_transport, std::move(request), std::move(stop));
}

Task<QList<LayerRecord>> ContreeEngine::layers(QString imageUuid, std::stop_token stop)
{
    return withExtension<QList<LayerRecord>>(
        m_transport, m_info, stop, extension::layers, tr("This engine does not tell the layers of an image"),
        [imageUuid, stop](TransportPtr transport) { return readLayers(transport, imageUuid, stop); });
}

Task<ImageRecord> ContreeEngine::layerImage(QString imageUuid, int count, std::stop_token stop)
{
    return withExtension<ImageRecord>(m_transport, m_info, stop, extension::layers,
                                      tr("This engine does not tell the layers of an image"),
                                      [imageUuid, count, stop](TransportPtr transport) {
                                          return makeLayerImage(transport, imageUuid, count, stop);
                                      });
}

Task<WasteReport> ContreeEngine::waste(QString imageUuid, int limit, std::stop_token stop)
{
    return withExtension<WasteReport>(m_transport, m_info, stop, extension::layers,
                                      tr("This engine does not tell the layers of an image"),
                                      [imageUuid, limit, stop](TransportPtr transport) {
                                          return readWaste(transport, imageUuid, limit, stop);
                                      });
}

Task<FindOutcome> ContreeEngine::find(FindRequest request, std::stop_token stop)
{
    return withInfo<FindOutcome>(
        m_transport, m_info, stop, [request, stop](TransportPtr transport, EngineInfo info) {
            return info.offers(extension::find) ? findFiles(transport, request, stop)
                                                : findInListings(transport, request, stop);
        });
}

Task<> ContreeEngine::removeImage(QString imageUuid)
{
    return withExtension<void>(
        m_transport, m_info, {}, extension::removeImage, tr("This engine cannot remove images"),
        [imageUuid](TransportPtr transport) { return deleteImage(transport, imageUuid); });
}

Task<QStringList> ContreeEngine::upload(QList<StagedEntry> entries, std::stop_token stop)
{
    return uploadFiles(m_transport, std::move(entries), std::move(stop));
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

Task<StorageReport> ContreeEngine::storage(std::stop_token stop)
{
    return withExtension<StorageReport>(
        m_transport, m_info, stop, extension::storage, tr("This engine does not tell what takes space"),
        [stop](TransportPtr transport) { return readStorage(transport, stop); });
}

Task<CollectOutcome> ContreeEngine::collect(CollectRequest request, std::stop_token stop)
{
    return withExtension<CollectOutcome>(
        m_transport, m_info, stop, extension::storage, tr("This engine does not free space on request"),
        [request, stop](TransportPtr transport) { return collectStorage(transport, request, stop); });
}

} // namespace cooperage::engine::contree
