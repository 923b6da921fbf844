#include "core/embedded/server/instanceprocesses.h"

#include "core/embedded/runtime/init/channel.h"

namespace cooperage::embedded {

InstanceProcesses::InstanceProcesses(EventLog &log, std::shared_ptr<ProcessLog> main, Base base)
    : m_log(log), m_base(std::move(base))
{
    m_logs[mainSpid] = std::move(main);
}

Result<std::expected<int, Refusal>> InstanceProcesses::start(const ExecRequest &request)
{
    ProcessSpec spec = request.spec(m_base.env);
    if (spec.cwd.empty())
        spec.cwd = m_base.workingDir.toStdString();
    spec.hostname = m_base.hostname.toStdString();
    if (const Result<> checked = checkSpec(spec); !checked)
        return std::unexpected(checked.error());
    const auto log = std::make_shared<ProcessLog>(m_log, request, 0);
    // Locked across both: its number is known to nobody before it can be found here.
    const std::scoped_lock lock(m_mutex);
    const std::expected<int, Refusal> spid = m_instance.start(spec, log);
    if (spid)
        m_logs[*spid] = log;
    return spid;
}

std::optional<QJsonObject> InstanceProcesses::result(int spid) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_logs.find(spid);
    if (found == m_logs.end())
        return std::nullopt;
    return found->second->report().result();
}

QJsonObject InstanceProcesses::furtherResults() const
{
    const std::scoped_lock lock(m_mutex);
    QJsonObject results;
    for (const auto &[spid, log] : m_logs)
        if (spid != mainSpid)
            results[QString::number(spid)] = log->report().result();
    return results;
}

} // namespace cooperage::embedded
