#pragma once

#include <QList>
#include <QString>

#include <expected>
#include <optional>
#include <string>

namespace cooperage::dockerfile {

/// The pattern of `${v#pat}`, `${v%pat}` and `${v/pat/rep}`: `*`, `?` and backslash escapes; neither wildcard
/// matches a line break (spec 2.3). Matching takes time proportional to pattern times text, whatever the
/// pattern.
class ShellPattern
{
public:
    enum class Length { Shortest, Longest };

    /// Fails with the reason: a backslash before anything but `*`, `?`, `\`, `}` and `/`.
    [[nodiscard]] static std::expected<ShellPattern, QString> compile(const QString &pattern);

    [[nodiscard]] QString withoutPrefix(const QString &text, Length length) const;
    [[nodiscard]] QString withoutSuffix(const QString &text, Length length) const;
    /// The longest of the leftmost matches replaced; `all`: and those after it.
    [[nodiscard]] QString replaced(const QString &text, const QString &replacement, bool all) const;

private:
    enum class Kind { Character, AnyOne, AnyRun };
    struct Token
    {
        Kind kind = Kind::Character;
        char32_t character = 0;
    };
    struct Match
    {
        qsizetype begin = 0;
        qsizetype end = 0;
    };
    using Text = std::u32string;
    using Threads = QList<qsizetype>;

    void addThread(Threads &threads, qsizetype state, qsizetype begin) const;
    [[nodiscard]] Threads step(const Threads &threads, char32_t c) const;
    [[nodiscard]] qsizetype prefixLength(const Text &text, Length length) const;
    [[nodiscard]] std::optional<Match> find(const Text &text, qsizetype from) const;

    QList<Token> m_tokens;
};

} // namespace cooperage::dockerfile
