#include "core/embedded/archive/imageexport.h"

#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/archive/scratchfile.h"
#include "core/embedded/store/layertartable.h"

#include <QCoreApplication>

namespace cooperage::embedded {

namespace {

struct ExportText
{
    Q_DECLARE_TR_FUNCTIONS(ImageExport)
};

/// The content of an entry whose header is written.
class EntrySink final : public ByteSink
{
public:
    explicit EntrySink(TarWriter &tar) : m_tar(tar) {}
    [[nodiscard]] Result<> write(QByteArrayView bytes) override { return m_tar.content(bytes); }

private:
    TarWriter &m_tar;
};

Result<> copyFile(int fd, TarWriter &tar)
{
    FileStream file(fd, {}, {});
    for (;;) {
        const auto bytes = file.next();
        if (!bytes)
            return std::unexpected(bytes.error());
        if (bytes->isEmpty())
            return {};
        if (Result<> written = tar.content(*bytes); !written)
            return written;
    }
}

} // namespace

Result<> ImageExport::write(ByteSink &sink)
{
    WatchedSink watched(sink, m_isWanted);
    TarWriter tar(watched);
    const Result<> written = m_request.format == ExportFormat::Docker ? writeDocker(tar) : writeOci(tar);
    return written.and_then([&] { return tar.close(); });
}

// manifest.json stands in front for those who read without seeking, so that all digests must be known.
Result<> ImageExport::writeDocker(TarWriter &tar)
{
    for (size_t i = 0; i < m_image.layers.size(); ++i) {
        if (Result<> described = describePlain(i); !described)
            return described;
    }
    if (Result<> added = addDocuments(tar, true); !added)
        return added;
    for (size_t i = 0; i < m_image.layers.size(); ++i) {
        if (Result<> added = addPlain(tar, i); !added)
            return added;
    }
    return {};
}

Result<> ImageExport::writeOci(TarWriter &tar)
{
    for (size_t i = 0; i < m_image.layers.size(); ++i) {
        const Result<> added = m_request.compression == Compression::None
                                   ? describePlain(i).and_then([&] { return addPlain(tar, i); })
                                   : addCompressed(tar, i);
        if (!added)
            return added;
    }
    return addDocuments(tar, false);
}

QByteArray ImageExport::config() const
{
    return exportedConfig({m_image.config, m_diffIds, m_image.createdAt, m_request.epoch});
}

Result<> ImageExport::addDocuments(TarWriter &tar, bool dockerFirst)
{
    const QByteArray config = this->config();
    const QByteArray manifest = exportedManifest(config, m_layers);
    std::vector<std::pair<std::string, QByteArray>> files{
        {blobPath(digestOf(config)), config},
        {blobPath(digestOf(manifest)), manifest},
        {"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"},
        {"index.json", exportedIndex(manifest, m_request.names)}};
    if (dockerFirst)
        files.insert(files.begin(),
                     {"manifest.json", exportedDockerManifest(config, m_layers, m_request.names)});
    for (const auto &[name, bytes] : files) {
        if (Result<> added = tar.addFile(name, bytes); !added)
            return added;
    }
    return {};
}

Result<TarFacts> ImageExport::writeLayer(size_t index, ByteSink *sink)
{
    std::vector<std::string> lowers;
    for (size_t below = index; below > 0; --below)
        lowers.push_back(m_store.layerPath(m_image.layers[below - 1]));
    const LayerId &id = m_image.layers[index];
    const auto facts =
        writeLayerTar(m_store.layerPath(id), LowerLayers(std::move(lowers)), m_request.epoch, sink);
    if (facts && !m_request.epoch) {
        if (Result<> kept = LayerTarTable(m_store.database()).insert(id, {facts->diffId, facts->size}); !kept)
            return std::unexpected(kept.error());
    }
    return facts;
}

Result<> ImageExport::describePlain(size_t index)
{
    LayerTarTable table(m_store.database());
    const auto known =
        m_request.epoch ? Result<std::optional<LayerTarTable::Row>>() : table.find(m_image.layers[index]);
    if (!known)
        return std::unexpected(known.error());
    TarFacts facts;
    if (*known) {
        facts = {(*known)->diffId, (*known)->size};
    } else {
        HashedSink nowhere;
        WatchedSink watched(nowhere, m_isWanted);
        const auto written = writeLayer(index, &watched);
        if (!written)
            return std::unexpected(written.error());
        facts = *written;
    }
    m_diffIds.append(facts.diffId);
    m_layers.append({facts.diffId, facts.size, Compression::None});
    return {};
}

Result<> ImageExport::addPlain(TarWriter &tar, size_t index)
{
    const LayerDescriptor &layer = m_layers[static_cast<qsizetype>(index)];
    if (!m_written.insert(layer.digest).second)
        return {};
    if (Result<> begun = tar.addFile(blobPath(layer.digest), layer.size); !begun)
        return begun;
    EntrySink content(tar);
    const auto facts = writeLayer(index, &content);
    if (!facts)
        return std::unexpected(facts.error());
    if (facts->diffId != layer.digest || facts->size != layer.size)
        return failure(ErrorKind::Failed,
                       ExportText::tr("A layer is not what it was when it was last written"),
                       QString::fromStdString(m_image.layers[index]),
                       ExportText::tr("Export again; if it changes each time, the disk is failing."));
    return {};
}

Result<> ImageExport::addCompressed(TarWriter &tar, size_t index)
{
    const auto scratch = scratchFile(m_store);
    if (!scratch)
        return std::unexpected(scratch.error());
    FileSink file(scratch->get());
    HashedSink blob(&file);
    CompressedSink compressed(blob, m_request.compression);
    WatchedSink watched(compressed, m_isWanted);
    const auto facts = writeLayer(index, &watched);
    if (!facts)
        return std::unexpected(facts.error());
    if (Result<> finished = compressed.finish(); !finished)
        return finished;
    const QByteArray digest = "sha256:" + blob.hexDigest();
    m_diffIds.append(facts->diffId);
    m_layers.append({digest, blob.size(), m_request.compression});
    if (!m_written.insert(digest).second)
        return {};
    return tar.addFile(blobPath(digest), blob.size()).and_then([&] { return copyFile(scratch->get(), tar); });
}

Result<> exportRootFilesystem(const std::string &root, const ExportRequest &request, ByteSink &sink)
{
    const LowerLayers none({});
    if (request.compression == Compression::None)
        return writeLayerTar(root, none, request.epoch, &sink).transform([](const TarFacts &) {});
    CompressedSink compressed(sink, request.compression);
    return writeLayerTar(root, none, request.epoch, &compressed).and_then([&](const TarFacts &) {
        return compressed.finish();
    });
}

} // namespace cooperage::embedded
