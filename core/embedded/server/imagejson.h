#pragma once

#include "core/embedded/store/store.h"

#include <QJsonObject>

namespace cooperage::embedded {

/// Image (contract 2.3).
[[nodiscard]] QJsonObject imageJson(const ImageRow &row);
[[nodiscard]] QJsonObject imageJson(const StoredImage &image, const QString &tag);

} // namespace cooperage::embedded
