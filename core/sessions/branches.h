#pragma once

#include "core/sessions/position.h"
#include "core/sessions/sessionstore.h"

namespace cooperage::sessions {

/// Branches of sessions: named pointers into the history, one of them active. Nothing here removes an entry.
/// Every call fails with NotFound where there is no such session.
class Branches
{
public:
    explicit Branches(SessionStore &store) : m_store(store) {}

    /// The whole session: entries, branches, which one is active.
    [[nodiscard]] Result<SessionView> view(const QString &session);
    /// The last entry of a branch; NotFound without the branch.
    [[nodiscard]] Result<qint64> tip(const QString &session, const QString &branch);
    /// The active branch and where it points to (0: it has no entry).
    [[nodiscard]] Result<Branch> active(const QString &session);

    /// A new branch at an entry. It does not become active.
    [[nodiscard]] Result<> create(const QString &session, const QString &name, qint64 entry);
    [[nodiscard]] Result<> checkout(const QString &session, const QString &name);
    /// Moves the active branch to that place and returns the entry. What came after it stays in the history,
    /// where
    /// `+N` and branches find it. A layer's branch is not moved.
    [[nodiscard]] Result<qint64> rollback(const QString &session, const Position &position);

private:
    [[nodiscard]] Result<> touch(const QString &session, const QString &activeBranch);

    SessionStore &m_store;
};

/// NotFound, with what to do about it.
[[nodiscard]] Error noSuchSession(const QString &name);

} // namespace cooperage::sessions
