#include "core/context/namepattern.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::context {

static bool isGlob(const QString &pattern)
{
    return std::ranges::any_of(pattern, [](QChar c) { return c == u'*' || c == u'?' || c == u'['; });
}

std::optional<NamePattern> NamePattern::compile(const QString &pattern, bool caseSensitive)
{
    NamePattern result;
    result.m_caseSensitive = caseSensitive;
    result.m_wholePath = pattern.contains(u'/');
    result.m_part = caseSensitive ? pattern : pattern.toCaseFolded();
    if (!isGlob(pattern))
        return result;
    const bool isRelative = result.m_wholePath && !pattern.startsWith(u'/');
    result.m_glob = Glob::compile(isRelative ? QString(u'/' + result.m_part) : result.m_part);
    return result.m_glob ? std::optional(result) : std::nullopt;
}

bool NamePattern::matches(const QString &path) const
{
    const QString text = m_wholePath ? path : path.sliced(path.lastIndexOf(u'/') + 1);
    const QString folded = m_caseSensitive ? text : text.toCaseFolded();
    return m_glob ? m_glob->matches(folded) : folded.contains(m_part);
}

} // namespace cooperage::context
