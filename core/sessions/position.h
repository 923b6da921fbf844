#pragma once

#include "core/base/error.h"
#include "core/sessions/values.h"

namespace cooperage::sessions {

/// A place in a session's history, as a person writes it (contree-api section 6.2).
struct Position
{
    enum class Form {
        Back,    ///< `-N`, `@-N`, `HEAD~N`: N entries towards the beginning. `@`, `:`, `HEAD`: none.
        Forward, ///< `+N`, `@+N`: N entries away from it, each time to the newest child.
        Entry,   ///< `N`, `@N`: the entry of that id.
    };
    Form form = Form::Back;
    qint64 number = 0;

    [[nodiscard]] static Result<Position> parse(const QString &text);

    /// The entry's id. NotFound where there is none: too far back, no child, no such id.
    [[nodiscard]] Result<qint64> find(const QList<HistoryEntry> &entries, qint64 head) const;

    bool operator==(const Position &) const = default;
};

} // namespace cooperage::sessions
