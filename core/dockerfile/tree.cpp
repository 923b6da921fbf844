#include "core/dockerfile/tree.h"

#include <algorithm>

namespace cooperage::dockerfile {

QString Flag::text() const
{
    const QString start = QStringLiteral("--") + name;
    return value ? start + u'=' + *value : start;
}

QString Heredoc::content() const
{
    if (!stripTabs)
        return body;
    QString result;
    result.reserve(body.size());
    bool atLineBegin = true;
    for (const QChar c : body) {
        atLineBegin = atLineBegin && c == u'\t';
        if (!atLineBegin)
            result += c;
        atLineBegin = atLineBegin || c == u'\n';
    }
    return result;
}

std::optional<QString> Instruction::flag(QStringView name) const
{
    const auto found = std::ranges::find(flags, name, &Flag::name);
    if (found == flags.end())
        return std::nullopt;
    return found->value.value_or(QStringLiteral(""));
}

bool Dockerfile::hasErrors() const
{
    return std::ranges::contains(diagnostics, Severity::Error, &Diagnostic::severity);
}

std::pair<int, int> Dockerfile::lineAndColumn(qsizetype position) const
{
    const QStringView before = QStringView(text).first(std::clamp<qsizetype>(position, 0, text.size()));
    const qsizetype lineBegin = before.lastIndexOf(u'\n') + 1;
    return {int(before.count(u'\n')) + 1, int(before.size() - lineBegin) + 1};
}

} // namespace cooperage::dockerfile
