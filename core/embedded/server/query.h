#pragma once

#include "core/base/error.h"
#include "core/embedded/server/router.h"

#include <QDateTime>

#include <optional>

namespace cooperage::embedded {

/// The parameters that all lists know (contract 1.7).
struct Page
{
    int limit = 100;
    int offset = 0;
    std::optional<QDateTime> since{};
    std::optional<QDateTime> until{};
};

[[nodiscard]] Result<Page> pageOf(const Exchange &exchange);

/// The query without its offset: the same for all pages of one list.
[[nodiscard]] QString listOf(const Exchange &exchange);

/// A whole number within bounds; `fallback` where the query has no such key.
[[nodiscard]] Result<int> numberOf(const Exchange &exchange, const char *name, int fallback, int least,
                                   int most);

/// RFC 3339, "15m" and the like (that long before `now`), or plain seconds (the same).
[[nodiscard]] Result<QDateTime> parseTime(const QString &text, const QDateTime &now);

/// A key that is there and does not say `0` or `false`.
[[nodiscard]] bool flagOf(const Exchange &exchange, const char *name);

} // namespace cooperage::embedded
