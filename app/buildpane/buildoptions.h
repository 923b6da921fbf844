#pragma once

#include "core/base/error.h"

#include <QMap>
#include <QString>

namespace cooperage::gui {

/// What the user chose for the builds of one Dockerfile.
struct BuildOptions
{
    QString tag{};
    QString arguments{}; ///< As typed: `NAME=value OTHER="two words"`
    QString target{};
    bool noCache = false;

    /// As remembered; for a Dockerfile never built, with a tag made from its folder's name.
    [[nodiscard]] static BuildOptions load(const QString &dockerfile);
    /// Arguments that look like secrets (a name with TOKEN, PASSWORD...) are not written down.
    void store(const QString &dockerfile) const;

    bool operator==(const BuildOptions &) const = default;
};

/// "api:latest" for `/home/me/Api`.
[[nodiscard]] QString suggestedTag(const QString &folder);

/// The build arguments typed in one line; shell quotes keep spaces together.
[[nodiscard]] Result<QMap<QString, QString>> parseArguments(const QString &line);

} // namespace cooperage::gui
