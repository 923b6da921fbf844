#pragma once

#include "core/base/error.h"
#include "core/engine/values.h"

#include <QList>
#include <QString>

namespace cooperage::engine::contree {

/// One thing of an archive that `GET /inspect/{uuid}/archive` gave.
struct UnpackedItem
{
    StagedEntry::Type type = StagedEntry::Type::File;
    QString path{}; ///< Relative to the path that was asked for; empty: that path itself.
    quint32 mode = 0;
    quint32 uid = 0;
    quint32 gid = 0;
    qint64 mtimeNs = 0;
    QString linkTarget{}; ///< Symlink.
    QString localPath{};  ///< File: where its bytes are now...
    QByteArray sha256{};  ///< ...their digest...
    qint64 size = 0;      ///< ...and their number.
};

/// Unpacks the tar of `source` into numbered files below `folder`: names from the archive never become names
/// on this disk. Hard links become files; devices and the like cannot be staged and make an error.
[[nodiscard]] Result<QList<UnpackedItem>> unpackTar(const QString &tarPath, const QString &source,
                                                    const QString &folder);

} // namespace cooperage::engine::contree
