#pragma once

#include "core/engine/values.h"
#include "core/sessions/tagging.h"

#include <optional>

namespace cooperage::gui {

/// A tag that an image is to get.
struct PlannedTag
{
    engine::ImageRecord image;
    QString tag;
    QString problem{};                             ///< Why that cannot be; empty if it can.
    std::optional<sessions::TagHolders> holders{}; ///< Which images have the tag now, once asked.
    [[nodiscard]] bool hasAlready() const { return holders && holders->own == image.uuid; }
};

enum class TagPurpose { Add, Rename };

/// What typing `text` would do to the images. Words are tags; `{name}` and `{version}` stand for the parts of
/// each image's own tag, and ":word" for "{name}:word".
[[nodiscard]] QList<PlannedTag> planTags(const QList<engine::ImageRecord> &images, TagPurpose purpose,
                                         const QString &text);
/// "new", "moves here from …abcd1234", "hides a public image": what becomes of a planned tag, in words.
[[nodiscard]] QString effectText(const PlannedTag &planned);
/// The changes, in the order in which they must be made.
[[nodiscard]] QList<sessions::TagChange> changesOf(const QList<PlannedTag> &plan, TagPurpose purpose);
/// "Moved the tag app:dev from …1 to …2.", "3 tags changed."
[[nodiscard]] QString changeText(const QList<sessions::TagChange> &changes);

} // namespace cooperage::gui
