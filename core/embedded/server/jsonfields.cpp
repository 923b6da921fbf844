#include "core/embedded/server/jsonfields.h"

#include "core/embedded/server/text.h"

#include <QJsonArray>

#include <cmath>
#include <limits>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

bool JsonFields::has(QLatin1StringView key) const
{
    const QJsonValue found = value(key);
    return !found.isUndefined() && !found.isNull();
}

void JsonFields::fail(QLatin1StringView key, const QString &problem)
{
    if (!m_error)
        m_error = Error{ErrorKind::BadInput, problem, m_where + key};
}

void JsonFields::adopt(const JsonFields &inner)
{
    if (!m_error)
        m_error = inner.m_error;
}

Result<> JsonFields::verdict() const
{
    if (m_error)
        return std::unexpected(*m_error);
    return {};
}

QString JsonFields::checkedText(QLatin1StringView key, const QJsonValue &value)
{
    if (!value.isString())
        fail(key, Text::tr("must be a string"));
    else if (value.toString().contains(QChar(u'\0')))
        fail(key, Text::tr("must not contain a zero byte"));
    return value.toString();
}

QString JsonFields::text(QLatin1StringView key, const QString &fallback)
{
    return has(key) ? checkedText(key, value(key)) : fallback;
}

QString JsonFields::requiredText(QLatin1StringView key)
{
    const QString result = text(key);
    if (result.isEmpty())
        fail(key, Text::tr("is required"));
    return result;
}

bool JsonFields::flag(QLatin1StringView key, bool fallback)
{
    if (!has(key))
        return fallback;
    if (!value(key).isBool())
        fail(key, Text::tr("must be true or false"));
    return value(key).toBool(fallback);
}

qint64 JsonFields::integer(QLatin1StringView key, qint64 fallback, qint64 least, qint64 most)
{
    if (!has(key))
        return fallback;
    const QJsonValue found = value(key);
    const qint64 number = found.toInteger(std::numeric_limits<qint64>::min());
    if (!found.isDouble() || number == std::numeric_limits<qint64>::min())
        fail(key, Text::tr("must be an integer"));
    else if (number < least || number > most)
        fail(key, Text::tr("must be between %1 and %2").arg(least).arg(most));
    return number;
}

QStringList JsonFields::texts(QLatin1StringView key)
{
    QStringList result;
    const QJsonArray found = array(key);
    for (const QJsonValue &each : found)
        result += checkedText(key, each);
    return result;
}

QMap<QString, QString> JsonFields::textMap(QLatin1StringView key)
{
    QMap<QString, QString> result;
    const QJsonObject found = object(key);
    for (auto each = found.begin(); each != found.end(); ++each) {
        if (each.key().contains(QChar(u'\0')))
            fail(key, Text::tr("must not contain a zero byte"));
        result[each.key()] = checkedText(key, each.value());
    }
    return result;
}

QJsonObject JsonFields::object(QLatin1StringView key)
{
    if (has(key) && !value(key).isObject())
        fail(key, Text::tr("must be an object"));
    return value(key).toObject();
}

QJsonArray JsonFields::array(QLatin1StringView key)
{
    if (has(key) && !value(key).isArray())
        fail(key, Text::tr("must be an array"));
    return value(key).toArray();
}

std::uint32_t JsonFields::mode(QLatin1StringView key, std::uint32_t fallback)
{
    if (!has(key))
        return fallback;
    const QJsonValue found = value(key);
    if (found.isDouble())
        return static_cast<std::uint32_t>(integer(key, fallback, 0, 0xffffffff)) & 07777;
    QString digits = checkedText(key, found);
    if (digits.startsWith("0o"_L1, Qt::CaseInsensitive))
        digits.remove(0, 2);
    bool good = false;
    const std::uint32_t bits = digits.toUInt(&good, 8);
    if (!good || !digits.front().isDigit())
        fail(key, Text::tr("must be an octal number such as \"0644\""));
    return bits & 07777;
}

std::uint32_t JsonFields::id(QLatin1StringView key)
{
    // The last number is the one that stands for "unchanged" in chown.
    return static_cast<std::uint32_t>(integer(key, 0, 0, 0xfffffffe));
}

} // namespace cooperage::embedded
