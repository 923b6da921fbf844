#include "core/sessions/sessionstore.h"

#include "core/sessions/database.h"

namespace cooperage::sessions {

SessionStore::SessionStore(std::unique_ptr<Database> database, QString file, QString engine)
    : m_database(std::move(database)), m_file(std::move(file)), m_engine(std::move(engine))
{
}

SessionStore::~SessionStore() = default;

Result<std::unique_ptr<SessionStore>> SessionStore::open(const QString &file, const QString &engineScope)
{
    return Database::open(file).transform([&](std::unique_ptr<Database> database) {
        return std::unique_ptr<SessionStore>(
            new SessionStore(std::move(database), file, notNull(engineScope)));
    });
}

} // namespace cooperage::sessions
