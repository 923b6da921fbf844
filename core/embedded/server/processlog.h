#pragma once

#include "core/embedded/runtime/run.h"
#include "core/embedded/server/eventlog.h"
#include "core/embedded/server/execrequest.h"
#include "core/embedded/server/instancereport.h"

namespace cooperage::embedded {

/// Writes what happens to one process into its operation's event log (contract section 4), and keeps the
/// report.
class ProcessLog : public ProcessListener
{
public:
    /// `timeout` is that of the instance in seconds, 0 for a further process: it has none of its own. What a
    /// `terminal` shows goes to followers without a limit; log and report keep the beginning.
    ProcessLog(EventLog &log, ExecRequest request, int timeout, bool terminal = false);

    void started(int spid, int pid, const std::string &cwd) override;
    void wrote(int spid, OutputStream stream, const char *bytes, std::size_t size) override;
    void ended(int spid, const ProcessOutcome &outcome) override;
    [[nodiscard]] bool isBehind() const override;
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> followedAt() const override;

    [[nodiscard]] const InstanceReport &report() const { return m_report; }

private:
    EventLog &m_log;
    const ExecRequest m_request;
    const int m_timeout;
    const bool m_terminal;
    InstanceReport m_report{};
    bool m_started = false;
    qint64 m_stdoutBytes = 0;
    qint64 m_stderrBytes = 0;
    qint64 m_passedBytes = 0; ///< Of a terminal, not kept.
};

} // namespace cooperage::embedded
