#include "core/embedded/server/operationrunner.h"

#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/server/instanceprocesses.h"
#include "core/embedded/server/text.h"

#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

#include <sys/stat.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr int mostAtOnce = 64;
// In a stored result: those of further processes, by their numbers.
static constexpr QLatin1StringView furtherKey = "further_processes"_L1;

OperationRunner::OperationRunner(Store &store)
    : m_store(store),
      m_table(store.database()),
      m_folder(store.folder() + "/operations"),
      m_freeSlots(mostAtOnce)
{
    // A failure shows when the first log cannot be written; there is nothing better to do with it here.
    ::mkdir(m_folder.c_str(), 0700);
    forgetOld();
    removeUnknownLogs();
}

OperationRunner::~OperationRunner()
{
    shutDown();
}

std::string OperationRunner::path(const QString &uuid, const char *suffix) const
{
    return m_folder + '/' + uuid.toStdString() + suffix;
}

Result<QString> OperationRunner::start(const QString &kind, const QString &image, const QJsonObject &metadata,
                                       Work work)
{
    if (++m_started % 1000 == 0)
        forgetOld();
    OperationRow row{QUuid::createUuid().toString(QUuid::WithoutBraces), kind, u"PENDING"_s};
    row.createdAt = QDateTime::currentDateTimeUtc();
    row.image = image;
    const auto operation =
        std::make_shared<Operation>(row, OperationFigures{.metadata = metadata}, path(row.uuid, ".events"));
    const std::scoped_lock lock(m_mutex);
    if (m_shutDown)
        return failure(ErrorKind::Failed, Text::tr("the engine is about to end; try again"));
    if (const Result<> inserted = m_table.insert(operation->row()); !inserted) {
        removeLogs(row.uuid);
        return std::unexpected(inserted.error());
    }
    for (std::thread &thread : m_ended)
        thread.join();
    m_ended.clear();
    Running &running = m_running[row.uuid];
    running.operation = operation;
    running.thread =
        std::thread([this, operation, work = std::move(work)]() mutable { run(operation, std::move(work)); });
    return row.uuid;
}

bool OperationRunner::takeSlot(Operation &operation)
{
    std::unique_lock lock(m_mutex);
    if (!m_slotFree.wait(lock, operation.stopToken(), [this] { return m_freeSlots > 0; }))
        return false;
    --m_freeSlots;
    return true;
}

void OperationRunner::run(const std::shared_ptr<Operation> &operation, Work work)
{
    if (!takeSlot(*operation)) {
        finish(*operation, failure(ErrorKind::Cancelled, Text::tr("cancelled before it began")));
        return;
    }
    operation->change(
        [](OperationRow &row, OperationFigures &) { row.startedAt = QDateTime::currentDateTimeUtc(); });
    setStatus(*operation, u"ASSIGNED"_s);
    Result<QString> image;
    try {
        image = work(*operation);
    } catch (const std::exception &problem) {
        qWarning("engine: operation %s: %s", qPrintable(operation->uuid()), problem.what());
        image = failure(ErrorKind::Failed, Text::tr("the engine met an error of its own; its log says more"));
    }
    work = {}; // Before anybody can see the end: what it used can be collected from then on.
    if (!image && image.error().kind == ErrorKind::Full)
        (void)m_store.collect({}); // A layer that came to no image any more must not keep the disk full.
    {
        const std::scoped_lock lock(m_mutex);
        ++m_freeSlots;
        m_slotFree.notify_one();
    }
    finish(*operation, image);
}

void OperationRunner::setExecuting(Operation &operation)
{
    setStatus(operation, u"EXECUTING"_s);
}

void OperationRunner::setStatus(Operation &operation, const QString &status)
{
    (void)record(operation, [&](OperationRow &row, OperationFigures &) { row.status = status; });
}

// Written before anybody can see it in memory: a client that saw an operation end must find it so in the
// lists.
bool OperationRunner::record(Operation &operation, const Operation::Edit &edit)
{
    Result<> written;
    operation.change([&](OperationRow &row, OperationFigures &figures) {
        edit(row, figures);
        OperationRow stored = row;
        stored.metadata = figures.toJson();
        written = m_table.update(stored);
    });
    if (!written)
        qWarning("engine: operation %s: %s", qPrintable(operation.uuid()),
                 qPrintable(written.error().text()));
    return written.has_value();
}

static QJsonObject completionOf(const OperationRow &row, qint64 imageSize)
{
    QJsonObject data{{u"status"_s, row.status}, {u"duration_ms"_s, static_cast<qint64>(row.duration * 1000)}};
    if (!row.error.isEmpty())
        data[u"error"_s] = row.error;
    if (!row.resultImage.isEmpty()) {
        data[u"result_image_uuid"_s] = row.resultImage;
        data[u"image_size_bytes"_s] = imageSize;
    }
    return data;
}

