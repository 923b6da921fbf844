#include "core/embedded/store/operationtable.h"

#include "core/embedded/store/database.h"
#include "core/embedded/store/storetext.h"
#include "core/embedded/store/timecolumn.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static const QString s_columns =
    u"uuid, kind, status, error, created_at, started_at, finished_at, duration, image, result_image, metadata"_s;

static OperationRow rowOf(const QSqlQuery &query)
{
    return {
        query.value(0).toString(),      query.value(1).toString(),          query.value(2).toString(),
        query.value(3).toString(),      fromTimeColumn(query.value(4)),     fromTimeColumn(query.value(5)),
        fromTimeColumn(query.value(6)), query.value(7).toDouble(),          query.value(8).toString(),
        query.value(9).toString(),      query.value(10).toString().toUtf8()};
}

Result<> OperationTable::insert(const OperationRow &row)
{
    const QDateTime created = row.createdAt.isValid() ? row.createdAt : QDateTime::currentDateTimeUtc();
    return m_database.transaction([&]() -> Result<> {
        const Result<QSqlQuery> done =
            m_database.query(u"INSERT INTO operations (%1) VALUES (?,?,?,?,?,?,?,?,?,?,?)"_s.arg(s_columns),
                             {row.uuid, row.kind, row.status, row.error, toTimeColumn(created),
                              toTimeColumn(row.startedAt), toTimeColumn(row.finishedAt), row.duration,
                              row.image, row.resultImage, QString::fromUtf8(row.metadata)});
        return done ? Result<>() : std::unexpected(done.error());
    });
}

Result<> OperationTable::update(const OperationRow &row)
{
    return m_database.transaction([&]() -> Result<> {
        const Result<QSqlQuery> done = m_database.query(
            u"UPDATE operations SET status=?, error=?, started_at=?, finished_at=?, duration=?, image=?, "
            u"result_image=?,"
            " metadata=? WHERE uuid=?"_s,
            {row.status, row.error, toTimeColumn(row.startedAt), toTimeColumn(row.finishedAt), row.duration,
             row.image, row.resultImage, QString::fromUtf8(row.metadata), row.uuid});
        if (!done)
            return std::unexpected(done.error());
        if (done->numRowsAffected() == 0)
            return failure(ErrorKind::NotFound, StoreText::tr("There is no operation %1").arg(row.uuid));
        return {};
    });
}

Result<OperationRow> OperationTable::get(const QString &uuid)
{
    Result<QSqlQuery> found =
        m_database.query(u"SELECT %1 FROM operations WHERE uuid=?"_s.arg(s_columns), {uuid.toLower()});
    if (!found)
        return std::unexpected(found.error());
    if (!found->next())
        return failure(ErrorKind::NotFound, StoreText::tr("There is no operation %1").arg(uuid));
    return rowOf(*found);
}

Result<QList<qint64>> OperationTable::list(const OperationFilter &filter)
{
    QString where = u"1"_s;
    QVariantList values;
    const auto restrict = [&](bool wanted, const QString &condition, const QVariant &value) {
        if (!wanted)
            return;
        where += u" AND "_s + condition;
        values << value;
    };
    restrict(!filter.status.isEmpty(), u"status=?"_s, filter.status);
    if (filter.kind.isEmpty())
        restrict(true, u"kind<>?"_s, imagePushKind);
    else
        restrict(true, u"kind=?"_s, filter.kind);
    restrict(filter.since.has_value(), u"created_at>=?"_s, toTimeColumn(filter.since.value_or(QDateTime())));
    restrict(filter.until.has_value(), u"created_at<=?"_s, toTimeColumn(filter.until.value_or(QDateTime())));
    values << filter.limit;
    Result<QSqlQuery> found = m_database.query(
        u"SELECT seq FROM operations WHERE %1 ORDER BY created_at DESC, seq DESC LIMIT ?"_s.arg(where),
        values);
    if (!found)
        return std::unexpected(found.error());
    QList<qint64> numbers;
    while (found->next())
        numbers << found->value(0).toLongLong();
    return numbers;
}

Result<QList<OperationRow>> OperationTable::rows(const QList<qint64> &numbers)
{
    QStringList list;
    for (const qint64 number : numbers)
        list << QString::number(number);
    Result<QSqlQuery> found = m_database.query(
        u"SELECT %1 FROM operations WHERE seq IN (%2) ORDER BY created_at DESC, seq DESC"_s.arg(
            s_columns, list.join(u',')));
    if (!found)
        return std::unexpected(found.error());
    QList<OperationRow> rows;
    while (found->next())
        rows << rowOf(*found);
    return rows;
}

static Result<QStringList> texts(Result<QSqlQuery> rows)
{
    if (!rows)
        return std::unexpected(rows.error());
    QStringList list;
    while (rows->next())
        list << rows->value(0).toString();
    return list;
}

Result<QStringList> OperationTable::forget(const QDateTime &before, int most)
{
    Result<QStringList> gone;
    const Result<> done = m_database.transaction([&]() -> Result<> {
        gone = texts(m_database.query(
            u"DELETE FROM operations WHERE status IN ('SUCCESS','FAILED','CANCELLED') AND (created_at<?"
            " OR seq<=(SELECT seq FROM operations ORDER BY seq DESC LIMIT 1 OFFSET ?)) RETURNING uuid"_s,
            {toTimeColumn(before), most}));
        return gone.transform([](const QStringList &) {});
    });
    return done.and_then([&] { return gone; });
}

Result<QStringList> OperationTable::uuids()
{
    return texts(m_database.query(u"SELECT uuid FROM operations"_s));
}

} // namespace cooperage::embedded
