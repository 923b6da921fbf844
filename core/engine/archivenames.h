#pragma once

#include "core/base/error.h"

#include <QString>

#include <archive.h>
#include <archive_entry.h>
#include <memory>

/// Reading the tars that `Engine::archive` gives.
namespace cooperage::engine {

struct ArchiveReaderEnd
{
    void operator()(archive *reader) const { archive_read_free(reader); }
};
using ArchiveReader = std::unique_ptr<archive, ArchiveReaderEnd>;

/// Opens a tar of a file on disk, also a compressed one. `source` is what errors name.
[[nodiscard]] Result<ArchiveReader> openTar(const QString &tarPath, const QString &source);
[[nodiscard]] Error archiveReadError(archive *reader, const QString &source);
/// A name of an entry, whatever its encoding.
[[nodiscard]] QString archiveText(const char *utf8, const char *raw);

/// Names of members relative to the path that was asked for.
class ArchiveNames
{
public:
    explicit ArchiveNames(const QString &source) : m_root(normalised(source)) {}

    /// Without slash at the beginning, "." and "..".
    [[nodiscard]] static QString normalised(const QString &name);
    /// Empty for the path that was asked for itself. Fails for a member that is not below it.
    [[nodiscard]] Result<QString> relative(const QString &memberName);

private:
    [[nodiscard]] bool isBelow(const QString &name) const;

    QString m_root;
    bool m_fixed = false;
};

} // namespace cooperage::engine
