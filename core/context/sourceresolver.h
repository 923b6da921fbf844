#pragma once

#include "core/base/error.h"
#include "core/context/contextroot.h"
#include "core/context/copypatterns.h"
#include "core/context/foldercontext.h"
#include "core/context/ignorerules.h"

#include <QList>
#include <QStringList>

#include <optional>
#include <stop_token>

namespace cooperage::context {

/// One thing that a source word names, with all that is copied for it.
struct SourceMatch
{
    QString path;  ///< As written, which may lead over links.
    QString place; ///< Where it really is; what `found` begins with.
    bool isFolder = false;
    qint64 mtimeNs = 0;
    QList<Found> found{}; ///< The file itself, or what is in the folder.
};

/// Finds what a source word of COPY or ADD names (spec 3.4), not yet what the files hold.
class SourceResolver
{
public:
    /// All but the token must outlive the resolver.
    SourceResolver(const ContextRoot &root, const IgnoreRules &rules, const ResolveOptions &options,
                   std::stop_token stop);

    /// Several, or none, for a pattern; exactly one otherwise.
    [[nodiscard]] Result<QList<SourceMatch>> resolve(const QString &source) const;

private:
    [[nodiscard]] Result<QList<SourceMatch>> resolveWord(const QString &source,
                                                         const CopyPatterns &patterns) const;
    [[nodiscard]] Result<QList<SourceMatch>> resolveParents(const QString &source) const;
    [[nodiscard]] Result<QList<SourceMatch>> resolvePattern(const QString &pattern,
                                                            const CopyPatterns &patterns) const;
    [[nodiscard]] Result<QStringList> expand(const QString &pattern) const;
    [[nodiscard]] Result<SourceMatch> resolvePath(const QString &path, const QString &source,
                                                  const CopyPatterns &patterns) const;
    [[nodiscard]] Result<> fillFolder(SourceMatch &match, const CopyPatterns &patterns) const;
    /// The rule that ignores the path, if one does.
    [[nodiscard]] Result<std::optional<IgnoreRule>> ignoring(const QString &path) const;
    [[nodiscard]] Error missing(const QString &source) const;

    const ContextRoot &m_root;
    const IgnoreRules &m_rules;
    const ResolveOptions &m_options;
    std::stop_token m_stop;
};

} // namespace cooperage::context
