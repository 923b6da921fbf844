#include "core/dockerfile/goduration.h"

#include "core/dockerfile/goquote.h"

#include <limits>

namespace cooperage::dockerfile {

using namespace Qt::StringLiterals;

/// Nanoseconds in a unit; 0 for an unknown one.
static double unitLength(QStringView unit)
{
    if (unit == u"ns")
        return 1;
    if (unit == u"us" || unit == u"\u00b5s" || unit == u"\u03bcs")
        return 1e3;
    if (unit == u"ms")
        return 1e6;
    if (unit == u"s")
        return 1e9;
    if (unit == u"m")
        return 60e9;
    return unit == u"h" ? 3600e9 : 0;
}

static qsizetype numberLength(QStringView text)
{
    qsizetype length = 0;
    while (length < text.size() && ((text[length] >= u'0' && text[length] <= u'9') || text[length] == u'.'))
        ++length;
    return length;
}

static qsizetype unitNameLength(QStringView text)
{
    qsizetype length = 0;
    while (length < text.size() && numberLength(text.sliced(length, 1)) == 0)
        ++length;
    return length;
}

std::expected<std::chrono::nanoseconds, QString> parseGoDuration(const QString &text)
{
    const auto invalid = [&] { return std::unexpected(u"time: invalid duration "_s + goQuoted(text)); };
    QStringView rest = text;
    const bool negative = rest.startsWith(u'-');
    if (negative || rest.startsWith(u'+'))
        rest = rest.sliced(1);
    if (rest == u"0")
        return std::chrono::nanoseconds(0);
    if (rest.isEmpty())
        return invalid();
    double total = 0;
    while (!rest.isEmpty()) {
        const qsizetype digits = numberLength(rest);
        bool ok = false;
        const double number = rest.first(digits).toDouble(&ok);
        if (!ok)
            return invalid();
        rest = rest.sliced(digits);
        const QStringView unit = rest.first(unitNameLength(rest));
        if (unit.isEmpty())
            return std::unexpected(u"time: missing unit in duration "_s + goQuoted(text));
        const double length = unitLength(unit);
        if (length == 0)
            return std::unexpected(u"time: unknown unit "_s + goQuoted(unit) + u" in duration "_s +
                                   goQuoted(text));
        total += number * length;
        rest = rest.sliced(unit.size());
    }
    if (total >= double(std::numeric_limits<qint64>::max()))
        return invalid();
    return std::chrono::nanoseconds(qint64(negative ? -total : total));
}

// A number of `unit`s without trailing zeros.
static QString decimal(qint64 count, qint64 unit)
{
    QString text = QString::number(count / unit);
    if (count % unit != 0) {
        text += u'.' + QString::number(unit + count % unit).sliced(1);
        while (text.endsWith(u'0'))
            text.chop(1);
    }
    return text;
}

QString goDuration(std::chrono::nanoseconds duration)
{
    constexpr qint64 second = 1'000'000'000;
    const qint64 count = duration.count();
    if (count < 0)
        return u'-' + goDuration(-duration);
    if (count == 0 || count >= second) {
        const qint64 minutes = count / (60 * second);
        const QString seconds = decimal(count % (60 * second), second) + u's';
        if (minutes == 0)
            return seconds;
        const QString rest = u"%1m"_s.arg(minutes % 60) + seconds;
        return minutes < 60 ? rest : u"%1h"_s.arg(minutes / 60) + rest;
    }
    if (count < 1000)
        return QString::number(count) + u"ns"_s;
    return count < 1'000'000 ? decimal(count, 1000) + u"\u00b5s"_s : decimal(count, 1'000'000) + u"ms"_s;
}

} // namespace cooperage::dockerfile
