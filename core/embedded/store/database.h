#pragma once

#include "core/base/error.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariantList>

#include <functional>

namespace cooperage::embedded {

/// How long a transaction lasts: Durable survives a power cut once it has returned, Fast only a crash of the
/// process.
enum class Durability { Durable, Fast };

/// store.db. Every thread gets a connection of its own, closed when the thread or this object ends.
class Database
{
public:
    explicit Database(const QString &path);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Closes this thread's connection; its next use opens another one. SQLite keeps the descriptors of
    /// closed connections as long as any connection of the process is open: a thread that waits should have
    /// none.
    void disconnect();

    /// Makes or checks the schema.
    [[nodiscard]] Result<> open();
    /// Executes one statement with values in place of its question marks.
    [[nodiscard]] Result<QSqlQuery> query(const QString &sql, const QVariantList &values = {});
    /// Runs `work` in one BEGIN IMMEDIATE transaction of this thread; its failure rolls everything back.
    [[nodiscard]] Result<> transaction(const std::function<Result<>()> &work,
                                       Durability durability = Durability::Durable);

    /// The error that says so.
    [[nodiscard]] Error damaged(const QString &how) const;

private:
    [[nodiscard]] Result<QSqlDatabase> connection();
    [[nodiscard]] Result<QSqlDatabase> connect(const QString &name);
    [[nodiscard]] Error errorOf(const QSqlError &error) const;

    QString m_path;
    quint64 m_number; ///< Tells the connections of two objects apart.
};

} // namespace cooperage::embedded
