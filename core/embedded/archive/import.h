#pragma once

#include "core/base/error.h"
#include "core/embedded/store/store.h"

#include <QStringList>

#include <functional>
#include <stop_token>

namespace cooperage::embedded {

/// What an import made in the store; the caller makes an image of it.
struct ImportedLayers
{
    std::vector<LayerId> layers; ///< Bottom to top.
    QByteArray config;           ///< The image's OCI config as it came; empty for a root filesystem tar.
    QStringList notes{};         ///< What could not be taken over as it was (devices, attributes), in words.
};

/// Bytes fetched so far, total if known (else -1).
using ImportProgress = std::function<void(qint64 done, qint64 total)>;

/// A docker-archive, an OCI layout (tar or folder) or a root-filesystem tar (plain, gzip, bzip2, xz, zstd),
/// told apart by content. Every digest is verified; hostile names, links and sizes are refused; nothing is
/// left behind on failure.
[[nodiscard]] Result<ImportedLayers> importArchive(Store &store, const QString &path,
                                                   const ImportProgress &progress, std::stop_token stop);

} // namespace cooperage::embedded
