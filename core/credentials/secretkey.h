#pragma once

#include "core/base/error.h"

#include <QString>

#include <optional>

namespace cooperage::credentials {

/// The name under which a secret is kept; it holds no secret itself.
struct SecretKey
{
    enum class Kind { Registry, Contree, DockerTls };

    Kind kind = Kind::Registry;
    QString scope{}; ///< The registry's host, the connection's or the docker context's name.
    QString user{};  ///< Registry only.

    [[nodiscard]] static SecretKey registry(const QString &host, const QString &user);
    [[nodiscard]] static SecretKey contree(const QString &connection);
    [[nodiscard]] static SecretKey dockerTls(const QString &context);

    /// "registry:<host>:<user>", "contree:<connection>", "docker-tls:<context>".
    [[nodiscard]] QString toString() const;
    [[nodiscard]] static std::optional<SecretKey> parse(const QString &text);

    bool operator==(const SecretKey &) const = default;
};

/// What a user typed or docker's configuration calls a registry, as the host that references name: without
/// scheme and path, "docker.io" in all of Docker Hub's spellings. BadInput for what no reference can name.
[[nodiscard]] Result<QString> registryHost(const QString &text);

} // namespace cooperage::credentials
