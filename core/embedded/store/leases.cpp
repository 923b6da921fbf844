#include "core/embedded/store/leases.h"

#include <algorithm>

namespace cooperage::embedded {

Lease Leases::take(const Lock &, Kind kind, const std::string &name)
{
    std::weak_ptr<const void> &known = m_taken[{kind, name}];
    if (Lease lease = known.lock())
        return lease;
    const Lease lease = std::make_shared<const char>();
    known = lease;
    if (m_taken.size() >= m_tidyAt) {
        std::erase_if(m_taken, [](const auto &entry) { return entry.second.expired(); });
        m_tidyAt = std::max<std::size_t>(1024, 2 * m_taken.size());
    }
    return lease;
}

std::size_t Leases::size()
{
    const Lock held = lock();
    return m_taken.size();
}

bool Leases::isTaken(const Lock &, Kind kind, const std::string &name) const
{
    const auto found = m_taken.find({kind, name});
    return found != m_taken.end() && !found->second.expired();
}

} // namespace cooperage::embedded
