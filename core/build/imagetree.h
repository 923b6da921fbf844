#pragma once

#include "core/engine/engine.h"

#include <QHash>

#include <optional>

namespace cooperage::build {

/// A place in an image after all links on the way were followed.
struct ImagePlace
{
    QString path; ///< Absolute, without links.
    engine::FileItem item;
};

/// What a path means after all links on the way were followed, whether there is something or not.
struct ResolvedPlace
{
    QString path; ///< Absolute, without links.
    std::optional<engine::FileItem> item;
};

/// Read-only looks into the file systems of snapshots: what a path is, what a pattern matches. Snapshots
/// never change, so listings are remembered. An empty uuid is an empty file system. Paths are absolute.
class ImageTree
{
public:
    explicit ImageTree(engine::Engine *engine) : m_engine(engine) {}

    /// What is at `path`, links followed inside the image; nullopt where there is nothing.
    [[nodiscard]] engine::Task<std::optional<ImagePlace>> find(QString image, QString path,
                                                               std::stop_token stop);
    /// The same for a path that need not be there: where it would be made.
    [[nodiscard]] engine::Task<ResolvedPlace> resolve(QString image, QString path, std::stop_token stop);
    /// Paths that match a pattern by Go's rules, sorted; a path without wildcards is found or not.
    [[nodiscard]] engine::Task<QStringList> glob(QString image, QString pattern, std::stop_token stop);
    /// A small file's bytes; nullopt where there is none.
    [[nodiscard]] engine::Task<std::optional<QByteArray>> read(QString image, QString path,
                                                               std::stop_token stop);

private:
    [[nodiscard]] engine::Task<QList<engine::FileItem>> list(QString image, QString folder,
                                                             std::stop_token stop);

    engine::Engine *m_engine;
    QHash<QString, QList<engine::FileItem>> m_lists; ///< By uuid + ':' + folder.
    QHash<QString, std::optional<QByteArray>> m_files;
};

} // namespace cooperage::build
