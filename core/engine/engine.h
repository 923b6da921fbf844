#pragma once

#include "core/base/error.h"
#include "core/engine/imagelist.h"
#include "core/engine/imageparts.h"
#include "core/engine/storagevalues.h"
#include "core/engine/terminal.h"
#include "core/engine/values.h"

#include <qcorotask.h>
#include <QObject>

#include <memory>
#include <stop_token>

class QIODevice;

namespace cooperage::engine {

template <typename T = void>
using Task = QCoro::Task<Result<T>>;

/// What every engine does for the rest of the program. All calls are coroutines of the thread that owns the
/// object; each ends early with ErrorKind::Cancelled when its stop token is triggered, and then has undone or
/// cancelled what it began (a run's processes are killed). Parameters are taken by value: a coroutine
/// outlives its caller's frame.
class Engine : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Connects if need be (starting the embedded engine) and says what the engine is. Cached after the first
    /// success.
    [[nodiscard]] virtual Task<EngineInfo> info(std::stop_token stop = {}) = 0;

    [[nodiscard]] virtual Task<QList<ImageRecord>> images(ImageQuery query, std::stop_token stop = {}) = 0;
    /// A page for browsing; engines without `image-list` know the newest-first order and the tag's beginning
    /// only.
    [[nodiscard]] virtual Task<ImagePage> browse(ImageListQuery query, std::stop_token stop = {}) = 0;
    [[nodiscard]] virtual Task<QList<ImageGroup>> groups(ImageGrouping by, ImageListQuery query,
                                                         std::stop_token stop = {}) = 0;
    /// A uuid, "tag:NAME" or a bare tag, matched exactly. NotFound if there is no such image.
    [[nodiscard]] virtual Task<ImageRecord> resolve(QString nameOrUuid, std::stop_token stop = {}) = 0;
    [[nodiscard]] virtual Task<ImageRecord> setTag(QString imageUuid, QString tag) = 0;
    [[nodiscard]] virtual Task<> removeTag(QString imageUuid, QString tag) = 0;
    [[nodiscard]] virtual Task<ImportOutcome> importImage(ImportRequest request, ProgressHandler progress,
                                                          std::stop_token stop = {}) = 0;
    /// Sends an image to a registry. Denied: the registry refuses the account, or wants one.
    [[nodiscard]] virtual Task<PushOutcome> pushImage(PushRequest request, ProgressHandler progress,
                                                      std::stop_token stop = {}) = 0;

    /// Writes the image to `target` as it comes. After a failure what was written is worth nothing.
    [[nodiscard]] virtual Task<ExportOutcome> exportImage(ExportRequest request, QIODevice *target,
                                                          ProgressHandler progress,
                                                          std::stop_token stop = {}) = 0;

    [[nodiscard]] virtual Task<RunOutcome> run(RunRequest request, OutputHandler output,
                                               std::stop_token stop = {}) = 0;
    /// Starts a command in a terminal of its own and returns as soon as it has been asked for: what it shows
    /// and its end come as signals. Unsupported where the engine has no terminals.
    [[nodiscard]] virtual Task<std::shared_ptr<Terminal>> openTerminal(TerminalRequest request,
                                                                       std::stop_token stop = {}) = 0;
    /// Where the engine lacks `commit`: uploads the files and runs `:`; folders, links and copies from other
    /// images are then carried out as well as plain v1 allows, or refused with the reason.
    [[nodiscard]] virtual Task<ImageRecord> commit(CommitRequest request, std::stop_token stop = {}) = 0;
    /// The image's OCI config; an empty object where the engine keeps none.
    [[nodiscard]] virtual Task<QJsonObject> imageConfig(QString imageUuid, std::stop_token stop = {}) = 0;

    [[nodiscard]] virtual Task<QList<FileItem>> list(QString imageUuid, QString path,
                                                     std::stop_token stop = {}) = 0;
    /// Writes a file's bytes to `target` as they come.
    [[nodiscard]] virtual Task<> download(QString imageUuid, QString path, QIODevice *target,
                                          std::stop_token stop = {}) = 0;
    /// Writes a tar of a file or tree to `target` as it comes.
    [[nodiscard]] virtual Task<> archive(QString imageUuid, QString path, QIODevice *target,
                                         std::stop_token stop = {}) = 0;
    /// What `imageUuid` has that `baseUuid` (empty: an empty file system) has not, and the reverse, below
    /// `path`; the first `limit` changes by path. Where the engine lacks `diff` the listings are compared: a
    /// file then counts as changed by its size and time, not by its bytes.
    [[nodiscard]] virtual Task<ImageDiff> diff(QString imageUuid, QString baseUuid, QString path, int limit,
                                               std::stop_token stop = {}) = 0;
    /// Searches the files of an image; links are not followed, binary files are left out.
    [[nodiscard]] virtual Task<GrepOutcome> grep(GrepRequest request, std::stop_token stop = {}) = 0;
    /// Bottom to top. Unsupported where the engine does not tell.
    [[nodiscard]] virtual Task<QList<LayerRecord>> layers(QString imageUuid, std::stop_token stop = {}) = 0;
    /// The image of the `count` lowest layers, made if there is none yet. Unsupported as for layers().
    [[nodiscard]] virtual Task<ImageRecord> layerImage(QString imageUuid, int count,
                                                       std::stop_token stop = {}) = 0;
    /// What lower layers hold and upper ones hide; the `limit` biggest files. Unsupported as for layers().
    [[nodiscard]] virtual Task<WasteReport> waste(QString imageUuid, int limit,
                                                  std::stop_token stop = {}) = 0;
    /// Searches an image's paths. Where the engine lacks `find` the folders are listed one by one.
    [[nodiscard]] virtual Task<FindOutcome> find(FindRequest request, std::stop_token stop = {}) = 0;
    /// Forgets an image and its tags. Unsupported where the engine cannot.
    [[nodiscard]] virtual Task<> removeImage(QString imageUuid) = 0;
    /// Makes sure that the engine has the bytes of all entries of type File and returns their uuids in order:
    /// for later runs, whatever becomes of the local files.
    [[nodiscard]] virtual Task<QStringList> upload(QList<StagedEntry> entries, std::stop_token stop = {}) = 0;
    /// Streams a URL's body into the engine's file store: constant memory, no temporary file, digest on the
    /// way.
    [[nodiscard]] virtual Task<UrlOutcome> uploadUrl(UrlUpload request, ProgressHandler progress,
                                                     std::stop_token stop = {}) = 0;

    [[nodiscard]] virtual Task<QList<OperationRecord>> operations(int limit, std::stop_token stop = {}) = 0;
    /// While it runs, with what it has printed so far.
    [[nodiscard]] virtual Task<OperationRecord> operation(QString uuid, std::stop_token stop = {}) = 0;
    [[nodiscard]] virtual Task<> cancel(QString operation) = 0;

    /// Both Unsupported where the engine does not tell what takes space.
    [[nodiscard]] virtual Task<StorageReport> storage(std::stop_token stop = {}) = 0;
    [[nodiscard]] virtual Task<CollectOutcome> collect(CollectRequest request, std::stop_token stop = {}) = 0;
};

} // namespace cooperage::engine
