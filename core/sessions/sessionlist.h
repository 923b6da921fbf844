#pragma once

#include "core/sessions/sessionstore.h"

namespace cooperage::sessions {

/// All sessions of an engine: free ones and those of builds.
class SessionList
{
public:
    explicit SessionList(SessionStore &store) : m_store(store) {}

    /// Those whose name begins with `prefix`, the last used first. Does not read their histories.
    [[nodiscard]] Result<QList<SessionSummary>> list(const QString &prefix = {});
    /// Those that were deleted and can be restored, the last deleted first.
    [[nodiscard]] Result<QList<SessionSummary>> deleted();

    /// Not for sessions of builds: their name is how a build finds them.
    [[nodiscard]] Result<> rename(const QString &from, const QString &to);
    /// Takes a session out of all views, with what a build remembers in it. Returns the key that `restore`
    /// takes.
    [[nodiscard]] Result<QString> remove(const QString &name);
    /// Under its old name; fails where that is used again. Returns the name.
    [[nodiscard]] Result<QString> restore(const QString &key);
    /// Forgets for good what was deleted before `time`.
    [[nodiscard]] Result<> purge(const QDateTime &time);

private:
    [[nodiscard]] Result<QList<SessionSummary>> select(const QString &condition, const QVariantList &values);
    [[nodiscard]] Result<> move(const QString &from, const QString &to);
    [[nodiscard]] bool exists(const QString &name);

    SessionStore &m_store;
};

/// How long a deleted session can be restored, in days.
inline constexpr int restorableDays = 7;

} // namespace cooperage::sessions
