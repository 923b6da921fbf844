#pragma once

#include "core/embedded/runtime/instance.h"
#include "core/embedded/server/processlog.h"

#include <QJsonObject>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace cooperage::embedded {

/// The processes of a running instance as requests see them (contract 2.7). Thread-safe.
class InstanceProcesses
{
public:
    /// What further processes take over from the instance.
    struct Base
    {
        QMap<QString, QString> env{}; ///< Of the image and of the main process.
        QString workingDir{};         ///< The image's.
        QString hostname{};
    };
    InstanceProcesses(EventLog &log, std::shared_ptr<ProcessLog> main, Base base);

    [[nodiscard]] Instance &instance() { return m_instance; }

    /// BadInput for what can never be started.
    [[nodiscard]] Result<std::expected<int, Refusal>> start(const ExecRequest &request);
    /// InstanceResult; nothing for an unknown number.
    [[nodiscard]] std::optional<QJsonObject> result(int spid) const;
    /// Of all processes but the main one, by number.
    [[nodiscard]] QJsonObject furtherResults() const;

private:
    EventLog &m_log;
    const Base m_base;
    Instance m_instance{};
    mutable std::mutex m_mutex{};
    std::map<int, std::shared_ptr<ProcessLog>> m_logs{};
};

} // namespace cooperage::embedded
