#include "core/embedded/server/signalname.h"

#include <csignal>
#include <cstring>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

std::optional<int> signalNumber(const QString &name)
{
    bool numeric = false;
    const int number = name.toInt(&numeric);
    if (numeric)
        return number >= 1 && number < NSIG ? std::optional(number) : std::nullopt;
    QString plain = name.toUpper();
    if (plain.startsWith("SIG"_L1))
        plain.remove(0, 3);
    for (int each = 1; each < NSIG; ++each) {
        const char *known = ::sigabbrev_np(each);
        if (known != nullptr && plain == QLatin1StringView(known))
            return each;
    }
    return std::nullopt;
}

} // namespace cooperage::embedded
