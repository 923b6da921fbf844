#pragma once

#include "core/base/error.h"

#include <string>

namespace cooperage::embedded {

class Database;

/// Makes the tables of an empty database and brings those of an older version up to date, for which it looks
/// into the folder of the layers; refuses a database that a newer version made. Within a transaction.
[[nodiscard]] Result<> prepareSchema(Database &database, const std::string &layers);

} // namespace cooperage::embedded
