#include "core/checks/suggestions.h"

#include "core/dockerfile/suggestion.h"

namespace cooperage::checks {

void Suggestions::setNames(QStringList names)
{
    m_names = std::move(names);
    m_known.clear();
}

QString Suggestions::nearest(const QString &name)
{
    if (const auto known = m_known.constFind(name); known != m_known.constEnd())
        return *known;
    if (m_comparisonsLeft < m_names.size())
        return {};
    m_comparisonsLeft -= m_names.size();
    const QString meant = dockerfile::nearestOf(name, m_names, Qt::CaseSensitive);
    m_known.insert(name, meant);
    return meant;
}

} // namespace cooperage::checks
