#pragma once

#include "core/embedded/store/fd.h"

#include <chrono>

namespace cooperage::embedded {

/// Wakes one waiting thread, from any thread and from SIGTERM and SIGINT while it lives.
class WakeUp
{
public:
    WakeUp();
    ~WakeUp();
    WakeUp(const WakeUp &) = delete;
    WakeUp &operator=(const WakeUp &) = delete;

    void notify() const;
    /// True once notified, false when the time has passed before.
    [[nodiscard]] bool wait(std::chrono::milliseconds patience) const;

    /// Reacts to signals from here on, as long as this lives.
    void catchSignals();

private:
    Fd m_event;
    bool m_catches = false;
};

} // namespace cooperage::embedded
