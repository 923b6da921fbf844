#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>

namespace cooperage::context {

/// The line that decided about a path.
struct IgnoreRule
{
    QString pattern; ///< As cleaned, '!' kept.
    QString source;  ///< Name of the ignore file, or "built-in".
    int line = 0;    ///< From 1; 0 for built-in rules.

    bool operator==(const IgnoreRule &) const = default;
};

struct IgnoreVerdict
{
    bool ignored = false;
    /// The last rule that hit; nullptr where none did. Lives as long as the rules.
    const IgnoreRule *rule = nullptr;
};

/// What a walk remembers of a folder: which rules hit it, one byte per rule. Empty: nothing is known.
using IgnoreHits = QByteArray;

/// `.dockerignore` rules as BuildKit applies them (spec section 5).
class IgnoreRules
{
public:
    IgnoreRules();
    ~IgnoreRules();
    IgnoreRules(IgnoreRules &&) noexcept;
    IgnoreRules &operator=(IgnoreRules &&) noexcept;

    /// Pattern lines of an ignore file's content (spec 5.2).
    [[nodiscard]] static QList<IgnoreRule> read(const QString &content, const QString &source);
    /// Built-in excludes come first, so that the file's lines can re-include with '!'. Fails only on patterns
    /// that BuildKit refuses too.
    [[nodiscard]] static Result<IgnoreRules> compile(const QList<IgnoreRule> &rules);
    /// .git, __pycache__, *.pyc, .venv, node_modules, dist, build, ... at any depth (design.md, Language
    /// decisions).
    [[nodiscard]] static QList<IgnoreRule> builtIn();

    /// `path` is relative, '/'-separated. Fails for a pattern that turns out malformed at its first use.
    [[nodiscard]] Result<IgnoreVerdict> decide(const QString &path) const;
    /// The same, quicker: `folder` is what an earlier call noted in `own` for the folder that holds `path`.
    [[nodiscard]] Result<IgnoreVerdict> decide(const QString &path, const IgnoreHits &folder,
                                               IgnoreHits *own) const;
    /// Whether a '!' rule could re-include something below this ignored folder, so that it must be walked.
    [[nodiscard]] bool mayReincludeBelow(const QString &folder) const;
    /// As compiled, in order.
    [[nodiscard]] QList<IgnoreRule> rules() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::context
