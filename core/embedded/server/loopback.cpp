#include "core/embedded/server/loopback.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <string>

namespace cooperage::embedded {

static bool isPort(std::string_view text)
{
    return text.empty() ||
           (text.front() == ':' && text.size() <= 6 &&
            std::ranges::all_of(text.substr(1), [](unsigned char c) { return std::isdigit(c) != 0; }));
}

bool isLoopbackHost(std::string_view host)
{
    static constexpr std::string_view six = "[::1]";
    if (host.starts_with(six))
        return isPort(host.substr(six.size()));
    const size_t colon = std::min(host.find(':'), host.size());
    if (!isPort(host.substr(colon)))
        return false;
    std::string name(host.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    in_addr address{};
    if (::inet_pton(AF_INET, name.c_str(), &address) == 1)
        return (ntohl(address.s_addr) >> 24) == 127;
    return name == "localhost";
}

} // namespace cooperage::embedded
