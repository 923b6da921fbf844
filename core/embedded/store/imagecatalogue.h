#pragma once

#include "core/base/error.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace cooperage::embedded {

class Database;

/// One row of the catalogue: an image with one of its tags, or untagged.
struct CatalogueRow
{
    QString uuid;
    QString tag; ///< Empty: untagged.
    bool isPublic = false;
    bool hidesPublic = false; ///< An own tag before a public one of the same name.
    bool isHidden = false;    ///< A public tag behind an own one.
    QDateTime createdAt{};
    int tagCount = 0;
    qint64 size = 0;   ///< Bytes on disk of all its layers.
    qint64 unique = 0; ///< Of those, bytes in layers that no other image of the lists has.
    QString operation{};
    QString originKind{};    ///< Kind of the operation that made it; empty if unknown.
    QByteArray originJson{}; ///< That operation's stored metadata.
};

struct CatalogueQuery
{
    enum class Show { All, Tagged, Untagged, Own, Public };
    enum class Order { Created, Tag, Size };

    int limit = 100;
    int offset = 0;
    Show show = Show::All;
    Order order = Order::Created;
    bool descending = true;
    QString text{}; ///< Somewhere in the tag, or the beginning of the uuid; letter case does not matter.
    QString tagPrefix{};
    std::optional<QString> repository{}; ///< The tag without what follows its last colon.
    std::optional<QString> registry{};   ///< The tag's host; empty: tags without one.
    QString uuid{};                      ///< Exactly this one, even one that lists leave out.
    std::optional<QDateTime> since{};
    std::optional<QDateTime> until{};
};

struct CatalogueGroup
{
    QString name;
    qint64 rows = 0;
};

/// Pages, sums and groups of images for browsing, in an order that stays the same between calls.
class ImageCatalogue
{
public:
    enum class GroupBy { Repository, Registry, Image };

    explicit ImageCatalogue(Database &database) : m_database(database) {}

    /// Rows that match, without regard to limit and offset.
    [[nodiscard]] Result<qint64> count(const CatalogueQuery &query);
    [[nodiscard]] Result<QList<CatalogueRow>> page(const CatalogueQuery &query);
    /// Names with the number of their rows, by name (images: the newest first); limit and offset apply.
    [[nodiscard]] Result<QList<CatalogueGroup>> groups(GroupBy by, const CatalogueQuery &query);

private:
    [[nodiscard]] Result<> addSizes(QList<CatalogueRow> *rows, const QList<qint64> &images);

    Database &m_database;
};

} // namespace cooperage::embedded
