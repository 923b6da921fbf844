#pragma once

#include "core/build/imagetree.h"

namespace cooperage::build {

struct Owner
{
    quint32 uid = 0;
    quint32 gid = 0;

    bool operator==(const Owner &) const = default;
};

/// Which ids a `user[:group]` stands for. Names are looked up in the image's /etc/passwd and /etc/group;
/// "root" is 0 everywhere.
enum class OwnerUse {
    /// USER: a number without a group has the primary group that the image knows for it, else 0. A name that
    /// is not there is an error.
    User,
    /// --chown (spec 3.5): a number without a group has the same number as group. A name that is not there is
    /// 0; in an empty file system any name is an error.
    Chown,
};

[[nodiscard]] engine::Task<Owner> findOwner(ImageTree *tree, QString image, QString text, OwnerUse use,
                                            std::stop_token stop);

/// The same from the contents of the two files (empty where missing).
[[nodiscard]] Result<Owner> ownerFrom(const QString &text, OwnerUse use, const QByteArray &passwd,
                                      const QByteArray &group);

} // namespace cooperage::build
