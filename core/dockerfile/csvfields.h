#pragma once

#include <QString>
#include <QStringList>

#include <expected>

namespace cooperage::dockerfile {

/// The fields of one CSV record as Go's encoding/csv reads it, or its error (spec 3.2, --mount). An empty
/// text has no record: "EOF".
[[nodiscard]] std::expected<QStringList, QString> csvFields(const QString &text);

} // namespace cooperage::dockerfile
