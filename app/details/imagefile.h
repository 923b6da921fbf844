#pragma once

#include "core/engine/values.h"

#include <QMetaType>

namespace cooperage::engine {
class Engine;
}

namespace cooperage::gui {

/// An image, or the lower layers of one, with the name that people see.
struct ImageSide
{
    QString uuid; ///< Empty: an empty file system.
    QString name;
    engine::Engine *engine = nullptr; ///< That has it; not needed for an empty one.

    bool operator==(const ImageSide &) const = default;
};

/// A file of an image.
struct ImageFile
{
    ImageSide side;
    QString path; ///< Absolute.

    bool operator==(const ImageFile &) const = default;
};

/// A file or folder that is to be copied out of an image.
struct ImageItem
{
    ImageFile file;
    bool isFolder = false;
    qint64 size = -1; ///< Bytes of a file; -1: not known.

    bool operator==(const ImageItem &) const = default;
};

/// The name that the copy of an item has on this computer: the last part of its path, or of the image's name
/// for the whole file system.
[[nodiscard]] QString localName(const ImageFile &file);

} // namespace cooperage::gui

Q_DECLARE_METATYPE(cooperage::gui::ImageSide)
Q_DECLARE_METATYPE(cooperage::gui::ImageFile)
