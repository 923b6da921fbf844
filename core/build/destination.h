#pragma once

#include "core/build/imagetree.h"
#include "core/build/imageusers.h"
#include "core/build/steporder.h"

namespace cooperage::build {

/// The destination of one COPY or ADD (spec 3.4): what it is now, and the folders that have to be made for
/// it.
class Destination
{
public:
    /// Looks at it in the image, links followed, and at what is `staged` but not in the image so far.
    [[nodiscard]] static engine::Task<Destination> find(ImageTree *tree, CopyOrder order, QString image,
                                                        QList<engine::StagedEntry> staged,
                                                        std::stop_token stop);

    /// Makes it a folder, if it is none, and returns its path. `ownMode`: made folders get the mode of
    /// --chmod.
    [[nodiscard]] Result<QString> folder(bool ownMode = true);
    /// Where a file of that name goes: into the folder, or it becomes the destination itself.
    [[nodiscard]] Result<QString> file(const QString &baseName);

    /// An entry with the order's owner, and with its mode if that is given.
    [[nodiscard]] engine::StagedEntry entryAt(const QString &path, quint32 mode, bool isFolder) const;
    [[nodiscard]] Owner owner() const { return m_owner; }
    /// Folders to be made before what is placed next; each is told once.
    [[nodiscard]] QList<engine::StagedEntry> takeFolders() { return std::exchange(m_made, {}); }

private:
    enum class Kind { Missing, File, Folder };

    void make(const QString &folder, bool ownMode);

    CopyOrder m_order;
    Owner m_owner{};
    QString m_path; ///< Without links.
    Kind m_kind = Kind::Missing;
    QStringList m_missing{};    ///< Parents that are not there, outermost first.
    QStringList m_overridden{}; ///< --link: parents that are there.
    QList<engine::StagedEntry> m_made{};
};

/// `path` and those of its parents that are not in the image, outermost first. `path` has no links.
[[nodiscard]] engine::Task<QStringList> missingFolders(ImageTree *tree, QString image, QString path,
                                                       std::stop_token stop);

} // namespace cooperage::build
