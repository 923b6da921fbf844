#pragma once

#include "core/base/error.h"
#include "core/embedded/server/execrequest.h"
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

    /// NotFound for an unknown image or file, BadInput for everything else.
    [[nodiscard]] static Result<InstanceRequest> read(Store &store, const QJsonObject &body);

    /// The request as operations show it: without stdin, and values of secret variables replaced.
    [[nodiscard]] QJsonObject metadata() const;
};

/// `{"columns": 80, "rows": 24}`; problems are left in `fields`.
[[nodiscard]] TerminalSize readTerminalSize(JsonFields &fields);

/// An image by `uuid` or `tag:NAME`.
[[nodiscard]] Result<StoredImage> findImage(Store &store, const QString &reference);

} // namespace cooperage::embedded
