#include "core/embedded/registry/layerpush.h"

#include "core/embedded/archive/layertar.h"
#include "core/embedded/archive/scratchfile.h"
#include "core/embedded/registry/openregistry.h"
#include "core/embedded/store/layertartable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static QString hostOf(const QString &repository)
{
    return repository.section(u'/', 0, 0);
}

LayerPush::LayerPush(Store &store, const StoredImage &image, const images::Reference &target,
                     Compression compression, BlobUpload &upload, std::stop_token stop)
    : m_store(store),
      m_image(image),
      m_repository(blobRepository(target)),
      m_compression(compression),
      m_upload(upload),
      m_stop(std::move(stop)),
      m_table(store.database())
{
}

Result<LayerBlobRow> LayerPush::push(size_t index)
{
    const LayerId &layer = m_image.layers[index];
    auto known = reuse(layer);
    if (!known)
        return std::unexpected(known.error());
    LayerBlobRow blob;
    if (*known) {
        blob = **known;
    } else {
        const auto file = scratchFile(m_store);
        if (!file)
            return std::unexpected(file.error());
        auto written = write(index, file->get());
        if (!written)
            return written;
        blob = *written;
        const auto isThere = m_upload.isThere(blob.digest);
        if (!isThere)
            return std::unexpected(isThere.error());
        if (!*isThere) {
            const HttpBody content{.type = {}, .file = file->get(), .fileSize = blob.size};
            if (auto sent = m_upload.send(blob.digest, content); !sent)
                return std::unexpected(sent.error());
        }
    }
    blob.repository = m_repository;
    return m_table.add(blob).transform([&] { return blob; });
}

// What lies in the repository itself first, then what can be mounted.
Result<QList<LayerBlobRow>> LayerPush::candidates(const LayerId &layer)
{
    return m_table.of(layer).transform([this](QList<LayerBlobRow> rows) {
        std::ranges::stable_sort(rows, std::greater(), [this](const LayerBlobRow &row) {
            return (row.repository == m_repository ? 2 : 0) +
                   (hostOf(row.repository) == hostOf(m_repository) ? 1 : 0);
        });
        return rows;
    });
}

Result<std::optional<LayerBlobRow>> LayerPush::reuse(const LayerId &layer)
{
    const auto rows = candidates(layer);
    if (!rows)
        return std::unexpected(rows.error());
    for (const LayerBlobRow &row : *rows) {
        const auto obtained = obtain(row);
        if (!obtained)
            return std::unexpected(obtained.error());
        if (*obtained)
            return row;
        if (row.repository == m_repository)
            if (auto removed = m_table.remove(row); !removed)
                return std::unexpected(removed.error());
    }
    return std::nullopt;
}

Result<bool> LayerPush::obtain(const LayerBlobRow &blob)
{
    if (!m_absent.contains(blob.digest)) {
        auto isThere = m_upload.isThere(blob.digest);
        if (!isThere || *isThere)
            return isThere;
        m_absent.insert(blob.digest);
    }
    if (blob.repository == m_repository || hostOf(blob.repository) != hostOf(m_repository))
        return false;
    return m_upload.mount(blob.digest, blob.repository.section(u'/', 1));
}

Result<LayerBlobRow> LayerPush::write(size_t index, int file)
{
    const LayerId &layer = m_image.layers[index];
    std::vector<std::string> lowers;
    for (size_t below = index; below > 0; --below)
        lowers.push_back(m_store.layerPath(m_image.layers[below - 1]));
    const std::function<bool()> isWanted = [this] { return !m_stop.stop_requested(); };
    FileSink target(file);
    HashedSink blob(&target);
    CompressedSink compressed(blob, m_compression);
    WatchedSink watched(compressed, isWanted);
    const auto tar =
        writeLayerTar(m_store.layerPath(layer), LowerLayers(std::move(lowers)), std::nullopt, &watched);
    if (!tar)
        return std::unexpected(tar.error());
    if (auto ended = compressed.finish(); !ended)
        return std::unexpected(ended.error());
    if (auto kept = LayerTarTable(m_store.database()).insert(layer, {tar->diffId, tar->size}); !kept)
        return std::unexpected(kept.error());
    return LayerBlobRow{layer,
                        m_repository,
                        "sha256:" + blob.hexDigest(),
                        tar->diffId,
                        blob.size(),
                        u"application/vnd.oci.image.layer.v1.tar+"_s +
                            (m_compression == Compression::Zstd ? u"zstd"_s : u"gzip"_s)};
}

} // namespace cooperage::embedded
