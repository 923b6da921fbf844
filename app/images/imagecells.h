#pragma once

#include "core/engine/imagelist.h"

/// What is said of an image in lists: the words of cells and tool tips.
namespace cooperage::gui {

/// The reference by which an image is named in a Dockerfile or on a command line: a tag, or its id.
[[nodiscard]] QString referenceOf(const engine::ImageRecord &image);
/// What a cell of ImageBrowserModel shows; empty where the engine does not say.
[[nodiscard]] QString imageCell(const engine::ImageListRow &row, int column, const QDateTime &now);
/// Everything about a row, a line each.
[[nodiscard]] QString imageToolTip(const engine::ImageListRow &row);
/// Why a tag is there twice, and which image is found by it; empty where it is not.
[[nodiscard]] QString shadowText(const engine::ImageListRow &row);
/// "import of ghcr.io/o/tool:1", "built from api/Dockerfile, step 7 (line 12): RUN make", "built in".
[[nodiscard]] QString originText(const engine::ImageListRow &row);
/// The last characters of an id: enough to tell images apart.
[[nodiscard]] QString shortId(const QString &uuid);
/// "5 min ago", or the date where it is longer ago than a week.
[[nodiscard]] QString agoText(const QDateTime &then, const QDateTime &now);

} // namespace cooperage::gui
