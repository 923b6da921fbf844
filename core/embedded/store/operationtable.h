#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace cooperage::embedded {

class Database;

/// One operation as it is kept (contract 2.6, 3). `kind` and `status` are the words of the API.
struct OperationRow
{
    QString uuid;
    QString kind;
    QString status;
    QString error{};       ///< Empty: none.
    QDateTime createdAt{}; ///< Of an insert: now, where it is not valid.
    QDateTime startedAt{};
    QDateTime finishedAt{};
    double duration = 0; ///< Seconds.
    QString image{};
    QString resultImage{};
    QByteArray metadata{}; ///< JSON text; no secret may be in it.
};

/// A kind that ConTree v1 does not know: lists show it only when asked for it.
inline const QString imagePushKind = QStringLiteral("image_push");

struct OperationFilter
{
    QString status{};
    QString kind{}; ///< Empty: those of ConTree v1.
    std::optional<QDateTime> since{};
    std::optional<QDateTime> until{};
    int limit = 100; ///< -1: none.
};

/// The table of operations: Store::open() marks as FAILED what an earlier engine left unfinished.
class OperationTable
{
public:
    explicit OperationTable(Database &database) : m_database(database) {}

    [[nodiscard]] Result<> insert(const OperationRow &row);
    /// Writes everything but uuid, kind and the creation time. NotFound without such a row.
    [[nodiscard]] Result<> update(const OperationRow &row);
    [[nodiscard]] Result<OperationRow> get(const QString &uuid);
    /// The numbers of rows, newest first.
    [[nodiscard]] Result<QList<qint64>> list(const OperationFilter &filter);
    /// The rows with these numbers, in their order.
    [[nodiscard]] Result<QList<OperationRow>> rows(const QList<qint64> &numbers);

    /// Forgets ended operations from before `before`, and those that more than `most` newer ones follow.
    [[nodiscard]] Result<QStringList> forget(const QDateTime &before, int most);
    /// Of every operation there is.
    [[nodiscard]] Result<QStringList> uuids();

private:
    Database &m_database;
};

} // namespace cooperage::embedded
