#pragma once

#include "core/base/error.h"
#include "core/embedded/registry/httpurl.h"

#include <QStringList>

namespace httplib {
class Client;
}

namespace cooperage::embedded {

/// Where certificates of single registries lie, as Docker and Podman have it: `<folder>/<host[:port]>/` with
/// authorities in `*.crt` and pairs of `*.cert` and `*.key` to identify ourselves. The folders: those in
/// /etc/docker and /etc/containers, in $XDG_CONFIG_HOME/containers, and in ~/.docker.
[[nodiscard]] QStringList certificateFolders();

/// Lets an https client also trust the authorities kept for the origin, and gives it the certificate to
/// identify itself with, if there is one. Fails on a file that cannot be read as a certificate or key.
[[nodiscard]] Result<> trustCertificatesOf(const HttpOrigin &origin, httplib::Client &client);

} // namespace cooperage::embedded
