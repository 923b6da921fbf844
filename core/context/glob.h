#pragma once

#include <QList>
#include <QStringView>

#include <optional>
#include <utility>

namespace cooperage::context {

/// A shell-like pattern by the rules of Go's filepath.Match (spec 3.4): `*` and `?` do not match '/', `[a-z]`
/// and
/// `[^a-z]` are classes, a backslash takes the next character literally. The whole text has to match.
class Glob
{
public:
    /// std::nullopt for a malformed pattern: an unclosed or empty class, a range without end, a trailing
    /// backslash.
    [[nodiscard]] static std::optional<Glob> compile(QStringView pattern);
    /// Whether there is an unescaped `*`, `?` or `[`.
    [[nodiscard]] static bool hasWildcards(QStringView pattern);
    /// The pattern with its backslashes taken off: the one text it matches if it has no wildcards.
    [[nodiscard]] static QString unescaped(QStringView pattern);

    [[nodiscard]] bool matches(QStringView text) const;

private:
    enum class Kind { Literal, AnyCharacter, AnyRun, Class };
    struct Token
    {
        Kind kind = Kind::Literal;
        uint character = 0;
        bool negated = false;
        QList<std::pair<uint, uint>> ranges{};

        [[nodiscard]] bool accepts(uint c) const;
    };

    [[nodiscard]] static std::optional<Token> readClass(const QList<uint> &pattern, qsizetype &at);
    [[nodiscard]] static std::optional<uint> readClassMember(const QList<uint> &pattern, qsizetype &at);

    QList<Token> m_tokens;
};

} // namespace cooperage::context
