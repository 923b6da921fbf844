#pragma once

#include "core/base/error.h"

#include <QString>

#include <optional>

namespace cooperage::context {

/// A git repository as source of an ADD or as a build context, and what of it is meant (spec 6.2).
struct GitSource
{
    QString remote;     ///< For git, without fragment and query. May hold a password: never shown.
    QString ref{};      ///< As written, or "refs/heads/x" and "refs/tags/x"; empty: the default branch.
    QString folder{};   ///< Relative and clean; empty: the root.
    QString checksum{}; ///< The commit that is expected, or its first digits; empty: any.
    std::optional<bool> keepGitDir; ///< Asked for by the query.
    bool submodules = true;
    bool commitTimes = false; ///< Files get the commit's time instead of the checkout's.

    /// The commit, where the text names it in full.
    [[nodiscard]] QString knownCommit() const;
    /// The remote without user and password, for messages.
    [[nodiscard]] QString displayName() const;

    bool operator==(const GitSource &) const = default;
};

/// Whether a source of COPY or ADD is one: git://, ssh://, user@host:path, http(s)://….git.
[[nodiscard]] bool isGitSource(const QString &text);

/// Reads such a text, with `#ref:dir` and `?ref=`, `?subdir=`... Fails with BuildKit's messages for queries
/// that are unknown or contradict the fragment.
[[nodiscard]] Result<GitSource> parseGitSource(const QString &text);

/// 40 or 64 hex digits.
[[nodiscard]] bool isCommitId(const QString &text);

} // namespace cooperage::context
