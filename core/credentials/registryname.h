#pragma once

#include "core/images/reference.h"

namespace cooperage::credentials {

/// How the key of a credential file, a registry or a repository of it, is compared: without a scheme, and
/// with one name for Docker Hub. A key with a scheme names a host ("https://index.docker.io/v1/").
[[nodiscard]] QString normalisedKey(const QString &key);

/// How well a normalised key fits: its length if it is the repository, a namespace above it or its registry,
/// else 0.
[[nodiscard]] qsizetype fit(const QString &key, const images::Reference &reference);

/// What credential helpers are asked for: "https://index.docker.io/v1/" for Docker Hub, else host and port.
[[nodiscard]] QString helperAddress(const QString &host);

} // namespace cooperage::credentials
