#pragma once

#include "core/engine/values.h"

namespace cooperage::cli {

/// One line on standard error that says how far something has come. Nothing where that is no terminal.
class Progress
{
public:
    Progress();

    [[nodiscard]] engine::ProgressHandler handler();
    /// Removes the line.
    void clear();

private:
    void show(qint64 done, qint64 total, const QString &what);

    bool m_terminal;
    bool m_shown = false;
};

} // namespace cooperage::cli
