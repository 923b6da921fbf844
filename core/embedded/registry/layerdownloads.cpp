#include "core/embedded/registry/layerdownloads.h"

#include "core/embedded/archive/scratchfile.h"
#include "core/embedded/registry/blobfile.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>
#include <thread>

namespace cooperage::embedded {

namespace {

constexpr size_t maximumThreads = 4;

// The address comes from whoever made the image: this machine does not call just any host for it.
Error foreignLayer(const Descriptor &layer)
{
    return {
        ErrorKind::Unsupported,
        QCoreApplication::translate(
            "LayerDownloads", "A layer is not at the registry but at another host (%1), which is not asked")
            .arg(QUrl(layer.foreignUrl).host()),
        QString::fromLatin1(layer.digest),
        QCoreApplication::translate("LayerDownloads", "Ask whoever publishes the image for one with all its "
                                                      "layers at the registry.")};
}

} // namespace

LayerDownloads::LayerDownloads(Store &store, RegistryAuth &auth, LayerStack &stack,
                               const QList<Descriptor> &layers, const ImportProgress &progress)
    : m_store(store), m_auth(auth), m_stack(stack), m_layers(layers), m_progress(progress)
{
    for (size_t i = 0; i < stack.size(); ++i) {
        if (stack.isPresent(i))
            continue;
        m_waiting.push_back(i);
        m_total += layers[static_cast<qsizetype>(i)].size;
    }
    std::ranges::stable_sort(m_waiting, {}, [&](size_t i) { return layers[static_cast<qsizetype>(i)].size; });
}

Result<> LayerDownloads::run(std::stop_token stop)
{
    const std::stop_callback onStop(stop, [this] { m_stop.request_stop(); });
    {
        std::vector<std::jthread> threads;
        for (size_t i = 0; i < std::min(maximumThreads, m_waiting.size()); ++i)
            threads.emplace_back([this] { work(m_stop.get_token()); });
    }
    if (stop.stop_requested())
        return std::unexpected(cancelledError());
    return m_error ? Result<>(std::unexpected(*m_error)) : Result<>();
}

void LayerDownloads::work(std::stop_token stop)
{
    RegistryClient client(m_auth, stop);
    while (const auto index = stop.stop_requested() ? std::nullopt : takeNext()) {
        if (auto fetched = fetch(client, *index, stop); !fetched)
            fail(fetched.error());
    }
}

Result<> LayerDownloads::fetch(RegistryClient &client, size_t index, std::stop_token stop)
{
    const Descriptor &layer = m_layers[static_cast<qsizetype>(index)];
    const QString name = QString::fromLatin1(layer.digest);
    auto file = scratchFile(m_store);
    if (!file)
        return std::unexpected(file.error());
    BlobFile blob(std::move(*file), layer, [this](qint64 change) { arrived(change); });
    const auto reply = client.get("blobs/" + layer.digest.toStdString(), "*/*", blob, name);
    if (!reply && reply.error().kind == ErrorKind::NotFound && !layer.foreignUrl.isEmpty())
        return std::unexpected(foreignLayer(layer));
    if (!reply)
        return std::unexpected(reply.error());
    FileStream stream(blob.fd(), name, stop);
    return m_stack.add(index, stream, {name, layer.digest, layer.size});
}

std::optional<size_t> LayerDownloads::takeNext()
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty())
        return std::nullopt;
    const size_t index = m_waiting.back();
    m_waiting.pop_back();
    return index;
}

void LayerDownloads::arrived(qint64 change)
{
    const std::lock_guard lock(m_mutex);
    m_done += change;
    if (m_progress && change > 0)
        m_progress(m_done, m_total);
}

void LayerDownloads::fail(const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        // What the others report once they are stopped is not the cause.
        if (!m_error)
            m_error = error;
    }
    m_stop.request_stop();
}

} // namespace cooperage::embedded
