#pragma once

#include "core/build/buildsecrets.h"
#include "core/engine/engine.h"

#include <QMap>
#include <QTemporaryDir>

#include <memory>
#include <vector>

class QProcess;

namespace cooperage::build {

/// The SSH agents of one build: the user's own, or agents (ssh-agent) that hold the given keys for its time
/// and end with the object, and with this program.
class SshAgents
{
public:
    SshAgents();
    ~SshAgents();
    SshAgents(const SshAgents &) = delete;
    SshAgents &operator=(const SshAgents &) = delete;

    /// Socket of each id. Fails with the first that cannot be used: no agent, no such file, a key with a
    /// password.
    [[nodiscard]] engine::Task<QMap<QString, QString>> open(QList<AgentSource> sources);

private:
    [[nodiscard]] engine::Task<QString> socketOf(AgentSource source);
    [[nodiscard]] engine::Task<QString> agentWith(QStringList keys);

    QTemporaryDir m_folder;
    std::vector<std::unique_ptr<QProcess>> m_agents;
};

} // namespace cooperage::build
