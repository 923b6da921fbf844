#pragma once

#include "core/sessions/sessionstore.h"

namespace cooperage::sessions {

/// A change of what a tag points to. Empty images: the tag did not exist before, or does not afterwards.
struct TagChange
{
    qint64 id = 0;
    QString tag{};
    QString before{};
    QString after{};
    QDateTime changedAt{};
    QString command{}; ///< What did it: "cooperage build", "Undo"...
};

/// Where each tag pointed, when, and what changed it: lets a change be undone. Per engine, as the store is.
class TagJournal
{
public:
    explicit TagJournal(SessionStore &store) : m_store(store) {}

    /// Writes down a change that was made. `change.id` and, where invalid, `change.changedAt` are filled in
    /// and returned.
    [[nodiscard]] Result<TagChange> record(const TagChange &change);
    /// Changes of one tag, the newest first.
    [[nodiscard]] Result<QList<TagChange>> changes(const QString &tag, int limit = 100);
    /// Names of tags that were ever changed, those changed last first.
    [[nodiscard]] Result<QStringList> tags(int limit = 1000);
    /// Changes of all tags, the newest first.
    [[nodiscard]] Result<QList<TagChange>> recent(int limit = 100);
    /// The newest change of that tag, which an undo takes back; nothing if there is none.
    [[nodiscard]] Result<std::optional<TagChange>> last(const QString &tag);

private:
    SessionStore &m_store;
};

} // namespace cooperage::sessions
