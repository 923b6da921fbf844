#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cooperage::embedded {

/// Scheme, host and port: what credentials belong to.
struct HttpOrigin
{
    std::string scheme; ///< "http" or "https".
    std::string host;   ///< Lower case; IPv6 without brackets.
    int port = 0;

    [[nodiscard]] bool isLoopback() const;
    [[nodiscard]] std::string toString() const; ///< "https://host:5000", "https://[::1]"
    bool operator==(const HttpOrigin &) const = default;
};

/// An http(s) URL whose path and query stay byte for byte as they were given: signed URLs survive.
struct HttpUrl
{
    HttpOrigin origin;
    std::string target; ///< "/path?query"

    /// An absolute URL; user names in it are refused.
    [[nodiscard]] static std::optional<HttpUrl> parse(std::string_view text);
    /// What a `Location` header means, seen from this URL.
    [[nodiscard]] std::optional<HttpUrl> resolved(std::string_view location) const;
};

/// Percent-encodes a value for a query.
[[nodiscard]] std::string queryEncoded(std::string_view value);

} // namespace cooperage::embedded
