#include "core/images/authchallenge.h"

#include <cctype>

namespace cooperage::images {

namespace {

class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    void skip(std::string_view characters)
    {
        while (!atEnd() && characters.find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }
    [[nodiscard]] bool accept(char c)
    {
        const bool found = !atEnd() && m_text[m_at] == c;
        m_at += found ? 1 : 0;
        return found;
    }
    /// Up to a separator, in lower case; passes over one character that belongs to nothing.
    [[nodiscard]] std::string token()
    {
        std::string result;
        while (!atEnd() && std::string_view(" \t,=\"").find(m_text[m_at]) == std::string_view::npos)
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(m_text[m_at++])));
        if (result.empty())
            ++m_at;
        return result;
    }
    [[nodiscard]] std::string value()
    {
        std::string result;
        if (accept('"')) {
            while (!atEnd() && m_text[m_at] != '"') {
                if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                    ++m_at;
                result += m_text[m_at++];
            }
            ++m_at;
            return result;
        }
        while (!atEnd() && std::string_view(" \t,").find(m_text[m_at]) == std::string_view::npos)
            result += m_text[m_at++];
        return result;
    }

private:
    std::string_view m_text;
    size_t m_at = 0;
};

} // namespace

std::vector<AuthChallenge> parseChallenges(std::string_view value)
{
    std::vector<AuthChallenge> challenges;
    Scanner scanner(value);
    for (scanner.skip(" \t,"); !scanner.atEnd(); scanner.skip(" \t,")) {
        const std::string name = scanner.token();
        scanner.skip(" \t");
        if (name.empty())
            continue;
        // A word followed by "=" is a parameter of the scheme before it; any other begins a new scheme.
        if (!scanner.accept('='))
            challenges.push_back({name, {}});
        else if (scanner.skip(" \t"); !challenges.empty())
            challenges.back().parameters.insert_or_assign(name, scanner.value());
    }
    return challenges;
}

} // namespace cooperage::images
