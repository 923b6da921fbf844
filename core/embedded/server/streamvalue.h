#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace cooperage::embedded {

/// `{"value", "encoding"}`: ascii if every byte is printable or tab, LF, CR; else all of it as base64
/// (contract 3).
[[nodiscard]] QJsonObject streamValue(const QByteArray &bytes);
[[nodiscard]] QJsonObject streamValue(const QByteArray &bytes, bool truncated);

} // namespace cooperage::embedded
