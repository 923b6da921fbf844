#pragma once

#include "core/base/error.h"
#include "core/context/contextroot.h"
#include "core/context/ignorerules.h"

#include <memory>
#include <optional>

namespace cooperage::context {
class FolderContext;
}

namespace cooperage::checks {

/// Why a COPY cannot take a source from the build context.
struct SourceTrouble
{
    enum class Kind { Missing, Ignored, BuiltIn };
    Kind kind = Kind::Missing;
    context::IgnoreRule rule{}; ///< Of the ignored ones: the line that decided.
    QString similar{};          ///< Of the missing ones: a path that exists and is written almost alike.
};

/// Looks up what COPY and ADD name. Nothing is read but names: no file is opened.
class CopySources
{
public:
    /// `dockerfile` and `builtInExcludes` as in FolderContextOptions.
    [[nodiscard]] static Result<std::shared_ptr<const CopySources>>
    open(const QString &folder, const QString &dockerfile, bool builtInExcludes);
    ~CopySources();

    /// nullopt: it can be taken, or that cannot be told (patterns, unreadable folders).
    [[nodiscard]] std::optional<SourceTrouble> troubleOf(const QString &source) const;
    /// Whether BuildKit warns of the source (rule CopyIgnoredFile), and by which line of the ignore file.
    [[nodiscard]] std::optional<context::IgnoreRule> ignoring(const QString &source) const;

private:
    CopySources();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::checks
