#pragma once

#include "core/embedded/archive/entrymetadata.h"
#include "core/embedded/archive/lowerlayers.h"
#include "core/embedded/archive/tarwriter.h"

#include <map>

namespace cooperage::embedded {

/// What is known of a tar that was written.
struct TarFacts
{
    QByteArray diffId; ///< "sha256:..." of its bytes.
    qint64 size = 0;

    bool operator==(const TarFacts &) const = default;
};

/// Writes a layer's folder, which nobody changes any more, as the tar that the OCI image specification
/// describes: deletions as `.wh.` entries where a lower layer shows the name, folders that hide lower ones
/// with
/// `.wh..wh..opq`, names in the order of their bytes, whole seconds. Overlayfs' own attributes and sockets
/// stay behind. Without lower layers it takes any tree, such as a mounted image.
class LayerTar
{
public:
    /// Times after `epoch` (seconds since 1970) become it.
    LayerTar(const LowerLayers &lowers, std::optional<qint64> epoch, TarWriter &tar)
        : m_lowers(lowers), m_epoch(epoch), m_tar(tar)
    {
    }

    /// Writes everything below `folder`, without the end of the archive. A file that changes while it is read
    /// is an error.
    [[nodiscard]] Result<> write(const std::string &folder);

private:
    struct Name
    {
        std::string name;
        struct stat info{};
    };

    [[nodiscard]] Result<> addRoot(int root);
    [[nodiscard]] Result<> addContents(int folder, const std::string &path, bool mayHideLower, int depth);
    [[nodiscard]] Result<> addDeletions(const std::vector<Name> &names, const std::string &path);
    [[nodiscard]] Result<> addName(int folder, const Name &name, const std::string &path, bool mayHideLower,
                                   int depth);
    [[nodiscard]] Result<> addFolder(int folder, const Name &name, const std::string &path, bool mayHideLower,
                                     int depth);
    [[nodiscard]] Result<> addFile(int folder, const Name &name, const std::string &path);
    [[nodiscard]] Result<> addContent(int file, const struct stat &before, const std::string &path);
    /// Links, devices and pipes.
    [[nodiscard]] Result<> addOther(int folder, const Name &name, const std::string &path);
    [[nodiscard]] Result<> addMark(const std::string &path);
    /// True where it was another name of a file already written.
    [[nodiscard]] Result<bool> addHardLink(const struct stat &info, const std::string &path);
    [[nodiscard]] archive_entry *describe(const struct stat &info, const std::string &path,
                                          const Attributes &attributes);
    [[nodiscard]] static Result<std::vector<Name>> namesIn(int folder, const std::string &path);

    const LowerLayers &m_lowers;
    std::optional<qint64> m_epoch;
    TarWriter &m_tar;
    std::map<ino_t, std::string> m_linked{}; ///< The first name of a file with several.
    QByteArray m_buffer{};
};

/// A layer's whole tar to a sink, and what it was.
[[nodiscard]] Result<TarFacts> writeLayerTar(const std::string &folder, const LowerLayers &lowers,
                                             std::optional<qint64> epoch, ByteSink *sink);

} // namespace cooperage::embedded
