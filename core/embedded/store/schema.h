#pragma once

#include "core/base/error.h"

namespace cooperage::embedded {

class Database;

/// Makes the tables of an empty database; refuses one that a newer version made. Within a transaction.
[[nodiscard]] Result<> prepareSchema(Database &database);

} // namespace cooperage::embedded