void OperationRunner::finish(Operation &operation, const Result<QString> &image)
{
    const bool cancelled =
        !image && image.error().kind == ErrorKind::Cancelled && operation.stopToken().stop_requested();
    qint64 imageSize = 0;
    if (image && !image->isEmpty()) {
        if (const Result<StoredImage> stored = m_store.image(*image))
            imageSize = stored->size;
    }
    operation.setResult(operation.result());
    const bool resultStored = storeResult(operation);
    const bool recorded = record(operation, [&](OperationRow &row, OperationFigures &figures) {
        row.finishedAt = QDateTime::currentDateTimeUtc();
        if (row.startedAt.isValid())
            row.duration = static_cast<double>(row.startedAt.msecsTo(row.finishedAt)) / 1000.0;
        row.status = image ? u"SUCCESS"_s : cancelled ? u"CANCELLED"_s : u"FAILED"_s;
        row.error = image || cancelled ? QString() : image.error().text();
        row.resultImage = image.value_or(QString());
        figures.imageSize = imageSize;
    });
    operation.log().append(u"completion"_s, completionOf(operation.row(), imageSize));
    operation.log().end();
    retire(operation, resultStored && recorded && operation.log().isStored());
}

bool OperationRunner::storeResult(const Operation &operation) const
{
    QJsonObject result = operation.result();
    if (result.isEmpty())
        return true;
    if (const std::shared_ptr<InstanceProcesses> processes = operation.processes())
        result[furtherKey] = processes->furtherResults();
    QSaveFile file(QFile::decodeName(path(operation.uuid(), ".result").c_str()));
    return file.open(QFile::WriteOnly) &&
           file.write(QJsonDocument(result).toJson(QJsonDocument::Compact)) > 0 && file.commit();
}

// What could not be stored stays in memory, so that this process at least answers right.
void OperationRunner::retire(const Operation &operation, bool stored)
{
    const std::scoped_lock lock(m_mutex);
    m_lastEnd = std::chrono::steady_clock::now();
    const auto found = m_running.find(operation.uuid());
    if (found == m_running.end())
        return;
    if (found->second.thread.joinable())
        m_ended.push_back(std::move(found->second.thread));
    if (stored)
        m_running.erase(found);
}

std::shared_ptr<Operation> OperationRunner::running(const QString &uuid)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_running.find(uuid);
    return found == m_running.end() ? nullptr : found->second.operation;
}

Result<OperationRow> OperationRunner::row(const QString &uuid)
{
    if (const std::shared_ptr<Operation> operation = running(uuid))
        return operation->row();
    return m_table.get(uuid);
}

QJsonObject OperationRunner::result(const QString &uuid)
{
    if (const std::shared_ptr<Operation> operation = running(uuid))
        return operation->result();
    QJsonObject result = storedResult(uuid);
    result.remove(furtherKey);
    return result;
}

QJsonObject OperationRunner::storedResult(const QString &uuid) const
{
    QFile file(QFile::decodeName(path(uuid, ".result").c_str()));
    if (!file.open(QFile::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

std::optional<QJsonObject> OperationRunner::processResult(const QString &uuid, int spid)
{
    if (const std::shared_ptr<Operation> operation = running(uuid)) {
        const std::shared_ptr<InstanceProcesses> processes = operation->processes();
        return processes ? processes->result(spid) : std::nullopt;
    }
    QJsonObject result = storedResult(uuid);
    const QJsonObject further = result.take(furtherKey).toObject();
    if (spid != mainSpid)
        result = further.value(QString::number(spid)).toObject();
    return result.isEmpty() ? std::nullopt : std::optional(result);
}

std::shared_ptr<EventSource> OperationRunner::events(const QString &uuid)
{
    if (const std::shared_ptr<Operation> operation = running(uuid))
        return {operation, &operation->log()};
    return std::make_shared<StoredEvents>(path(uuid, ".events"));
}

Result<OperationRunner::CancelAnswer> OperationRunner::cancel(const QString &uuid)
{
    const Result<OperationRow> found = row(uuid);
    if (!found)
        return std::unexpected(found.error());
    const std::shared_ptr<Operation> operation = running(uuid);
    if (isTerminal(found->status) || !operation)
        return CancelAnswer::AlreadyEnded;
    operation->requestStop();
    return CancelAnswer::Requested;
}

std::map<QString, int> OperationRunner::counts()
{
    const std::scoped_lock lock(m_mutex);
    std::map<QString, int> result;
    for (const auto &[uuid, running] : m_running) {
        const QString status = running.operation->row().status;
        if (!isTerminal(status))
            ++result[status];
    }
    return result;
}

std::chrono::steady_clock::time_point OperationRunner::lastEnd()
{
    const std::scoped_lock lock(m_mutex);
    return m_lastEnd;
}

void OperationRunner::shutDown()
{
    std::list<std::thread> threads;
    {
        const std::scoped_lock lock(m_mutex);
        m_shutDown = true;
        for (auto &[uuid, running] : m_running) {
            running.operation->requestStop();
            if (running.thread.joinable())
                threads.push_back(std::move(running.thread));
        }
        threads.splice(threads.end(), m_ended);
    }
    for (std::thread &thread : threads)
        thread.join();
}

} // namespace cooperage::embedded
