#pragma once

#include "core/base/error.h"

#include <QString>
#include <QUrl>

namespace cooperage::connections {

/// An engine that the user can choose. It holds no secret: the token of a hosted one is in the keychain,
/// under the profile's name.
struct ConnectionProfile
{
    enum class Kind {
        Embedded, ///< This computer's own engine; there is exactly one, and it is always there.
        Contree,
    };

    Kind kind = Kind::Embedded;
    QString name{}; ///< Unique; "embedded" is the embedded engine's.
    QUrl url{};
    QString project{};

    [[nodiscard]] static ConnectionProfile embedded();

    /// For people: the name, or "Embedded engine".
    [[nodiscard]] QString displayName() const;
    /// What separates this engine's layers and sessions from those of another one.
    [[nodiscard]] QString scope() const;
    /// Name and address can be used; BadInput says what is wrong. Plain http is for this computer only: the
    /// token would be readable on its way.
    [[nodiscard]] Result<> check() const;

    bool operator==(const ConnectionProfile &) const = default;
};

} // namespace cooperage::connections
