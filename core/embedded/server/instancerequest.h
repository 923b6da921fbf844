#pragma once

#include "core/base/error.h"
#include "core/embedded/store/staging.h"
#include "core/embedded/store/store.h"

#include <QByteArray>
#include <QJsonObject>
#include <QMap>
#include <QStringList>

#include <vector>

namespace cooperage::embedded {

/// POST /instances (contract 2.5), checked.
struct InstanceRequest
{
    QString command;
    QStringList args{};
    bool shell = false;
    QMap<QString, QString> env{};
    bool preserveEnv = false;
    QString cwd{}; ///< Empty: the image's, or the default.
    QString hostname{};
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    QByteArray stdinData{};
    int timeout = 60;
    qint64 truncateAt = 1048576;
    qint64 maxLayerBytes = 0; ///< 0: no limit.
    bool disposable = false;
    bool networking = true;
    StoredImage image{};
    std::vector<StageEntry> files{};

    /// NotFound for an unknown image or file, BadInput for everything else.
    [[nodiscard]] static Result<InstanceRequest> read(Store &store, const QJsonObject &body);

    /// The request as operations show it: without stdin, and values of secret variables replaced.
    [[nodiscard]] QJsonObject metadata() const;
    /// `env` with the values of variables that look like secrets replaced.
    [[nodiscard]] QJsonObject shownEnv() const;
    /// What to execute: `/bin/sh -c` with quoted arguments appended for a shell expression.
    [[nodiscard]] std::vector<std::string> argv() const;
};

/// An image by `uuid` or `tag:NAME`.
[[nodiscard]] Result<StoredImage> findImage(Store &store, const QString &reference);

} // namespace cooperage::embedded
