#include "core/embedded/server/instancereport.h"

#include "core/embedded/server/streamvalue.h"

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

void InstanceReport::write(OutputStream stream, const char *bytes, std::size_t size)
{
    const std::scoped_lock lock(m_mutex);
    (stream == OutputStream::Stdout ? m_stdout : m_stderr).append(bytes, static_cast<qsizetype>(size));
}

void InstanceReport::setPid(int pid)
{
    const std::scoped_lock lock(m_mutex);
    m_outcome.pid = pid;
}

void InstanceReport::setOutcome(const ProcessOutcome &outcome)
{
    const std::scoped_lock lock(m_mutex);
    m_ended = true;
    m_outcome = outcome;
}

static QJsonObject resourcesJson(const Usage &usage, double elapsed)
{
    return {{u"block_input"_s, static_cast<qint64>(usage.blockIn)},
            {u"block_output"_s, static_cast<qint64>(usage.blockOut)},
            {u"cost"_s, 0.0},
            {u"elapsed_time"_s, elapsed},
            {u"involuntary_switches"_s, static_cast<qint64>(usage.involuntarySwitches)},
            {u"max_rss"_s, static_cast<qint64>(usage.maxRssKb)},
            {u"monotonic_time"_s, elapsed},
            {u"page_faults"_s, static_cast<qint64>(usage.minorFaults)},
            {u"page_faults_io"_s, static_cast<qint64>(usage.majorFaults)},
            {u"shared_memory"_s, 0},
            {u"signals"_s, 0},
            {u"swaps"_s, 0},
            {u"system_cpu_time"_s, usage.systemSeconds},
            {u"unshared_memory"_s, 0},
            {u"user_cpu_time"_s, usage.userSeconds},
            {u"voluntary_switches"_s, static_cast<qint64>(usage.voluntarySwitches)}};
}

QJsonObject InstanceReport::result() const
{
    const std::scoped_lock lock(m_mutex);
    const QJsonObject state{{u"exit_code"_s, m_ended ? m_outcome.exitCode : -1},
                            {u"signal"_s, m_ended ? m_outcome.signal : -1},
                            {u"pid"_s, m_outcome.pid},
                            {u"timed_out"_s, m_outcome.timedOut},
                            {u"core_dump"_s, false},
                            {u"stopped"_s, false},
                            {u"continued"_s, false}};
    const std::chrono::duration<double> running = std::chrono::steady_clock::now() - m_started;
    const double elapsed = m_ended ? m_outcome.usage.elapsedSeconds : running.count();
    return {{u"state"_s, state},
            {u"stdout"_s, streamValue(m_stdout, m_outcome.stdoutTruncated)},
            {u"stderr"_s, streamValue(m_stderr, m_outcome.stderrTruncated)},
            {u"resources"_s, resourcesJson(m_outcome.usage, elapsed)}};
}

static qint64 microseconds(double seconds)
{
    return static_cast<qint64>(seconds * 1e6);
}

QJsonObject exitData(const ProcessOutcome &outcome)
{
    const Usage &usage = outcome.usage;
    const QJsonObject resources{
        {u"user_time_us"_s, microseconds(usage.userSeconds)},
        {u"sys_time_us"_s, microseconds(usage.systemSeconds)},
        {u"max_rss_kb"_s, static_cast<qint64>(usage.maxRssKb)},
        {u"shared_memory"_s, 0},
        {u"unshared_memory"_s, 0},
        {u"swaps"_s, 0},
        {u"minor_faults"_s, static_cast<qint64>(usage.minorFaults)},
        {u"major_faults"_s, static_cast<qint64>(usage.majorFaults)},
        {u"voluntary_ctx_switches"_s, static_cast<qint64>(usage.voluntarySwitches)},
        {u"involuntary_ctx_switches"_s, static_cast<qint64>(usage.involuntarySwitches)},
        {u"block_input_ops"_s, static_cast<qint64>(usage.blockIn)},
        {u"block_output_ops"_s, static_cast<qint64>(usage.blockOut)},
        {u"ipc_msgs_sent"_s, 0},
        {u"ipc_msgs_received"_s, 0},
        {u"signals_received"_s, 0}};
    return {{u"pid"_s, outcome.pid},
            {u"code"_s, outcome.exitCode},
            {u"signal"_s, outcome.signal},
            {u"timed_out"_s, outcome.timedOut},
            {u"duration_ms"_s, static_cast<qint64>(usage.elapsedSeconds * 1000)},
            {u"resources"_s, resources}};
}

} // namespace cooperage::embedded
