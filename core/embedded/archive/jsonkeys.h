#pragma once

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace cooperage::embedded {

/// A key that different JSON readers would understand differently (CVE-2021-41190): one that comes twice in
/// its object, also when only the case differs. What lies below "annotations", "Labels" and the like is free
/// text: there only exact repetition counts. `json` must be valid JSON.
[[nodiscard]] std::optional<QString> ambiguousKey(QByteArrayView json);

} // namespace cooperage::embedded
