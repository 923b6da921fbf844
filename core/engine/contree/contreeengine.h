#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/engine.h"

#include <memory>

namespace cooperage::engine::contree {

/// A ConTree v1 server, hosted or embedded, as an Engine. Deleting it ends its calls with
/// ErrorKind::Cancelled.
class ContreeEngine : public Engine
{
    Q_OBJECT

public:
    explicit ContreeEngine(Endpoint endpoint, QObject *parent = nullptr);
    ~ContreeEngine() override;

    Task<EngineInfo> info(std::stop_token stop = {}) override;
    Task<QList<ImageRecord>> images(ImageQuery query, std::stop_token stop = {}) override;
    Task<ImagePage> browse(ImageListQuery query, std::stop_token stop = {}) override;
    Task<QList<ImageGroup>> groups(ImageGrouping by, ImageListQuery query,
                                   std::stop_token stop = {}) override;
    Task<ImageRecord> resolve(QString nameOrUuid, std::stop_token stop = {}) override;
    Task<ImageRecord> setTag(QString imageUuid, QString tag) override;
    Task<> removeTag(QString imageUuid, QString tag) override;
    Task<ImportOutcome> importImage(ImportRequest request, ProgressHandler progress,
                                    std::stop_token stop = {}) override;
    Task<ExportOutcome> exportImage(ExportRequest request, QIODevice *target, ProgressHandler progress,
                                    std::stop_token stop = {}) override;
    Task<PushOutcome> pushImage(PushRequest request, ProgressHandler progress,
                                std::stop_token stop = {}) override;
    Task<RunOutcome> run(RunRequest request, OutputHandler output, std::stop_token stop = {}) override;
    Task<std::shared_ptr<Terminal>> openTerminal(TerminalRequest request, std::stop_token stop = {}) override;
    Task<ImageRecord> commit(CommitRequest request, std::stop_token stop = {}) override;
    Task<QJsonObject> imageConfig(QString imageUuid, std::stop_token stop = {}) override;
    Task<QList<FileItem>> list(QString imageUuid, QString path, std::stop_token stop = {}) override;
    Task<> download(QString imageUuid, QString path, QIODevice *target, std::stop_token stop = {}) override;
    Task<> archive(QString imageUuid, QString path, QIODevice *target, std::stop_token stop = {}) override;
    Task<ImageDiff> diff(QString imageUuid, QString baseUuid, QString path, int limit,
                         std::stop_token stop = {}) override;
    Task<GrepOutcome> grep(GrepRequest request, std::stop_token stop = {}) override;
    Task<QList<LayerRecord>> layers(QString imageUuid, std::stop_token stop = {}) override;
    Task<ImageRecord> layerImage(QString imageUuid, int count, std::stop_token stop = {}) override;
    Task<WasteReport> waste(QString imageUuid, int limit, std::stop_token stop = {}) override;
    Task<FindOutcome> find(FindRequest request, std::stop_token stop = {}) override;
    Task<> removeImage(QString imageUuid) override;
    Task<QStringList> upload(QList<StagedEntry> entries, std::stop_token stop = {}) override;
    Task<UrlOutcome> uploadUrl(UrlUpload request, ProgressHandler progress,
                               std::stop_token stop = {}) override;
    Task<QList<OperationRecord>> operations(int limit, std::stop_token stop = {}) override;
    Task<OperationRecord> operation(QString uuid, std::stop_token stop = {}) override;
    Task<> cancel(QString operation) override;
    Task<StorageReport> storage(std::stop_token stop = {}) override;
    Task<CollectOutcome> collect(CollectRequest request, std::stop_token stop = {}) override;

private:
    TransportPtr m_transport;
    std::shared_ptr<std::optional<EngineInfo>> m_info; ///< What whoami said; shared with running calls.
};

} // namespace cooperage::engine::contree
