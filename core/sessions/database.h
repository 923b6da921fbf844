#pragma once

#include "core/base/error.h"

#include <QDateTime>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariantList>

#include <functional>
#include <memory>
#include <optional>

namespace cooperage::sessions {

/// The SQLite file below a SessionStore: one connection, to be used on the thread that opened it. Several
/// processes may have the same file open; a writer waits up to ten seconds for another one.
class Database
{
public:
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Makes file, folders and tables where missing. Never alters a file that it does not fully understand.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const QString &file);

    /// Runs one statement; `values` replace its '?' in order.
    [[nodiscard]] Result<QSqlQuery> run(const QString &statement, const QVariantList &values = {});
    /// For statements that return no rows.
    [[nodiscard]] Result<> write(const QString &statement, const QVariantList &values = {});
    /// The first row, if there is one and it could be read.
    [[nodiscard]] std::optional<QSqlQuery> row(const QString &statement, const QVariantList &values = {});
    /// Runs `work` in one write transaction, which is undone if `work` fails.
    [[nodiscard]] Result<> inTransaction(const std::function<Result<>()> &work);

private:
    explicit Database(const QString &file);

    [[nodiscard]] Result<> prepare();
    [[nodiscard]] Result<> upgrade();
    [[nodiscard]] Result<int> number(const QString &statement);
    [[nodiscard]] Error errorOf(const QSqlError &error) const;

    QString m_file;
    QString m_connection;
};

/// A time as the tables hold it: ISO 8601, UTC, with milliseconds.
[[nodiscard]] QString toText(const QDateTime &time);
[[nodiscard]] QString nowText();
[[nodiscard]] QDateTime toTime(const QString &text);
/// Qt binds a null string as NULL.
[[nodiscard]] QString notNull(const QString &text);

} // namespace cooperage::sessions
