#pragma once

#include <QDateTime>
#include <QTimeZone>
#include <QVariant>

namespace cooperage::embedded {

/// Times in the database: milliseconds since 1970, NULL for none.
[[nodiscard]] inline QVariant toTimeColumn(const QDateTime &time)
{
    return time.isValid() ? QVariant(time.toMSecsSinceEpoch()) : QVariant(QMetaType::fromType<qint64>());
}

[[nodiscard]] inline QDateTime fromTimeColumn(const QVariant &value)
{
    return value.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(value.toLongLong(), QTimeZone::UTC);
}

} // namespace cooperage::embedded
