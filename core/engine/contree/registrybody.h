#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QJsonObject>

/// What imports and pushes have in common: a registry, and perhaps an account there.
namespace cooperage::engine::contree {

/// The `registry` of a request. BadInput if the reference cannot be read.
[[nodiscard]] Result<QJsonObject> registryBody(const QString &reference,
                                               const std::optional<Credentials> &credentials, bool plainHttp);

/// A refusal of credentials that the user did not type says where they are from.
[[nodiscard]] Error withSource(Error error, const std::optional<Credentials> &credentials);

/// `notes` of an operation's result.
[[nodiscard]] QStringList notesOf(const QJsonObject &record);

} // namespace cooperage::engine::contree
