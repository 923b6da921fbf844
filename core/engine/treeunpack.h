#pragma once

#include "core/base/error.h"

#include <QStringList>

#include <stop_token>

namespace cooperage::engine {

struct UnpackedTree
{
    qint64 files = 0;
    qint64 folders = 0;
    qint64 links = 0;
    QStringList skipped{}; ///< Devices, pipes and sockets.
};

/// Unpacks the tar of `source` (of `Engine::archive`) into `target`, which becomes what was asked for: a
/// folder, a file or a link. No member leaves `target`: names are opened one by one, links are written and
/// never followed, and what is there already is never replaced. Permissions and times are kept; owners and
/// set-id bits are not. Not for the GUI's thread.
[[nodiscard]] Result<UnpackedTree> unpackTree(const QString &tarPath, const QString &source,
                                              const QString &target, const std::stop_token &stop);

} // namespace cooperage::engine
