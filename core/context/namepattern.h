#pragma once

#include "core/context/glob.h"

#include <QString>

#include <optional>

namespace cooperage::context {

/// What files are searched for by (docs/engine-protocol.md, find): a glob of the name, or with a slash of the
/// whole path; without `*`, `?` and `[` a part of either.
class NamePattern
{
public:
    /// std::nullopt for a malformed glob.
    [[nodiscard]] static std::optional<NamePattern> compile(const QString &pattern, bool caseSensitive);

    /// `path` is absolute.
    [[nodiscard]] bool matches(const QString &path) const;

private:
    NamePattern() = default;

    QString m_part{}; ///< Where there is no glob.
    std::optional<Glob> m_glob{};
    bool m_caseSensitive = false;
    bool m_wholePath = false;
};

} // namespace cooperage::context
