#include "core/embedded/registry/retryafter.h"

#include <QDateTime>

#include <algorithm>

namespace cooperage::embedded {

std::chrono::milliseconds retryAfter(const std::string &value)
{
    // HTTP says "GMT" where mail, whose dates Qt reads, says "+0000".
    const QString text = QString::fromStdString(value).trimmed().replace(QLatin1StringView(" GMT"),
                                                                         QLatin1StringView(" +0000"));
    constexpr qint64 longest = 60'000;
    bool isNumber = false;
    if (const qint64 seconds = text.toLongLong(&isNumber); isNumber)
        return std::chrono::milliseconds(std::clamp<qint64>(seconds, 0, longest / 1000) * 1000);
    const QDateTime date = QDateTime::fromString(text, Qt::RFC2822Date);
    const qint64 wait = date.isValid() ? QDateTime::currentDateTimeUtc().msecsTo(date) : 0;
    return std::chrono::milliseconds(std::clamp<qint64>(wait, 0, longest));
}

} // namespace cooperage::embedded
