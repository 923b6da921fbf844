#pragma once

#include <QRandomGenerator>

#include <string>

namespace cooperage::embedded {

/// So many random lower-case hex digits.
[[nodiscard]] inline std::string randomName(int digits)
{
    std::string name;
    for (int i = 0; i < digits; ++i)
        name += "0123456789abcdef"[QRandomGenerator::system()->bounded(16)];
    return name;
}

} // namespace cooperage::embedded
