#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <vector>

namespace cooperage::embedded {

/// A part of a line that matched; `start` and `end` count bytes of the line.
struct Submatch
{
    QString text;
    qsizetype start = 0;
    qsizetype end = 0;
};

/// A line's bytes as text. What is not UTF-8 is read as Latin-1.
[[nodiscard]] QString lineText(const QByteArray &line);

/// Regular expressions on single lines (PCRE2, whose syntax holds RE2's).
class LineMatcher
{
public:
    enum class Case { Sensitive, Insensitive, Smart };

    /// Smart: insensitive unless a pattern has an upper-case letter. BadInput says which pattern is wrong,
    /// and where.
    [[nodiscard]] static Result<LineMatcher> compile(const QStringList &patterns, Case sensitivity);

    /// What matched, from left to right and without overlaps; empty if nothing did. BadInput for a pattern
    /// that would need too long for this line.
    [[nodiscard]] Result<std::vector<Submatch>> match(const QByteArray &line) const;

private:
    std::vector<QRegularExpression> m_expressions{};
};

} // namespace cooperage::embedded
