#pragma once

#include <QtTypes>

#include <memory>
#include <optional>

namespace cooperage::engine {

/// A running process that need not be a child of this one. Its number cannot come to mean another process
/// while this object is there.
class ProcessHandle
{
public:
    /// Nothing if there is no such process.
    [[nodiscard]] static std::optional<ProcessHandle> open(qint64 pid);

    [[nodiscard]] bool hasEnded() const;
    [[nodiscard]] bool sendSignal(int signal) const;

private:
    explicit ProcessHandle(int fd);

    std::shared_ptr<const int> m_fd; ///< Closed with the last copy.
};

} // namespace cooperage::engine
