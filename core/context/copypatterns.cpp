#include "core/context/copypatterns.h"

#include "core/context/pathnames.h"

#include <tuple>

namespace cooperage::context {

static Result<std::optional<IgnoreRules>> compiled(const QStringList &patterns, const QString &flag,
                                                   bool include)
{
    if (patterns.isEmpty())
        return std::optional<IgnoreRules>();
    QList<IgnoreRule> rules;
    if (include)
        rules.append({.pattern = QStringLiteral("**"), .source = flag});
    for (const QString &pattern : patterns)
        rules.append({.pattern = include ? u'!' + pattern : pattern, .source = flag});
    return IgnoreRules::compile(rules).transform(
        [](IgnoreRules compiled) { return std::optional(std::move(compiled)); });
}

Result<CopyPatterns> CopyPatterns::compile(const QStringList &include, const QStringList &exclude)
{
    auto included = compiled(include, QStringLiteral("--parents"), true);
    auto excluded = compiled(exclude, QStringLiteral("--exclude"), false);
    if (!included || !excluded)
        return std::unexpected(included ? excluded.error() : included.error());
    CopyPatterns result;
    result.m_include = *std::move(included);
    result.m_exclude = *std::move(excluded);
    return result;
}

Result<CopyPatterns::Place> CopyPatterns::below(const Place &folder, const QString &name) const
{
    Place place{joinPath(folder.path, name)};
    for (const auto &[rules, own, above] : {std::tuple(&m_include, &place.included, &folder.included),
                                            std::tuple(&m_exclude, &place.excluded, &folder.excluded)}) {
        if (!*rules)
            continue;
        const Result<IgnoreVerdict> verdict = (*rules)->decide(place.path, *above, own);
        if (!verdict)
            return std::unexpected(verdict.error());
        place.wanted = place.wanted && !verdict->ignored;
        place.over = place.over || (verdict->ignored && !(*rules)->mayReincludeBelow(place.path));
    }
    return place;
}

Result<bool> CopyPatterns::wants(const QString &path) const
{
    for (const std::optional<IgnoreRules> *rules : {&m_include, &m_exclude}) {
        if (!*rules)
            continue;
        const Result<IgnoreVerdict> verdict = (*rules)->decide(path);
        if (!verdict)
            return std::unexpected(verdict.error());
        if (verdict->ignored)
            return false;
    }
    return true;
}

} // namespace cooperage::context
