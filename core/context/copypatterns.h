#pragma once

#include "core/context/ignorerules.h"

#include <QStringList>

#include <optional>

namespace cooperage::context {

/// Which part of a folder a COPY takes (spec 3.6): what matches a pattern of `include` (COPY --parents; none:
/// everything) and none of `exclude` (--exclude), by the rules of .dockerignore on paths below the folder. A
/// folder that is left out comes all the same with something of it that is wanted.
class CopyPatterns
{
public:
    /// How the patterns took something below the folder. A default one stands for the folder itself.
    struct Place
    {
        QString path{};
        bool wanted = true;
        bool over = false; ///< Neither it nor anything below it is wanted.
        IgnoreHits included{};
        IgnoreHits excluded{};
    };

    /// Fails only on patterns that BuildKit refuses, too.
    [[nodiscard]] static Result<CopyPatterns> compile(const QStringList &include, const QStringList &exclude);

    [[nodiscard]] Result<Place> below(const Place &folder, const QString &name) const;
    /// The same for any path below the folder.
    [[nodiscard]] Result<bool> wants(const QString &path) const;

    /// The rules behind it: the first ignore all but what is included.
    [[nodiscard]] const std::optional<IgnoreRules> &includeRules() const { return m_include; }
    [[nodiscard]] const std::optional<IgnoreRules> &excludeRules() const { return m_exclude; }

private:
    std::optional<IgnoreRules> m_include;
    std::optional<IgnoreRules> m_exclude;
};

} // namespace cooperage::context
