#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace cooperage::embedded {

/// What an image runs on, in the words of the OCI specification ("linux", "arm64", "v8").
struct Platform
{
    QString os;
    QString architecture;
    QString variant{};

    [[nodiscard]] QString toString() const; ///< "linux/arm/v7"
    bool operator==(const Platform &) const = default;
};

/// Other names for the same: x86_64 is amd64, aarch64 and arm64/v8 are arm64, arm is arm/v7, amd64/v1 is
/// amd64.
[[nodiscard]] Platform normalised(Platform platform);

/// "linux/arm64" or "linux/arm/v7", normalised; nothing for another text.
[[nodiscard]] std::optional<Platform> parsePlatform(const QString &text);

/// What this machine can run, the best first: amd64/v3 before amd64 before 386, arm64 before arm/v8, v7...
[[nodiscard]] QList<Platform> machinePlatforms();
/// The same for a machine as uname(2) calls it and the highest x86-64 level (1 to 4) it has.
[[nodiscard]] QList<Platform> platformsOf(const QString &machine, int x86Level);

} // namespace cooperage::embedded
