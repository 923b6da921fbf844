#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace cooperage::cli {

/// Rows in columns as wide as their longest cell; the first row is the heading. `rightAligned` are columns of
/// numbers. Control characters, which a terminal would obey, are shown as '?'.
[[nodiscard]] QString tableText(const QList<QStringList> &rows, const QList<int> &rightAligned = {});

/// Text from an image or a server, made safe for a terminal.
[[nodiscard]] QString printable(QString text);

} // namespace cooperage::cli
