#include "core/base/sha256.h"
#include "core/build/placer.h"
#include "core/context/gitrepository.h"
#include "core/engine/background.h"
#include "core/engine/urldownload.h"

#include <QCoreApplication>
#include <QTimer>
#include <QUrl>

#include <atomic>

using namespace Qt::StringLiterals;

// ADD of what has to be fetched.
namespace cooperage::build {

using context::ResolvedSource;
using engine::StagedEntry;
using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Placement", text);
}

Task<> Placer::place(AddedUrl url)
{
    if (m_order.unpackUrls) {
        const Result<QString> folder = temporaryFolder();
        if (!folder)
            co_return std::unexpected(folder.error());
        const QString file = *folder + u"/content"_s;
        auto work = [url, file, stop = m_options.stop] {
            return engine::downloadUrl(url.url, file, stop).and_then([&] { return sha256OfFile(file); });
        };
        const Result<QByteArray> digest = co_await inBackground(std::move(work));
        if (!digest)
            co_return std::unexpected(digest.error());
        if (*digest != url.file.sha256)
            co_return failure(ErrorKind::Failed, tr("The content of the URL has just changed"),
                              QUrl(url.url).toString(QUrl::RemoveUserInfo), tr("Build again."));
        const Result<bool> unpacked = co_await unpack(file);
        if (!unpacked || *unpacked)
            co_return unpacked.transform([](bool) {});
    }
    StagedEntry entry = m_to.entryAt({}, 0600, false);
    entry.fileUuid = url.file.uuid;
    entry.sha256 = url.file.sha256;
    entry.size = url.file.size;
    entry.mtimeNs = url.mtimeNs;
    const Result<QString> path = m_to.file(url.name);
    co_return add(path, entry);
}

Task<> Placer::place(AddedGit git)
{
    const Result<QString> target = temporaryFolder();
    if (!target)
        co_return std::unexpected(target.error());
    // Progress comes on the thread that waits for git.
    auto percent = std::make_shared<std::atomic_int>(0);
    const context::GitProgress progress = [percent](int done, const QString &) { *percent = done; };
    QTimer ticker;
    QObject::connect(&ticker, &QTimer::timeout, &ticker, [this, percent, what = git.source.displayName()] {
        if (m_options.progress)
            m_options.progress(*percent, 100, what);
    });
    ticker.start(std::chrono::milliseconds(200));
    auto work = [git, target = *target, progress, exclude = m_order.exclude,
                 stop = m_options.stop]() -> Result<ResolvedSource> {
        const Result<QString> folder =
            context::checkOutGit(git.source, git.commit, git.keepGitDir, target, progress, stop);
        if (!folder)
            return std::unexpected(folder.error());
        context::FolderContextOptions options;
        options.builtInExcludes = false;
        options.readIgnoreFile = false;
        const auto context = context::FolderContext::open(*folder, options);
        return context ? (*context)->resolve(u"/"_s, {exclude}, stop) : std::unexpected(context.error());
    };
    const Result<ResolvedSource> files = co_await inBackground(std::move(work));
    ticker.stop();
    if (!files)
        co_return std::unexpected(files.error());
    co_return placeMatch(files->matches.first());
}

} // namespace cooperage::build
