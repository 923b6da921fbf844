#pragma once

#include "core/embedded/archive/decodedstream.h"
#include "core/embedded/archive/layersealer.h"
#include "core/embedded/archive/tarreader.h"

namespace cooperage::embedded {

struct UnpackLimits
{
    qint64 entries = 5'000'000;
    qint64 kept =
        1'000'000;     ///< Folders and deletions, which are kept in memory until the end (300 bytes each).
    qint64 bytes = -1; ///< Sum of the sizes the entries declare; -1: what is free on the file system.
};

/// Unpacks one layer's tar into an empty folder, in kernel overlayfs form. Two steps, so that layers can be
/// unpacked side by side: unpack() needs nothing but the tar, seal() the finished layers below.
class LayerUnpacker
{
public:
    [[nodiscard]] static Result<LayerUnpacker> open(const std::string &folder,
                                                    const UnpackLimits &limits = {});

    /// Reads a tar, compressed or not, to its end; `name` is what errors call it.
    [[nodiscard]] Result<StreamDigests> unpack(ByteStream &source, const QString &name);
    /// Applies deletions and folders' metadata.
    [[nodiscard]] Result<> seal(const LowerLayers &lowers);
    /// What could not be taken over as it was, in words; complete after seal().
    [[nodiscard]] QStringList notes() const;
    [[nodiscard]] int root() const { return m_tree->root(); }

private:
    LayerUnpacker(std::unique_ptr<TreeWriter> tree, const UnpackLimits &limits);
    [[nodiscard]] Result<> entry(TarReader &reader, archive_entry *entry);
    /// Takes a `.wh.` name; false if it is an ordinary one.
    [[nodiscard]] Result<bool> mark(const std::string &path);
    [[nodiscard]] Result<> write(TarReader &reader, archive_entry *entry, const std::string &path);
    [[nodiscard]] Result<> hardLink(archive_entry *entry, const std::string &path);
    [[nodiscard]] Result<> node(archive_entry *entry, const Place &place, const EntryMetadata &metadata);
    [[nodiscard]] Result<> content(TarReader &reader, archive_entry *entry, int fd);
    [[nodiscard]] Result<> reserve(qint64 bytes);

    std::unique_ptr<TreeWriter> m_tree;
    LayerMarks m_marks;
    UnpackLimits m_limits;
    qint64 m_entries = 0;
    qint64 m_bytes = 0;
    int m_skippedDevices = 0;
    int m_skippedAttributes = 0;
    QStringList m_notes;
};

} // namespace cooperage::embedded
