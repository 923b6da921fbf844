#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cooperage::images {

/// One way to sign in that a server offers (WWW-Authenticate, RFC 9110).
struct AuthChallenge
{
    std::string scheme;                            ///< Lower case: "bearer", "basic".
    std::map<std::string, std::string> parameters; ///< Names in lower case.
};

/// All challenges of a header's value; there may be several behind one another.
[[nodiscard]] std::vector<AuthChallenge> parseChallenges(std::string_view value);

} // namespace cooperage::images
