#pragma once

#include "core/embedded/runtime/run.h"

#include <QByteArray>
#include <QJsonObject>

#include <chrono>
#include <mutex>

namespace cooperage::embedded {

/// What a process wrote and how it ended, as events and `metadata.result` show it (contract 3, 4).
/// Thread-safe.
class InstanceReport
{
public:
    void write(OutputStream stream, const char *bytes, std::size_t size);
    void setPid(int pid);
    void setOutcome(const ProcessOutcome &outcome);

    /// InstanceResult; exit code and signal are -1 until there is an outcome.
    [[nodiscard]] QJsonObject result() const;

private:
    mutable std::mutex m_mutex;
    QByteArray m_stdout{};
    QByteArray m_stderr{};
    bool m_ended = false;
    ProcessOutcome m_outcome{};
    const std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
};

/// Data of the `exit` event.
[[nodiscard]] QJsonObject exitData(const ProcessOutcome &outcome);

} // namespace cooperage::embedded
