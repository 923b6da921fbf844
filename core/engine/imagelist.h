#pragma once

#include "core/engine/values.h"

/// Images for browsing: pages of any place in the list, with sums (docs/engine-protocol.md, image-list).
namespace cooperage::engine {

struct ImageListQuery
{
    enum class Show { All, Tagged, Untagged, Own, Public };
    enum class Order { Created, Tag, Size };

    int limit = 200; ///< At most 1000.
    int offset = 0;
    Show show = Show::Tagged;
    Order order = Order::Created;
    bool descending = true;
    QString text{}; ///< Somewhere in the tag, or the beginning of the uuid.
    QString tagPrefix{};
    std::optional<QString> repository{};
    std::optional<QString> registry{};
    QString uuid{};
    QString since{}; ///< RFC 3339, "2h", "3d", or seconds.
    QString until{};

    bool operator==(const ImageListQuery &) const = default;
};

/// One row: an image with one of its tags, or untagged. What the engine does not say is -1 or empty.
struct ImageListRow
{
    ImageRecord image;
    bool isPublic = false;
    bool hidesPublic = false; ///< An own tag before a public one of the same name.
    bool isHidden = false;    ///< A public tag behind an own one.
    int tagCount = -1;
    qint64 size = -1;     ///< Bytes on disk.
    qint64 unique = -1;   ///< Of those, in layers that no other image has.
    QString originKind{}; ///< "image_import", "instance", or empty.
    QString originText{}; ///< The reference or command.
};

struct ImagePage
{
    qint64 total = 0;
    bool isExact = true; ///< Otherwise there are at least `total` rows.
    QList<ImageListRow> rows;
};

enum class ImageGrouping { Repository, Registry, Image };

struct ImageGroup
{
    QString name;
    qint64 images = 0; ///< Rows.
};

} // namespace cooperage::engine
