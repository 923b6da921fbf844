#include "core/embedded/registry/retryafter.h"

#include <QDateTime>

#include <algorithm>

namespace cooperage::embedded {

std::chrono::milliseconds retryAfter(const std::string &value)
{
    // HTTP says "GMT" where mail, whose dates Qt reads, says "+0000".
    const QString text = QString::fromStdString(value).trimmed().replace(QLatin1StringView(" GMT"),
                                                                         QLatin1StringView(" +0000"));
    bool isNumber = false;
    qint64 wait = text.toLongLong(&isNumber) * 1000;
    if (!isNumber) {
        const QDateTime date = QDateTime::fromString(text, Qt::RFC2822Date);
        wait = date.isValid() ? QDateTime::currentDateTimeUtc().msecsTo(date) : 0;
    }
    return std::chrono::milliseconds(std::clamp<qint64>(wait, 0, 60'000));
}

} // namespace cooperage::embedded
