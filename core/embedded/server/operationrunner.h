#pragma once

#include "core/base/error.h"
#include "core/embedded/server/operation.h"
#include "core/embedded/store/operationtable.h"
#include "core/embedded/store/store.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace cooperage::embedded {

/// Runs operations, each on a thread of its own, at most 64 at a time, and keeps their records:
/// PENDING, ASSIGNED, EXECUTING, then SUCCESS, FAILED or CANCELLED. Thread-safe.
class OperationRunner
{
public:
    explicit OperationRunner(Store &store);
    ~OperationRunner();

    /// Does the work and yields the uuid of the resulting image (may be empty). A failure makes the operation
    /// FAILED, ErrorKind::Cancelled after a stop request CANCELLED.
    using Work = std::function<Result<QString>(Operation &)>;
    /// Records and starts an operation; its uuid. Nothing was started if this fails.
    [[nodiscard]] Result<QString> start(const QString &kind, const QString &image,
                                        const QJsonObject &metadata, Work work);

    /// For a job: what it prepared is in place, its command (or transfer) begins.
    void setExecuting(Operation &operation);

    /// The operation while it runs, else null.
    [[nodiscard]] std::shared_ptr<Operation> running(const QString &uuid);
    [[nodiscard]] Result<OperationRow> row(const QString &uuid);
    /// `metadata.result` as stored or, for a running one, as it is now.
    [[nodiscard]] QJsonObject result(const QString &uuid);
    /// InstanceResult of one process of an operation, as it is now or as stored; nothing if it has none such.
    [[nodiscard]] std::optional<QJsonObject> processResult(const QString &uuid, int spid);
    /// The event log, live or stored.
    [[nodiscard]] std::shared_ptr<EventSource> events(const QString &uuid);

    enum class CancelAnswer { Requested, AlreadyEnded };
    /// NotFound for an unknown uuid.
    [[nodiscard]] Result<CancelAnswer> cancel(const QString &uuid);

    /// Number of running operations by status.
    [[nodiscard]] std::map<QString, int> counts();
    /// When the last one ended (or this object was made).
    [[nodiscard]] std::chrono::steady_clock::time_point lastEnd();
    /// No more operations; stops those that run and waits for their end.
    void shutDown();

    /// Ended operations, with their logs and results, are kept for 30 days, the newest 10,000 of them: the
    /// others go when this object is made, every thousandth start, and when this is called.
    void forgetOld();

    [[nodiscard]] OperationTable &table() { return m_table; }

private:
    struct Running
    {
        std::shared_ptr<Operation> operation;
        std::thread thread;
    };

    void removeLogs(const QString &uuid) const;
    void removeUnknownLogs();
    [[nodiscard]] std::string path(const QString &uuid, const char *suffix) const;
    void run(const std::shared_ptr<Operation> &operation, Work work);
    [[nodiscard]] bool takeSlot(Operation &operation);
    void finish(Operation &operation, const Result<QString> &image);
    void setStatus(Operation &operation, const QString &status);
    [[nodiscard]] bool record(Operation &operation, const Operation::Edit &edit);
    [[nodiscard]] bool storeResult(const Operation &operation) const;
    [[nodiscard]] QJsonObject storedResult(const QString &uuid) const;
    void retire(const Operation &operation, bool stored);

    Store &m_store;
    OperationTable m_table;
    std::string m_folder;
    std::mutex m_mutex;
    std::condition_variable_any m_slotFree;
    int m_freeSlots;
    bool m_shutDown = false;
    std::atomic<int> m_started = 0;
    std::map<QString, Running> m_running{};
    std::list<std::thread> m_ended{};
    std::chrono::steady_clock::time_point m_lastEnd = std::chrono::steady_clock::now();
};

} // namespace cooperage::embedded
