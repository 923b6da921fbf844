#pragma once

#include "core/engine/values.h"
#include "core/images/reference.h"

#include <QMap>

namespace cooperage::credentials {

/// A file in the form of Docker's config.json or of Podman's auth.json; only read, never written. Keys are
/// normalised.
struct CredentialFile
{
    QString name; ///< For people: its path, or the name of a variable.
    QMap<QString, QString> helpers{};
    QString store{}; ///< The helper for all other registries; may be empty.
    QMap<QString, engine::Credentials> accounts{};

    /// An error has file and line, and no part of the file's content.
    [[nodiscard]] static Result<CredentialFile> parse(const QByteArray &text, const QString &name);

    /// The helper in charge of a repository; empty if there is none.
    [[nodiscard]] QString helperFor(const images::Reference &reference) const;
    /// The account kept in the file itself under the key that fits best.
    [[nodiscard]] std::optional<engine::Credentials> accountFor(const images::Reference &reference) const;
};

} // namespace cooperage::credentials
