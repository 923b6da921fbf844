#pragma once

#include "core/build/builder.h"
#include "core/build/imagetree.h"
#include "core/build/plan.h"
#include "core/build/sshagents.h"
#include "core/context/foldercontext.h"

#include <functional>

namespace cooperage::build {

/// What the stages of one running build share.
struct BuildJob
{
    BuildRequest request;
    engine::Engine *engine = nullptr;
    sessions::SessionStore *sessions = nullptr;
    engine::EngineInfo info{};
    BuildPlan plan{};
    std::shared_ptr<const context::FolderContext> context{};
    QString session{};
    std::unique_ptr<ImageTree> tree{};
    QMap<QString, QByteArray> secrets{}; ///< Values by id: never shown, never kept.
    std::unique_ptr<SshAgents> keptAgents{};
    QMap<QString, QString> agents{}; ///< Sockets by id.
    std::stop_source stop{};
    bool stoppedByUser = false;
    std::optional<Error> firstError{}; ///< What failed first; the rest is cancelled.
    std::function<void(const BuildEvent &)> emitEvent{};
    std::function<void(const QString &host)> signInNeeded{};

    [[nodiscard]] bool commits() const { return info.offers(engine::extension::commit); }
    [[nodiscard]] bool keepsConfig() const { return info.offers(engine::extension::imageConfig); }
    void warn(int step, const QString &text) const
    {
        emitEvent(BuildMessage{BuildMessage::Level::Warning, step, text});
    }
};

} // namespace cooperage::build
