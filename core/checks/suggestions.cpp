#include "core/checks/suggestions.h"

#include "core/dockerfile/suggestion.h"

namespace cooperage::checks {

QString Suggestions::nearest(const QString &name, qsizetype count, const std::function<QStringList()> &names)
{
    if (m_comparisonsLeft < count)
        return {};
    m_comparisonsLeft -= count;
    return dockerfile::nearestOf(name, names(), Qt::CaseSensitive);
}

} // namespace cooperage::checks
