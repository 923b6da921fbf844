#pragma once

#include "core/base/error.h"
#include "core/embedded/registry/httpurl.h"

#include <optional>

namespace cooperage::embedded {

struct Proxy
{
    std::string host;
    int port = 0;
    std::string user{};
    std::string password{};
};

/// The proxy for an origin by HTTPS_PROXY, HTTP_PROXY and NO_PROXY (lower case too); none for loopback.
[[nodiscard]] Result<std::optional<Proxy>> proxyFor(const HttpOrigin &origin);

/// Whether a NO_PROXY list ("host, .domain, host:port, *") names the origin.
[[nodiscard]] bool isExempt(const HttpOrigin &origin, std::string_view noProxy);

} // namespace cooperage::embedded
