#pragma once

#include "core/embedded/registry/httptransport.h"

namespace httplib {
class Client;
enum class Error;
} // namespace httplib

namespace cooperage::embedded {

/// Words for a request that got no reply.
[[nodiscard]] TransportFailure connectionFailure(httplib::Error error, const httplib::Client &client,
                                                 const HttpOrigin &origin);

} // namespace cooperage::embedded
