#include "core/embedded/registry/tokenscopes.h"

#include <ranges>

namespace cooperage::embedded {

static std::string_view textOf(auto &&range)
{
    return {range.begin(), range.end()};
}

void TokenScopes::add(std::string_view scopes)
{
    for (const auto part : std::views::split(scopes, ' ')) {
        const std::string_view scope = textOf(part);
        // Names may hold colons (ports): type and actions are the ends.
        const size_t last = scope.rfind(':');
        if (last == std::string_view::npos || scope.find(':') == last)
            continue;
        for (const auto action : std::views::split(scope.substr(last + 1), ','))
            if (const std::string_view name = textOf(action); !name.empty())
                m_actions[std::string(scope.substr(0, last))].emplace(name);
    }
}

void TokenScopes::add(const TokenScopes &other)
{
    for (const auto &[resource, actions] : other.m_actions)
        m_actions[resource].insert(actions.begin(), actions.end());
}

std::vector<std::string> TokenScopes::list() const
{
    std::vector<std::string> result;
    for (const auto &[resource, actions] : m_actions) {
        std::string scope = resource;
        for (char separator = ':'; const std::string &action : actions) {
            scope += separator + action;
            separator = ',';
        }
        result.push_back(std::move(scope));
    }
    return result;
}

std::string TokenScopes::key() const
{
    std::string result;
    for (const std::string &scope : list())
        result += scope + ' ';
    return result;
}

} // namespace cooperage::embedded
