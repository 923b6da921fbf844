#pragma once

#include <QRegularExpression>
#include <QString>
#include <QStringView>

#include <optional>

namespace cooperage::context {

/// One pattern of an ignore file, made ready for matching (spec 5.3). Most need no regular expression.
class IgnorePattern
{
public:
    /// `pattern` is cleaned and has no '!'.
    explicit IgnorePattern(const QString &pattern);

    /// Whether the pattern matches this very path; its parents are the caller's matter. std::nullopt where
    /// the pattern turns out malformed, or too complicated for this path.
    [[nodiscard]] std::optional<bool> matches(QStringView path) const;

    /// Whether that is because BuildKit refuses the pattern, too.
    [[nodiscard]] bool isMalformed() const { return m_malformed; }

    /// False only if the pattern cannot match any path below the folder.
    [[nodiscard]] bool mayMatchBelow(QStringView folder) const;

private:
    enum class Kind { Exact, Prefix, Suffix, EndOfName, Expression };

    void translate(QStringView pattern);

    Kind m_kind = Kind::Exact;
    QString m_text;         ///< What is compared, without the stars.
    QString m_firstText;    ///< What every matching path begins with.
    qsizetype m_depth = -1; ///< Components of every matching path; -1: any number.
    QRegularExpression m_expression{};
    bool m_malformed = false;
};

} // namespace cooperage::context
