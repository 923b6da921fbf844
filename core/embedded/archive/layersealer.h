#pragma once

#include "core/embedded/archive/lowerlayers.h"
#include "core/embedded/archive/treewriter.h"

#include <QStringList>

#include <set>

namespace cooperage::embedded {

/// What a layer's entries said about the layers below; carried out when those are complete.
struct LayerMarks
{
    std::set<std::string> deleted; ///< Clean paths of what `.wh.` entries named.
    std::set<std::string> opaque;  ///< Folders that hide everything below them.
    std::vector<std::pair<std::string, std::string>>
        borrowed; ///< Hard links (path, target) to files of lower layers.
};

/// Finishes a layer's folder, once every entry is written and the layers below are finished.
class LayerSealer
{
public:
    LayerSealer(TreeWriter &tree, const LayerMarks &marks, const LowerLayers &lowers)
        : m_tree(tree), m_marks(marks), m_lowers(lowers)
    {
    }

    /// Deletions and opaque folders in overlayfs form - only where they hide something, since elsewhere
    /// overlayfs shows them - then folders' metadata: that of their entries, or of the same folder below.
    /// Returns notes in words.
    [[nodiscard]] Result<QStringList> seal();

private:
    [[nodiscard]] Result<> copyBorrowed();
    [[nodiscard]] Result<> copyFile(const LowerLayers::Found &from, const Place &to);
    [[nodiscard]] Result<> hideRoot();
    [[nodiscard]] Result<> hideFolders();
    [[nodiscard]] Result<> hideNames();
    [[nodiscard]] Result<> hide(const std::string &path);
    [[nodiscard]] bool isHidden(const std::string &path) const;
    [[nodiscard]] Result<EntryMetadata> impliedMetadata(const std::string &path);
    [[nodiscard]] Result<> finishFolders();

    TreeWriter &m_tree;
    const LayerMarks &m_marks;
    const LowerLayers &m_lowers;
    std::set<std::string>
        m_hidden; ///< Opaque folders and whiteouts made here: nothing shows through below them.
    QStringList m_notes;
};

} // namespace cooperage::embedded
