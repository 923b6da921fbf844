#pragma once

#include "core/base/error.h"
#include "core/embedded/server/execrequest.h"
#include "core/embedded/server/instancemounts.h"
#include "core/embedded/store/staging.h"
#include "core/embedded/store/store.h"

#include <QJsonObject>

#include <vector>

namespace cooperage::embedded {

/// POST /instances (contract 2.5), checked.
struct InstanceRequest
{
    ExecRequest process;
    bool preserveEnv = false;
    QString hostname{};
    int timeout = 60;
    qint64 maxLayerBytes = 0; ///< 0: no limit.
    bool disposable = false;
    bool networking = true;
    std::optional<TerminalSize> terminal{};
    StoredImage image{};
    std::vector<StageEntry> files{};
    std::vector<MountRequest> mounts{};

    /// `local`: whether paths of this machine may be used. NotFound for an unknown image or file, BadInput
    /// for everything else.
    [[nodiscard]] static Result<InstanceRequest> read(Store &store, const QJsonObject &body, bool local);

    /// The request as operations show it: without stdin and contents of mounts, and values of secret
    /// variables replaced.
    [[nodiscard]] QJsonObject metadata() const;
};

/// `{"columns": 80, "rows": 24}`; problems are left in `fields`.
[[nodiscard]] TerminalSize readTerminalSize(JsonFields &fields);

/// An image by `uuid` or `tag:NAME`.
[[nodiscard]] Result<StoredImage> findImage(Store &store, const QString &reference);

} // namespace cooperage::embedded
