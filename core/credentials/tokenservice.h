#pragma once

#include "core/images/authchallenge.h"
#include "core/images/reference.h"

#include <QUrl>

namespace cooperage::credentials {

/// Where a registry's "bearer" challenge says that tokens are to be had, with its `service`. An invalid URL
/// if nothing may be sent there: the address comes from the registry, and passwords go to it. It must be
/// https, except between a registry and a service of this machine, and no host of a private network but the
/// registry's own.
[[nodiscard]] QUrl tokenService(const images::Reference &registry, const images::AuthChallenge &challenge);

/// The token in a service's answer; empty: there is none, or one that would not stay within a header.
[[nodiscard]] QByteArray tokenIn(const QByteArray &body);

} // namespace cooperage::credentials
