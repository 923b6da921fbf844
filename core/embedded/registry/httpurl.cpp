#include "core/embedded/registry/httpurl.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace cooperage::embedded {

namespace {

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Whether a host can only mean one thing, whoever reads it. `isLiteral`: it stood in brackets.
bool isPlainHost(std::string_view host, bool isLiteral)
{
    return !host.empty() && std::ranges::all_of(host, [&](unsigned char c) {
        return isLiteral ? std::isxdigit(c) || c == ':' || c == '.'
                         : std::isalnum(c) || c == '-' || c == '.' || c == '_';
    });
}

std::optional<HttpOrigin> parseAuthority(std::string_view authority, std::string scheme)
{
    HttpOrigin origin{std::move(scheme), {}, 0};
    origin.port = origin.scheme == "https" ? 443 : 80;
    const size_t hostEnd = authority.starts_with('[') ? authority.find(']') : authority.find(':');
    std::string_view port;
    if (authority.starts_with('[')) {
        if (hostEnd == std::string_view::npos)
            return std::nullopt;
        origin.host = lowered(authority.substr(1, hostEnd - 1));
        port = authority.substr(hostEnd + 1);
    } else {
        origin.host = lowered(authority.substr(0, hostEnd));
        port = hostEnd == std::string_view::npos ? std::string_view() : authority.substr(hostEnd);
    }
    if (!port.empty() && port.front() != ':')
        return std::nullopt;
    if (port.size() > 1) {
        const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), origin.port);
        if (error != std::errc() || end != port.data() + port.size())
            return std::nullopt;
    }
    const bool isValid =
        isPlainHost(origin.host, authority.starts_with('[')) && origin.port > 0 && origin.port < 65536;
    return isValid ? std::optional(origin) : std::nullopt;
}

} // namespace

bool HttpOrigin::isLoopback() const
{
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

std::string HttpOrigin::toString() const
{
    const bool isIpv6 = host.find(':') != std::string::npos;
    std::string text = scheme + "://" + (isIpv6 ? '[' + host + ']' : host);
    if (port != (scheme == "https" ? 443 : 80))
        text += ':' + std::to_string(port);
    return text;
}

std::optional<HttpUrl> HttpUrl::parse(std::string_view text)
{
    if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 127; }))
        return std::nullopt;
    const size_t colon = text.find("://");
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string scheme = lowered(text.substr(0, colon));
    if (scheme != "http" && scheme != "https")
        return std::nullopt;
    const std::string_view rest = text.substr(colon + 3, text.find('#') - (colon + 3));
    const size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const auto origin = parseAuthority(rest.substr(0, end), std::move(scheme));
    if (!origin)
        return std::nullopt;
    std::string target(rest.substr(end));
    if (!target.starts_with('/'))
        target.insert(0, "/");
    return HttpUrl{*origin, target};
}

std::optional<HttpUrl> HttpUrl::resolved(std::string_view location) const
{
    if (location.starts_with("//"))
        return parse(origin.scheme + ':' + std::string(location));
    if (location.starts_with('/'))
        return parse(origin.toString() + std::string(location));
    if (location.find("://") != std::string_view::npos)
        return parse(location);
    const std::string path = target.substr(0, target.find('?'));
    return parse(origin.toString() + path.substr(0, path.rfind('/') + 1) + std::string(location));
}

std::string queryEncoded(std::string_view value)
{
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string result;
    for (const unsigned char c : value) {
        if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == ':' || c == '/' ||
            c == ',')
            result += static_cast<char>(c);
        else
            result += {'%', hex[c >> 4], hex[c & 15]};
    }
    return result;
}

} // namespace cooperage::embedded
