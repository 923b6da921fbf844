#pragma once

#include "core/engine/values.h"

namespace cooperage::engine {

/// What an operation's metadata says for people.
struct OperationDetails
{
    QString subject{}; ///< The command of a run, the reference of an import.
    QByteArray output{};
    QByteArray errors{};
    bool truncated = false;        ///< The engine kept only the beginning of the output.
    std::optional<int> exitCode{}; ///< Of a run that ended by itself.
    int signal = -1;
    bool timedOut = false;
};

[[nodiscard]] OperationDetails detailsOf(const OperationRecord &operation);

[[nodiscard]] bool isOver(OperationState state);

} // namespace cooperage::engine
