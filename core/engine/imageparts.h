#pragma once

#include <QList>
#include <QString>

/// What an image's layers hold beside what can be seen of them, and searches by name.
namespace cooperage::engine {

/// A file of a lower layer that cannot be seen in the image any more. Layers count from the bottom, from 0.
struct WastedFile
{
    QString path;    ///< Absolute.
    qint64 size = 0; ///< Bytes on disk.
    int layer = 0;
    int hiddenBy = 0;     ///< The lowest layer above that replaces or removes it...
    bool removed = false; ///< ...and which of both it does.

    bool operator==(const WastedFile &) const = default;
};

struct WasteReport
{
    QList<WastedFile> files{}; ///< The biggest first; at most as many as were asked for.
    qint64 bytes = 0;          ///< Of all wasted files,
    qint64 count = 0;          ///< and their number.
};

struct FindRequest
{
    QString image; ///< uuid
    QString path = QStringLiteral("/");
    /// A glob: of the name, or with a slash of the whole path; without `*`, `?` and `[` a part of either.
    QString pattern{};
    bool caseSensitive = false;
    int limit = 1000;
};

struct FoundFile
{
    QString path; ///< Absolute.
    qint64 size = 0;
    quint32 mode = 0; ///< Full st_mode.

    bool operator==(const FoundFile &) const = default;
};

struct FindOutcome
{
    QList<FoundFile> files{}; ///< By path.
    bool truncated = false;   ///< The limit ended the search; there may be more.
};

} // namespace cooperage::engine
