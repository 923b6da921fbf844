#include "core/checks/suggestions.h"

#include "core/dockerfile/suggestion.h"

namespace cooperage::checks {

QString Suggestions::nearest(const QString &name, const QStringList &names)
{
    if (m_comparisonsLeft < names.size())
        return {};
    m_comparisonsLeft -= names.size();
    return dockerfile::nearestOf(name, names, Qt::CaseSensitive);
}

} // namespace cooperage::checks
