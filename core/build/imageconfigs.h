#pragma once

#include "core/base/error.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace cooperage::build {

/// OCI configs of images, kept between builds in the user's cache folder: those of bases, so that a forecast
/// knows a base's variables and working directory without an engine; and those of built images whose engine
/// cannot hold a config, for the builds that begin with them and for their export.
class ImageConfigs
{
public:
    /// `folder`: empty for `$XDG_CACHE_HOME/cooperage/image-configs`.
    explicit ImageConfigs(QString folder = {});
    /// Those of results, for their export. Apart from bases: a build that only changes settings has its base
    /// as its result on an engine without configs.
    [[nodiscard]] static ImageConfigs ofResults();

    /// nullopt where the image's config was never remembered; an inner nullopt where its engine keeps none.
    [[nodiscard]] std::optional<std::optional<QJsonObject>> find(const QString &imageUuid) const;
    /// Of a base; what is known of it stays. Failing to write only costs the next forecast its knowledge.
    void remember(const QString &imageUuid, const std::optional<QJsonObject> &config) const;
    /// Of an image that was built on an engine without configs. The same files may have been built with other
    /// settings before: those are replaced.
    [[nodiscard]] Result<> keep(const QString &imageUuid, const QJsonObject &config) const;

private:
    [[nodiscard]] QString fileOf(const QString &imageUuid) const;

    QString m_folder;
};

} // namespace cooperage::build
