#pragma once

#include <QString>

namespace cooperage::embedded {

/// SQL for what an uploaded file takes on disk: whole blocks of 4 KiB.
inline const QString fileSpaceColumn = QStringLiteral("(size+4095)/4096*4096");

} // namespace cooperage::embedded
