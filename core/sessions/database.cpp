#include "core/sessions/database.h"

#include "core/sessions/schema.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QUuid>

#include <mutex>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;

namespace {

// Primary result codes of SQLite.
enum SqliteCode {
    Permission = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    NotADatabase = 26
};

QString moveAway()
{
    return QCoreApplication::translate(
        "SessionStore",
        "Move the file to another place and start again: a new one is made. Images are kept by their "
        "engine; only build caches and session history start afresh.");
}

Error damaged(const QString &file, const QString &detail)
{
    return {ErrorKind::Failed,
            QCoreApplication::translate("SessionStore", "The session database is damaged (%1)").arg(detail),
            file, moveAway()};
}

// SQLite would make the file readable for everybody, as the umask has it. One that is there is not even
// opened: closing it would drop the locks that other connections of this process hold on it, and another
// process could then take the log away under them.
Result<> makeFile(const QString &path)
{
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (QFileInfo::exists(path))
        return {};
    const QString folder = QFileInfo(path).absolutePath();
    QFile file(path);
    if (!QDir().mkpath(folder))
        return failure(
            ErrorKind::Denied, QCoreApplication::translate("SessionStore", "Cannot make the folder"), folder,
            QCoreApplication::translate("SessionStore", "Check the permissions of the folders above it."));
    const auto mine = QFile::ReadOwner | QFile::WriteOwner;
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, mine) && !QFileInfo::exists(path))
        return failure(
            ErrorKind::Denied,
            QCoreApplication::translate("SessionStore", "Cannot make the session database: %1")
                .arg(file.errorString()),
            path,
            QCoreApplication::translate("SessionStore", "Check the permissions of the file and its folder."));
    return {};
}

} // namespace

Database::Database(const QString &file)
    : m_file(file), m_connection(u"sessions-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

Database::~Database()
{
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<Database>> Database::open(const QString &file)
{
    if (const Result<> made = makeFile(file); !made)
        return std::unexpected(made.error());
    std::unique_ptr<Database> database(new Database(file));
    {
        QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, database->m_connection);
        connection.setDatabaseName(file);
        connection.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=10000"_s);
        if (!connection.open())
            return std::unexpected(database->errorOf(connection.lastError()));
    }
    return database->prepare().transform([&] { return std::move(database); });
}

Result<> Database::prepare()
{
    for (const QString &pragma :
         {u"PRAGMA trusted_schema=OFF"_s, u"PRAGMA foreign_keys=ON"_s, u"PRAGMA synchronous=NORMAL"_s}) {
        if (const auto done = run(pragma); !done)
            return std::unexpected(done.error());
    }
    auto check = run(u"PRAGMA quick_check(1)"_s);
    if (!check)
        return std::unexpected(check.error());
    if (check->next() && check->value(0).toString() != u"ok")
        return std::unexpected(damaged(m_file, check->value(0).toString()));
    check->finish();
    if (const auto upgraded = upgrade(); !upgraded)
        return upgraded;
    // Lasting, and refused while another process is at work: then the next one to open the file does it.
    static_cast<void>(run(u"PRAGMA journal_mode=WAL"_s));
    return {};
}

Result<> Database::upgrade()
{
    return inTransaction([this]() -> Result<> {
        const auto application = number(u"PRAGMA application_id"_s);
        const auto version = number(u"PRAGMA user_version"_s);
        const auto tables = number(u"SELECT count(*) FROM sqlite_master"_s);
        if (!application || !version || !tables)
            return std::unexpected((!application ? application : !version ? version : tables).error());
        if (*tables > 0 && *application != applicationId)
            return failure(
                ErrorKind::BadInput,
                QCoreApplication::translate("SessionStore", "The file is a database of another program"),
                m_file, QCoreApplication::translate("SessionStore", "Move it to another place."));
        if (*version > schemaVersion)
            return failure(ErrorKind::Unsupported,
                           QCoreApplication::translate("SessionStore",
                                                       "The session database was made by a newer version of "
                                                       "Cooperage (format %1, known are up to %2)")
                               .arg(*version)
                               .arg(schemaVersion),
                           m_file,
                           QCoreApplication::translate(
                               "SessionStore", "Update Cooperage, or move the file to another place."));
        for (int step = *version; step < schemaVersion; ++step) {
            for (const QString &statement : schemaSteps().at(step)) {
                if (const auto done = run(statement); !done)
                    return std::unexpected(done.error());
            }
        }
        return {};
    });
}

Result<int> Database::number(const QString &statement)
{
    return run(statement).transform(
        [](QSqlQuery query) { return query.next() ? query.value(0).toInt() : 0; });
}

Result<QSqlQuery> Database::run(const QString &statement, const QVariantList &values)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!query.prepare(statement))
        return std::unexpected(errorOf(query.lastError()));
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return std::unexpected(errorOf(query.lastError()));
    return query;
}

Result<> Database::write(const QString &statement, const QVariantList &values)
{
    return run(statement, values).transform([](const QSqlQuery &) {});
}

std::optional<QSqlQuery> Database::row(const QString &statement, const QVariantList &values)
{
    Result<QSqlQuery> query = run(statement, values);
    if (!query || !query->next())
        return std::nullopt;
    return *std::move(query);
}

Result<> Database::inTransaction(const std::function<Result<>()> &work)
{
    if (const auto begun = run(u"BEGIN IMMEDIATE"_s); !begun)
        return std::unexpected(begun.error());
    Result<> done = work();
    if (done) {
        if (const auto committed = run(u"COMMIT"_s); !committed)
            done = std::unexpected(committed.error());
    }
    if (!done)
        static_cast<void>(run(u"ROLLBACK"_s));
    return done;
}

Error Database::errorOf(const QSqlError &error) const
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const QString what =
        QCoreApplication::translate("SessionStore", "The session database cannot be used: %1")
            .arg(error.databaseText());
    switch (code) {
    case Corrupt:
    case NotADatabase:
        return damaged(m_file, error.databaseText());
    case Busy:
    case Locked:
        return {
            ErrorKind::Failed, what, m_file,
            QCoreApplication::translate("SessionStore", "Another program uses it. Try again in a moment.")};
    case Full:
        return {ErrorKind::Full, what, m_file,
                QCoreApplication::translate("SessionStore", "Free some space on that disk and try again.")};
    case Permission:
    case ReadOnly:
    case CannotOpen:
        return {
            ErrorKind::Denied, what, m_file,
            QCoreApplication::translate("SessionStore", "Check the permissions of the file and its folder.")};
    default:
        return {ErrorKind::Failed, what, m_file};
    }
}

QString toText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QString nowText()
{
    return toText(QDateTime::currentDateTimeUtc());
}

QDateTime toTime(const QString &text)
{
    return QDateTime::fromString(text, Qt::ISODateWithMs);
}

QString notNull(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

} // namespace cooperage::sessions
