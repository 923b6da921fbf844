#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cooperage::embedded {

/// What a Bearer token is to allow: "repository:team/app:pull,push", perhaps of several repositories.
class TokenScopes
{
public:
    TokenScopes() = default;
    explicit TokenScopes(std::string_view scopes) { add(scopes); }

    /// Joins scopes (several are separated by spaces); what has not the form of a scope is passed over.
    void add(std::string_view scopes);
    void add(const TokenScopes &other);

    /// In a fixed order: one for each resource, its actions sorted.
    [[nodiscard]] std::vector<std::string> list() const;
    /// The list in one text; equal for equal scopes.
    [[nodiscard]] std::string key() const;

private:
    std::map<std::string, std::set<std::string, std::less<>>> m_actions; ///< By "type:name".
};

} // namespace cooperage::embedded
