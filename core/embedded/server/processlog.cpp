#include "core/embedded/server/processlog.h"

#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/server/streamvalue.h"

#include <QJsonArray>

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// What may be on its way to a follower: little, so that Ctrl+C stops a flood at once.
static constexpr std::size_t mostUnread = std::size_t{128} * 1024;

ProcessLog::ProcessLog(EventLog &log, ExecRequest request, int timeout, bool terminal)
    : m_log(log), m_request(std::move(request)), m_timeout(timeout), m_terminal(terminal)
{
}

void ProcessLog::started(int spid, int pid, const std::string &cwd)
{
    m_started = true;
    m_report.setPid(pid);
    m_log.append(u"spawn"_s,
                 {{u"pid"_s, pid},
                  {u"command"_s, m_request.command},
                  {u"args"_s, QJsonArray::fromStringList(m_request.args)},
                  {u"shell"_s, m_request.shell},
                  {u"cwd"_s, QString::fromStdString(cwd)},
                  {u"uid"_s, static_cast<qint64>(m_request.uid)},
                  {u"gid"_s, static_cast<qint64>(m_request.gid)},
                  {u"timeout"_s, m_timeout},
                  {u"truncate_at"_s, m_request.truncateAt},
                  {u"env"_s, m_request.shownEnv()}},
                 spid);
}

void ProcessLog::wrote(int spid, OutputStream stream, const char *bytes, std::size_t size)
{
    const auto data = [](const char *begin, std::size_t count) {
        return streamValue(QByteArray::fromRawData(begin, static_cast<qsizetype>(count)));
    };
    const bool isStdout = stream == OutputStream::Stdout;
    if (!m_terminal || !isStdout) {
        (isStdout ? m_stdoutBytes : m_stderrBytes) += static_cast<qint64>(size);
        m_report.write(stream, bytes, size);
        m_log.append(isStdout ? u"stdout"_s : u"stderr"_s, data(bytes, size), spid);
        return;
    }
    const auto total = static_cast<qint64>(size);
    const qint64 fitting = std::clamp<qint64>(m_request.truncateAt - m_stdoutBytes, 0, total);
    const auto kept = static_cast<std::size_t>(fitting);
    m_stdoutBytes += fitting;
    m_passedBytes += total - fitting;
    if (kept > 0) {
        m_report.write(stream, bytes, kept);
        m_log.appendFlow(u"stdout"_s, data(bytes, kept), spid, kept, true);
    }
    if (kept < size)
        m_log.appendFlow(u"stdout"_s, data(bytes + kept, size - kept), spid, size - kept, false);
}

bool ProcessLog::isBehind() const
{
    return m_terminal && m_log.unread() > mostUnread;
}

std::optional<std::chrono::steady_clock::time_point> ProcessLog::followedAt() const
{
    return m_terminal ? m_log.followedAt() : std::nullopt;
}

void ProcessLog::ended(int spid, const ProcessOutcome &told)
{
    ProcessOutcome outcome = told;
    outcome.stdoutTruncated = told.stdoutTruncated || m_passedBytes > 0;
    outcome.stdoutDropped += m_passedBytes;
    m_report.setOutcome(outcome);
    // A container that never came up has no events: the operation's error says why.
    if (spid == mainSpid && !m_started)
        return;
    const auto truncated = [&](bool happened, const QString &stream, qint64 emitted, qint64 dropped) {
        if (happened)
            m_log.append(
                u"truncated"_s,
                {{u"stream"_s, stream}, {u"bytes_emitted"_s, emitted}, {u"bytes_dropped"_s, dropped}}, spid);
    };
    truncated(outcome.stdoutTruncated, u"stdout"_s, m_stdoutBytes, outcome.stdoutDropped);
    truncated(outcome.stderrTruncated, u"stderr"_s, m_stderrBytes, outcome.stderrDropped);
    m_log.append(u"exit"_s, exitData(outcome), spid);
}

} // namespace cooperage::embedded
