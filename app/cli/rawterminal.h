#pragma once

#include "core/engine/terminal.h"

#include <functional>
#include <memory>

class QSocketNotifier;

namespace cooperage::cli {

/// The user's own terminal, given over to something that runs elsewhere: every key goes there. The terminal
/// is as it was before when this ends, and also when signals end the program. One at a time.
class RawTerminal
{
public:
    /// BadInput where standard input is no terminal.
    [[nodiscard]] static Result<std::unique_ptr<RawTerminal>> take();
    ~RawTerminal();
    RawTerminal(const RawTerminal &) = delete;
    RawTerminal &operator=(const RawTerminal &) = delete;

    [[nodiscard]] static engine::TerminalSize size();

    std::function<void(const QByteArray &)> onKeys;
    std::function<void()> onEnd; ///< There will be no more keys.
    std::function<void(engine::TerminalSize)> onResize;

private:
    RawTerminal();
    void read();

    std::unique_ptr<QSocketNotifier> m_keys;
    std::unique_ptr<QSocketNotifier> m_resized;
};

} // namespace cooperage::cli
