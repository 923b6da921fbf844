#pragma once

#include "core/embedded/archive/exportdocuments.h"
#include "core/embedded/archive/layertar.h"
#include "core/embedded/store/store.h"

#include <functional>
#include <set>

namespace cooperage::embedded {

enum class ExportFormat { Docker, Oci, RootFilesystem };

struct ExportRequest
{
    ExportFormat format = ExportFormat::Docker;
    Compression compression = Compression::None; ///< Of the layers, or of a whole root filesystem.
    QStringList names{};                         ///< As exportedName() gives them.
    std::optional<qint64> epoch{};               ///< SOURCE_DATE_EPOCH.
};

/// Docker's overlay driver takes no more.
inline constexpr size_t dockerLayers = 125;

/// Says whether somebody still takes the bytes; asked about once in a mebibyte.
using IsWanted = std::function<bool()>;

/// Writes an image of the store as a tar: what `docker save` makes (an OCI layout with Docker's manifest.json
/// in front), or an OCI layout. Memory does not grow with the image; compressed layers pass, one after the
/// other, through a file in the store's tmp folder, because their digest stands before them.
class ImageExport
{
public:
    ImageExport(Store &store, const StoredImage &image, const ExportRequest &request,
                const IsWanted &isWanted)
        : m_store(store), m_image(image), m_request(request), m_isWanted(isWanted)
    {
    }

    [[nodiscard]] Result<> write(ByteSink &sink);

private:
    [[nodiscard]] Result<> writeDocker(TarWriter &tar);
    [[nodiscard]] Result<> writeOci(TarWriter &tar);
    [[nodiscard]] Result<> addDocuments(TarWriter &tar, bool dockerFirst);
    [[nodiscard]] Result<> describePlain(size_t index);
    [[nodiscard]] Result<> addPlain(TarWriter &tar, size_t index);
    [[nodiscard]] Result<> addCompressed(TarWriter &tar, size_t index);
    [[nodiscard]] Result<TarFacts> writeLayer(size_t index, ByteSink *sink);
    [[nodiscard]] QByteArray config() const;

    Store &m_store;
    const StoredImage &m_image;
    const ExportRequest &m_request;
    const IsWanted &m_isWanted;
    QList<QByteArray> m_diffIds{};
    QList<LayerDescriptor> m_layers{};
    std::set<QByteArray> m_written{}; ///< Digests of blobs: equal layers are one file.
};

/// Writes a mounted image's merged tree as one tar.
[[nodiscard]] Result<> exportRootFilesystem(const std::string &root, const ExportRequest &request,
                                            ByteSink &sink);

} // namespace cooperage::embedded
