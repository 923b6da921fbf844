#pragma once

#include "core/base/error.h"

#include <QJsonObject>
#include <QMap>
#include <QStringList>

#include <optional>

namespace cooperage::embedded {

/// Reads the fields of a request. A JSON null is an absent field; a field of a wrong type or value leaves the
/// first error in error() and yields the fallback.
class JsonFields
{
public:
    /// `where` is put before field names in errors: "files./app.".
    explicit JsonFields(QJsonObject object, QString where = {})
        : m_object(std::move(object)), m_where(std::move(where))
    {
    }

    [[nodiscard]] bool has(QLatin1StringView key) const;
    /// As it stands.
    [[nodiscard]] QJsonValue value(QLatin1StringView key) const { return m_object.value(key); }
    [[nodiscard]] QString text(QLatin1StringView key, const QString &fallback = {});
    /// Absent or empty is an error.
    [[nodiscard]] QString requiredText(QLatin1StringView key);
    [[nodiscard]] bool flag(QLatin1StringView key, bool fallback);
    [[nodiscard]] qint64 integer(QLatin1StringView key, qint64 fallback, qint64 least, qint64 most);
    [[nodiscard]] QStringList texts(QLatin1StringView key);
    [[nodiscard]] QMap<QString, QString> textMap(QLatin1StringView key);
    [[nodiscard]] QJsonObject object(QLatin1StringView key);
    [[nodiscard]] QJsonArray array(QLatin1StringView key);
    /// Permission bits: "0644", "644", "0o100644", or a number; masked with 07777.
    [[nodiscard]] std::uint32_t mode(QLatin1StringView key, std::uint32_t fallback);
    /// A user or group number.
    [[nodiscard]] std::uint32_t id(QLatin1StringView key);

    void fail(QLatin1StringView key, const QString &problem);
    /// Takes over the problem of an object within this one.
    void adopt(const JsonFields &inner);
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// error() as a result.
    [[nodiscard]] Result<> verdict() const;

private:
    [[nodiscard]] QString checkedText(QLatin1StringView key, const QJsonValue &value);

    QJsonObject m_object;
    QString m_where;
    std::optional<Error> m_error{};
};

} // namespace cooperage::embedded
