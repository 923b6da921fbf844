#pragma once

#include "core/base/error.h"
#include "core/embedded/server/imageviews.h"
#include "core/embedded/store/staging.h"
#include "core/embedded/store/store.h"

#include <QByteArray>
#include <QJsonObject>

#include <memory>
#include <optional>
#include <vector>

namespace cooperage::embedded {

/// A file of this machine that an entry takes, with the digest it must have.
struct LocalSource
{
    QString path;
    QByteArray sha256{};    ///< Empty: any.
    std::int64_t stamp = 0; ///< Changes when the file does.
};

/// POST /commits (docs/engine-protocol.md), checked.
struct CommitRequest
{
    std::optional<StoredImage> parent{};
    std::optional<StoredImage> stack{}; ///< An image whose layers come on top of the parent's.
    std::vector<StageEntry> entries{};
    QByteArray config{}; ///< That of the result.
    std::vector<LocalSource> locals{};
    std::vector<std::shared_ptr<ImageView>> views{}; ///< Sources of `copy` entries: mounted while this lives.

    /// `local`: whether paths of this machine may be used. BadInput names the entry.
    [[nodiscard]] static Result<CommitRequest> read(Store &store, ImageViews &views, const QJsonObject &body,
                                                    bool local);
};

/// Compares the digests: the path of a file that is not what its entry says, or nothing if all are.
[[nodiscard]] Result<std::optional<QString>> findChanged(std::vector<LocalSource> &sources);
/// Whether a file changed since findChanged() looked: its path.
[[nodiscard]] std::optional<QString> findTouched(const std::vector<LocalSource> &sources);

} // namespace cooperage::embedded
