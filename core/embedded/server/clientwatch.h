#pragma once

#include <chrono>
#include <functional>

namespace cooperage::embedded {

/// Whether the client of a long request has gone; looks ten times a second only.
class ClientWatch
{
public:
    /// `hasGone` is the request's is_connection_closed.
    explicit ClientWatch(std::function<bool()> hasGone) : m_hasGone(std::move(hasGone)) {}

    [[nodiscard]] bool hasGone()
    {
        const auto now = std::chrono::steady_clock::now();
        if (!m_gone && now >= m_nextLook) {
            m_nextLook = now + std::chrono::milliseconds(100);
            m_gone = m_hasGone();
        }
        return m_gone;
    }

private:
    std::function<bool()> m_hasGone;
    std::chrono::steady_clock::time_point m_nextLook{};
    bool m_gone = false;
};

} // namespace cooperage::embedded
