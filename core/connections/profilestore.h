#pragma once

#include "core/connections/connectionprofile.h"

#include <QList>

namespace cooperage::connections {

/// The engines that the user has set up: a file without secrets in the configuration folder, read afresh at
/// every call because several programs use it.
class ProfileStore
{
public:
    /// The embedded engine first, then by name.
    [[nodiscard]] static QList<ConnectionProfile> profiles();
    /// NotFound names the profiles that there are.
    [[nodiscard]] static Result<ConnectionProfile> profile(const QString &name);

    /// Adds a profile or replaces the one of that name.
    [[nodiscard]] static Result<> put(const ConnectionProfile &profile);
    /// The embedded engine cannot be removed. A default that is removed gives way to the embedded engine.
    [[nodiscard]] static Result<> remove(const QString &name);

    /// What is used where nothing else is asked for.
    [[nodiscard]] static QString defaultName();
    [[nodiscard]] static Result<> setDefault(const QString &name);
};

} // namespace cooperage::connections
