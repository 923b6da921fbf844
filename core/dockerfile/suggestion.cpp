#include "core/dockerfile/suggestion.h"

#include <QVarLengthArray>

#include <algorithm>
#include <numeric>

namespace cooperage::dockerfile {

static constexpr qsizetype tooFar = 3;

/// Levenshtein distance.
static qsizetype editDistance(const QString &a, const QString &b)
{
    QVarLengthArray<qsizetype, 64> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const qsizetype replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

QString nearestOf(const QString &text, const QStringList &candidates, Qt::CaseSensitivity cs)
{
    const auto folded = [cs](const QString &name) { return cs == Qt::CaseSensitive ? name : name.toLower(); };
    const QString wanted = folded(text);
    qsizetype nearest = tooFar;
    QString best;
    for (const QString &candidate : candidates) {
        if (std::abs(candidate.size() - text.size()) >= tooFar)
            continue;
        const QString offered = folded(candidate);
        const qsizetype distance = editDistance(wanted, offered);
        if (distance == 0)
            return {};
        // Of two as near, the one that only has its letters in another order.
        const bool closer =
            distance < nearest || (distance == nearest && std::ranges::is_permutation(wanted, offered));
        if (closer && distance < tooFar) {
            nearest = distance;
            best = candidate;
        }
    }
    return best;
}

QString suggestionFor(const QString &text, const QStringList &candidates, Qt::CaseSensitivity cs)
{
    const QString best = nearestOf(text, candidates, cs);
    return best.isEmpty() ? QString() : QStringLiteral(" (did you mean %1?)").arg(best);
}

} // namespace cooperage::dockerfile
