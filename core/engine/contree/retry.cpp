#include "core/engine/contree/retry.h"

#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

static constexpr std::chrono::milliseconds longestRetryAfter = 5min;

std::optional<std::chrono::milliseconds> parseRetryAfter(const QByteArray &value, const QDateTime &now)
{
    const QByteArray text = value.trimmed();
    if (text.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    if (isNumber) {
        if (!std::isfinite(seconds))
            return std::nullopt;
        const double bounded =
            std::clamp(seconds, 0.0, std::chrono::duration<double>(longestRetryAfter).count());
        return std::chrono::milliseconds(std::llround(bounded * 1000));
    }
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!date.isValid())
        return std::nullopt;
    date.setTimeZone(QTimeZone::UTC);
    return std::clamp(std::chrono::milliseconds(now.msecsTo(date)), 0ms, longestRetryAfter);
}

static bool isWorthRepeating(bool idempotent, int status)
{
    if (status == 425 || status == 429)
        return true;
    return idempotent && (status == 0 || status == 410 || status >= 500) && status != 501 && status != 507;
}

std::optional<std::chrono::milliseconds> RetryPolicy::delay(bool idempotent, int status, int attempt,
                                                            const QByteArray &retryAfter) const
{
    if (attempt >= attempts || !isWorthRepeating(idempotent, status))
        return std::nullopt;
    if (const auto told = parseRetryAfter(retryAfter, QDateTime::currentDateTimeUtc()))
        return told;
    return std::min(firstDelay * (1 << std::min(attempt - 1, 16)), longestDelay);
}

} // namespace cooperage::engine::contree
