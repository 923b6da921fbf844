#include "core/embedded/server/query.h"

#include "core/embedded/server/text.h"

#include <QTimeZone>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

Result<int> numberOf(const Exchange &exchange, const char *name, int fallback, int least, int most)
{
    const std::optional<QString> text = exchange.query(name);
    if (!text)
        return fallback;
    bool good = false;
    const int number = text->toInt(&good);
    if (!good || number < least || number > most) {
        const QString key = QString::fromLatin1(name);
        return failure(ErrorKind::BadInput,
                       most == INT_MAX
                           ? Text::tr("%1 must be a number of at least %2").arg(key).arg(least)
                           : Text::tr("%1 must be between %2 and %3").arg(key).arg(least).arg(most));
    }
    return number;
}

static std::optional<qint64> secondsOf(QStringView text)
{
    qint64 unit = 1;
    if (!text.isEmpty()) {
        switch (text.back().unicode()) {
        case u'w':
            unit = 7 * 86400;
            break;
        case u'd':
            unit = 86400;
            break;
        case u'h':
            unit = 3600;
            break;
        case u'm':
            unit = 60;
            break;
        default:
            break;
        }
    }
    if (unit != 1 || text.endsWith(u's'))
        text.chop(1);
    bool good = false;
    const qint64 count = text.toLongLong(&good);
    // A century is far enough back, and cannot overflow.
    if (!good || count < 0 || count > 100LL * 366 * 86400 / unit)
        return std::nullopt;
    return count * unit;
}

Result<QDateTime> parseTime(const QString &text, const QDateTime &now)
{
    if (const std::optional<qint64> seconds = secondsOf(text))
        return now.addSecs(-*seconds);
    // An unescaped plus sign of an offset arrives as a space.
    QString fixed = text;
    if (const qsizetype space = fixed.lastIndexOf(u' '); space > 10)
        fixed[space] = u'+';
    QDateTime time = QDateTime::fromString(fixed, Qt::ISODateWithMs);
    if (!time.isValid())
        return failure(
            ErrorKind::BadInput,
            Text::tr("\"%1\" is not a time; use 2026-06-08T20:00:00Z, 15m, 2h, 3d or 1w").arg(text));
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeZone(QTimeZone::UTC);
    return time.toUTC();
}

Result<Page> pageOf(const Exchange &exchange)
{
    Page page;
    const Result<int> limit = numberOf(exchange, "limit", page.limit, 1, 1000);
    if (!limit)
        return std::unexpected(limit.error());
    const Result<int> offset = numberOf(exchange, "offset", 0, 0, INT_MAX);
    if (!offset)
        return std::unexpected(offset.error());
    page.limit = *limit;
    page.offset = *offset;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const auto &[name, field] : {std::pair("since", &page.since), std::pair("until", &page.until)}) {
        const std::optional<QString> text = exchange.query(name);
        if (!text || text->isEmpty())
            continue;
        const Result<QDateTime> time = parseTime(*text, now);
        if (!time)
            return std::unexpected(time.error());
        *field = *time;
    }
    return page;
}

QString listOf(const Exchange &exchange)
{
    QString list;
    for (const auto &[name, value] : exchange.request.params) {
        if (name != "offset")
            list += QString::fromStdString(name) + u'=' + QString::fromStdString(value) + QChar(0);
    }
    return list;
}

bool flagOf(const Exchange &exchange, const char *name)
{
    const std::optional<QString> text = exchange.query(name);
    return text && *text != "0"_L1 && *text != "false"_L1;
}

} // namespace cooperage::embedded
