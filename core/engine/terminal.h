#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QObject>

namespace cooperage::engine {

/// In characters.
struct TerminalSize
{
    int columns = 80;
    int rows = 24;

    bool operator==(const TerminalSize &) const = default;
};

struct TerminalRequest
{
    RunRequest run; ///< Its time-out counts while nobody follows the terminal.
    TerminalSize size{};
};

/// A command that runs in a terminal of its own. Deleting it while the command runs cancels that.
class Terminal : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual QString operation() const = 0;
    /// Once it has ended. ErrorKind::Cancelled after `cancel`, by whomever.
    [[nodiscard]] virtual std::optional<Result<RunOutcome>> outcome() const = 0;

    /// Keys, in the order of the calls.
    virtual void write(const QByteArray &keys) = 0;
    virtual void resize(TerminalSize size) = 0;
    /// As when a line is cut: shells end, and what was changed becomes an image as after any other end.
    virtual void hangUp() = 0;
    /// Kills everything; nothing is kept.
    virtual void cancel() = 0;

Q_SIGNALS:
    void output(const QByteArray &bytes);
    /// The last signal; `outcome` tells how.
    void ended();
};

} // namespace cooperage::engine
