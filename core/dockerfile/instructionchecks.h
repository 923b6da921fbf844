#pragma once

#include "core/dockerfile/tree.h"

#include <QSet>

namespace cooperage::dockerfile {

/// The instruction phase (spec 1.11): appends what is wrong with single instructions and with their place in
/// the file. One error for each instruction, none for those in `broken`. Messages come without BuildKit's
/// line number prefix: the range says where.
void checkInstructions(Dockerfile &file, const QSet<qsizetype> &broken);

} // namespace cooperage::dockerfile
