#pragma once

#include <QString>

namespace cooperage::engine {

/// Begins a new log file when the old one has grown over 5 MB; one older file is kept beside it.
void rotateLog(const QString &path);

/// The last lines that were written after `offset`, for an error message.
[[nodiscard]] QString logTail(const QString &path, qint64 offset);

} // namespace cooperage::engine
