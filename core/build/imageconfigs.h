#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace cooperage::build {

/// OCI configs of base images, kept between builds in the user's cache folder, so that a forecast knows a
/// base's variables and working directory without an engine. An image's config never changes, so an entry
/// never gets old.
class ImageConfigs
{
public:
    /// `folder`: empty for `$XDG_CACHE_HOME/cooperage/image-configs`.
    explicit ImageConfigs(QString folder = {});

    /// nullopt where the image's config was never remembered; an inner nullopt where its engine keeps none.
    [[nodiscard]] std::optional<std::optional<QJsonObject>> find(const QString &imageUuid) const;
    /// Failing to write only costs the next forecast its knowledge.
    void remember(const QString &imageUuid, const std::optional<QJsonObject> &config) const;

private:
    [[nodiscard]] QString fileOf(const QString &imageUuid) const;

    QString m_folder;
};

} // namespace cooperage::build
