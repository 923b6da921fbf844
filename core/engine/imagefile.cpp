#include "core/engine/imagefile.h"

#include "core/engine/background.h"
#include "core/engine/layoutfolder.h"

#include <QFileInfo>
#include <QSaveFile>

#include <memory>

namespace cooperage::engine {

bool isFolderName(const QString &output)
{
    return output.endsWith(u'/') || QFileInfo(output).isDir();
}

static Task<ExportOutcome> toFolder(Engine *engine, ExportRequest request, QString output,
                                    ProgressHandler progress, std::stop_token stop)
{
    const auto folder = std::make_shared<LayoutFolder>(output);
    if (const Result<> begun = folder->begin(); !begun)
        co_return std::unexpected(begun.error());
    const auto outcome = co_await engine->exportImage(request, folder.get(), progress, stop);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    // Waits for the last files to be on disk.
    const Result<> kept = co_await inBackground([folder] { return folder->commit(); });
    if (!kept)
        co_return std::unexpected(kept.error());
    co_return ExportOutcome(*outcome);
}

static Task<ExportOutcome> toFile(Engine *engine, ExportRequest request, QString output,
                                  ProgressHandler progress, std::stop_token stop)
{
    QSaveFile file(output);
    if (!file.open(QFile::WriteOnly | QFile::Unbuffered))
        co_return failure(ErrorKind::Failed, file.errorString(), output);
    const auto outcome = co_await engine->exportImage(request, &file, progress, stop);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    if (!file.commit())
        co_return failure(ErrorKind::Failed, file.errorString(), output);
    co_return ExportOutcome(*outcome);
}

Task<ExportOutcome> exportToFile(Engine *engine, ExportRequest request, QString output,
                                 ProgressHandler progress, std::stop_token stop)
{
    return isFolderName(output)
               ? toFolder(engine, std::move(request), std::move(output), std::move(progress), stop)
               : toFile(engine, std::move(request), std::move(output), std::move(progress), stop);
}

} // namespace cooperage::engine
