#pragma once

#include "core/build/destination.h"
#include "core/build/placement.h"

namespace cooperage::build {

/// Carries out an order, source by source.
class Placer
{
public:
    Placer(ImageTree *tree, CopyOrder order, Destination destination, PlaceOptions options)
        : m_tree(tree), m_order(std::move(order)), m_to(std::move(destination)), m_options(std::move(options))
    {
    }

    [[nodiscard]] engine::Task<Placement> place();

private:
    [[nodiscard]] engine::Task<> place(context::ResolvedSource source);
    [[nodiscard]] engine::Task<> place(OriginSource source);
    [[nodiscard]] engine::Task<> place(AddedUrl url);
    [[nodiscard]] engine::Task<> place(AddedGit git);
    [[nodiscard]] engine::Task<> place(InlineFile file);

    [[nodiscard]] Result<> placeMatch(const context::ResolvedMatch &match);
    /// False for a file that is no archive.
    [[nodiscard]] engine::Task<bool> unpack(QString archive);
    [[nodiscard]] engine::StagedEntry entryOf(const QString &path, const QString &folder,
                                              const context::SourceItem &item) const;
    /// `path` is what Destination::file said of the entry.
    [[nodiscard]] Result<> add(const Result<QString> &path, engine::StagedEntry entry);
    [[nodiscard]] Result<QString> temporaryFolder();
    /// The destination folder has the time of the last folder that was copied into it, or that of a file
    /// that came later.
    void setFolderTime(const QString &folder, qint64 mtimeNs);

    ImageTree *m_tree;
    CopyOrder m_order;
    Destination m_to;
    PlaceOptions m_options;
    Placement m_placement;
    QString m_timedFolder{}; ///< The destination, once a folder was copied into it...
    bool m_touched = false;  ///< ...and a file after that.
};

} // namespace cooperage::build
