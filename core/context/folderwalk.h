#pragma once

#include "core/base/error.h"
#include "core/context/contextroot.h"
#include "core/context/ignorerules.h"

#include <QList>

#include <stop_token>
#include <vector>

namespace cooperage::context {

/// Collects what is below a folder and not ignored, parents first, names in the order of their bytes. An
/// ignored folder comes in only with something re-included below it; where that cannot be, it is not even
/// opened.
class FolderWalk
{
public:
    /// Rules, and how many characters of a context path stand before the paths they are about.
    struct Filter
    {
        const IgnoreRules *rules = nullptr;
        qsizetype skip = 0;
    };

    FolderWalk(const ContextRoot &root, QList<Filter> filters, std::stop_token stop);

    /// `folder` is a place in the root; paths in the result are, too.
    [[nodiscard]] Result<QList<Found>> run(const QString &folder);

private:
    using Hits = std::vector<IgnoreHits>; ///< One for each filter.
    struct Verdict
    {
        bool ignored = false;
        bool nothingBelow = false;
        Hits hits{};
    };

    [[nodiscard]] Result<Verdict> decide(const QString &path, const Hits &folder) const;
    [[nodiscard]] Result<> walk(int folder, const QString &path, const Hits &hits);
    [[nodiscard]] Result<> visit(int folder, const QByteArray &name, const QString &path,
                                 const Hits &folderHits);
    [[nodiscard]] Result<> enter(int folder, const QByteArray &name, const Found &found,
                                 const Verdict &verdict);
    void add(const Found &found);

    const ContextRoot &m_root;
    QList<Filter> m_filters;
    std::stop_token m_stop;
    QList<Found> m_found;
    QList<Found> m_ignoredParents; ///< Of the entry at hand, not in m_found so far.
};

} // namespace cooperage::context
