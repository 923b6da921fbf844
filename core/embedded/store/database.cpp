#include "core/embedded/store/database.h"

#include "core/embedded/store/schema.h"
#include "core/embedded/store/storetext.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QStorageInfo>

#include <atomic>
#include <map>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static std::atomic<quint64> s_databases{0};
static std::atomic<quint64> s_connections{0};

static void closeConnection(const QString &name)
{
    QSqlDatabase::database(name, false).close();
    QSqlDatabase::removeDatabase(name);
}

namespace {
// The connections of one thread, by the number of their Database.
struct ThreadConnections
{
    std::map<quint64, QString> names;
    ~ThreadConnections()
    {
        for (const auto &[number, name] : names)
            closeConnection(name);
    }
};
} // namespace

static ThreadConnections &threadConnections()
{
    static thread_local ThreadConnections connections;
    return connections;
}

Database::Database(const QString &path) : m_path(path), m_number(++s_databases) {}

Database::~Database()
{
    disconnect();
}

void Database::disconnect()
{
    auto &names = threadConnections().names;
    if (const auto found = names.find(m_number); found != names.end()) {
        closeConnection(found->second);
        names.erase(found);
    }
}

Error Database::damaged(const QString &how) const
{
    return {
        ErrorKind::Failed, StoreText::tr("The store's database is damaged: %1").arg(how), m_path,
        StoreText::tr("Put back a copy of it, or move the store's folder away: a new one is made at the next "
                      "start.")};
}

Error Database::errorOf(const QSqlError &error) const
{
    enum Code { ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26 };
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const bool full =
        code == Full || (code == InputOutput && QStorageInfo(m_path).bytesAvailable() < 1024 * 1024);
    if (full)
        return {ErrorKind::Full, StoreText::tr("No space left for the store's database"), m_path,
                StoreText::tr("Free some space on that disk and try again.")};
    if (code == Corrupt || code == NotADatabase)
        return damaged(error.databaseText());
    if (code == ReadOnly || code == CannotOpen)
        return {ErrorKind::Denied,
                StoreText::tr("The store's database cannot be written: %1").arg(error.databaseText()), m_path,
                StoreText::tr("Check that the folder is yours and its disk is not mounted read-only.")};
    return {ErrorKind::Failed, StoreText::tr("The store's database refused: %1").arg(error.text()), m_path,
            code == InputOutput ? StoreText::tr("Check that its disk works.") : QString()};
}

Result<QSqlDatabase> Database::connect(const QString &name)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
    database.setDatabaseName(m_path);
    database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=10000"_s);
    if (!database.open())
        return std::unexpected(errorOf(database.lastError()));
    QSqlQuery query(database);
    for (const QString &pragma : {u"PRAGMA trusted_schema=OFF"_s, u"PRAGMA journal_mode=WAL"_s,
                                  u"PRAGMA synchronous=FULL"_s, u"PRAGMA foreign_keys=ON"_s})
        if (!query.exec(pragma))
            return std::unexpected(errorOf(query.lastError()));
    return database;
}

Result<QSqlDatabase> Database::connection()
{
    auto &names = threadConnections().names;
    if (const auto found = names.find(m_number); found != names.end())
        return QSqlDatabase::database(found->second, false);
    const QString name = u"cooperage-store-%1"_s.arg(++s_connections);
    Result<QSqlDatabase> database = connect(name);
    if (database)
        names.emplace(m_number, name);
    else
        QSqlDatabase::removeDatabase(name);
    return database;
}

Result<> Database::open()
{
    return transaction([this] {
        return prepareSchema(*this, QFile::encodeName(QFileInfo(m_path).path()).toStdString() + "/layers");
    });
}

Result<QSqlQuery> Database::query(const QString &sql, const QVariantList &values)
{
    Result<QSqlDatabase> database = connection();
    if (!database)
        return std::unexpected(database.error());
    QSqlQuery query(*database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return std::unexpected(errorOf(query.lastError()));
    for (const QVariant &value : values) {
        // A null string would become NULL; every text column is NOT NULL.
        if (value.typeId() == QMetaType::QString)
            query.addBindValue(value.toString().isNull() ? u""_s : value);
        else if (value.typeId() == QMetaType::QByteArray)
            query.addBindValue(value.toByteArray().isNull() ? QByteArray("") : value);
        else
            query.addBindValue(value);
    }
    if (!query.exec())
        return std::unexpected(errorOf(query.lastError()));
    return query;
}

Result<> Database::transaction(const std::function<Result<>()> &work, Durability durability)
{
    const QString level =
        durability == Durability::Durable ? u"PRAGMA synchronous=FULL"_s : u"PRAGMA synchronous=NORMAL"_s;
    for (const QString &statement : {level, u"BEGIN IMMEDIATE"_s})
        if (Result<QSqlQuery> begun = query(statement); !begun)
            return std::unexpected(begun.error());
    Result<> done = work();
    if (done) {
        if (Result<QSqlQuery> committed = query(u"COMMIT"_s); !committed)
            done = std::unexpected(committed.error());
    }
    if (!done)
        (void)query(u"ROLLBACK"_s); // SQLite may have rolled back by itself (full disk); then this says so,
                                    // harmlessly.
    return done;
}

} // namespace cooperage::embedded
