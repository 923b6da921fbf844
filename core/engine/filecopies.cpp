#include "core/engine/filecopies.h"

#include "core/base/sha256.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTimer>

#include <atomic>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::engine {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
}

namespace {

/// Hands what is written to a function, on the thread that writes; false ends the transfer.
class Sink : public QIODevice
{
public:
    explicit Sink(std::function<bool(QByteArrayView)> take) : m_take(std::move(take))
    {
        open(WriteOnly | Unbuffered);
    }

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *data, qint64 size) override
    {
        return m_take(QByteArrayView(data, size)) ? size : -1;
    }

private:
    std::function<bool(QByteArrayView)> m_take;
};

/// Tells how far a transfer is as long as it lives.
class Ticker
{
public:
    Ticker(const std::atomic<qint64> &done, const ProgressHandler &progress)
    {
        if (!progress)
            return;
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [&done, &progress] { progress(done, -1, {}); });
        m_timer.start(200ms);
    }

private:
    QTimer m_timer;
};

} // namespace

Task<FileHead> readHead(Engine *engine, QString image, QString path, qint64 most, std::stop_token stop)
{
    FileHead head;
    Sink sink([&head, most](QByteArrayView bytes) {
        const qint64 room = most - head.bytes.size();
        head.bytes.append(bytes.first(std::min<qsizetype>(room, bytes.size())));
        head.isWhole = bytes.size() <= room;
        return head.isWhole;
    });
    const auto done = co_await engine->download(image, path, &sink, stop);
    if (!done && head.isWhole)
        co_return std::unexpected(done.error());
    co_return FileHead(head);
}

Task<FileDigest> digestFile(Engine *engine, QString image, QString path, std::stop_token stop)
{
    FileDigest digest;
    Sha256 hash;
    Sink sink([&](QByteArrayView bytes) {
        hash.update(bytes);
        digest.size += bytes.size();
        return true;
    });
    const auto done = co_await engine->download(image, path, &sink, stop);
    if (!done)
        co_return std::unexpected(done.error());
    digest.sha256 = hash.hexDigest();
    co_return FileDigest(digest);
}

static Task<qint64> transfer(Engine *engine, QString image, QString path, QFileDevice *file, bool asTar,
                             ProgressHandler progress, std::stop_token stop, qint64 most)
{
    std::atomic<qint64> done = 0;
    Sink sink([&](QByteArrayView bytes) {
        done += bytes.size();
        return (most < 0 || done <= most) && file->write(bytes.constData(), bytes.size()) == bytes.size();
    });
    const Ticker ticker(done, progress);
    const auto sent = asTar ? co_await engine->archive(image, path, &sink, stop)
                            : co_await engine->download(image, path, &sink, stop);
    if (progress)
        progress(done, -1, {});
    if (sent)
        co_return qint64(done);
    if (most >= 0 && done > most)
        co_return failure(ErrorKind::Unsupported, tr("This is larger than was asked for"), path);
    if (file->error() != QFileDevice::NoError)
        co_return failure(file->error() == QFileDevice::ResourceError ? ErrorKind::Full : ErrorKind::Failed,
                          tr("Cannot write: %1").arg(file->errorString()), file->fileName());
    co_return std::unexpected(sent.error());
}

Task<qint64> saveAsFile(Engine *engine, QString image, QString path, QString target, bool asTar,
                        ProgressHandler progress, std::stop_token stop)
{
    QSaveFile file(target);
    if (!file.open(QFile::WriteOnly | QFile::Unbuffered))
        co_return failure(ErrorKind::Failed, file.errorString(), target);
    const auto size = co_await transfer(engine, image, path, &file, asTar, progress, stop, -1);
    if (!size)
        co_return size;
    if (!file.commit())
        co_return failure(ErrorKind::Failed, file.errorString(), target);
    co_return qint64(*size);
}

Task<UnpackedTree> saveAsTree(Engine *engine, QString image, QString path, QString target,
                              ProgressHandler progress, std::stop_token stop, qint64 most)
{
    const QFileInfo place(target);
    if (place.exists() || place.isSymLink())
        co_return failure(ErrorKind::Failed, tr("There is something of that name already"), target,
                          tr("Choose another name or folder."));
    // Beside the target, so that it can be moved there in one step.
    const auto staging = std::make_shared<QTemporaryDir>(place.absolutePath() + u"/.cooperage-XXXXXX"_s);
    if (!staging->isValid())
        co_return failure(ErrorKind::Failed, staging->errorString(), place.absolutePath());
    QFile tar(staging->filePath(u"tar"_s));
    if (!tar.open(QFile::WriteOnly | QFile::Unbuffered))
        co_return failure(ErrorKind::Failed, tar.errorString(), tar.fileName());
    const auto sent = co_await transfer(engine, image, path, &tar, true, progress, stop, most);
    tar.close();
    if (!sent)
        co_return std::unexpected(sent.error());
    auto work = [staging, tar = tar.fileName(), path, target, stop]() -> Result<UnpackedTree> {
        const QString tree = staging->filePath(u"tree"_s);
        const auto unpacked = unpackTree(tar, path, tree, stop);
        if (unpacked && !QDir().rename(tree, target))
            return failure(ErrorKind::Failed, tr("Cannot move what was saved to its place"), target);
        return unpacked;
    };
    co_return co_await inBackground(std::move(work));
}

} // namespace cooperage::engine
