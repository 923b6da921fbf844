#pragma once

#include "core/base/error.h"

#include <QString>

#include <functional>
#include <optional>

namespace cooperage::dockerfile {

/// What one `--mount=` of RUN says (spec 3.2), before anything is resolved.
struct MountOptions
{
    enum class Type { Bind, Cache, Tmpfs, Secret, Ssh };
    Type type = Type::Bind;
    QString from{}; ///< A stage or an image; empty: not given.
    QString source{};
    QString target{};
    QString id{};
    bool readOnly = true;
    bool required = false;
    QString sharing{}; ///< Lower-case; empty: not given.
    qint64 size = 0;   ///< Bytes; 0: not given.
    std::optional<quint32> mode{};
    std::optional<quint32> uid{};
    std::optional<quint32> gid{};
    std::optional<QString> env{};

    bool operator==(const MountOptions &) const = default;
};

/// Replaces the variables in a value.
using ValueExpander = std::function<Result<QString>(const QString &)>;

/// Reads the value of a `--mount`. Errors are BuildKit's, without a place.
[[nodiscard]] Result<MountOptions> readMount(const QString &value, const ValueExpander &expand);

/// Its `from` alone, which must be known before variables are, or empty. The errors are those of the
/// instruction check.
[[nodiscard]] Result<QString> mountFrom(const QString &value);

} // namespace cooperage::dockerfile
