#pragma once

#include "app/cli/verbparser.h"
#include "core/sessions/sessionstore.h"

/// Parts of `cooperage session`.
namespace cooperage::cli {

/// What every sub-command needs: its words, the store, the session that is meant.
struct SessionContext
{
    QStringList words;
    const VerbParser *parser = nullptr;
    sessions::SessionStore *store = nullptr;
    QString session;

    [[nodiscard]] bool json() const
    {
        return parser->value(QStringLiteral("format")) == QStringLiteral("json");
    }
};

// They look at sessions.
[[nodiscard]] int sessionList(const SessionContext &context);
[[nodiscard]] int sessionShow(const SessionContext &context);
// They work in one, with the engine.
[[nodiscard]] int sessionUse(const SessionContext &context);
[[nodiscard]] int sessionRun(const SessionContext &context);
[[nodiscard]] int sessionFolder(const SessionContext &context);
[[nodiscard]] int sessionEnvironment(const SessionContext &context);
[[nodiscard]] int sessionAdd(const SessionContext &context);
// They move about in the history.
[[nodiscard]] int sessionBranch(const SessionContext &context);
[[nodiscard]] int sessionCheckout(const SessionContext &context);
[[nodiscard]] int sessionRollback(const SessionContext &context);
[[nodiscard]] int sessionRename(const SessionContext &context);
[[nodiscard]] int sessionDelete(const SessionContext &context);
[[nodiscard]] int sessionRestore(const SessionContext &context);

} // namespace cooperage::cli
