#pragma once

#include "core/embedded/registry/registryclient.h"

namespace cooperage::embedded {

/// Brings blobs into a repository (OCI distribution specification, "Pushing blobs"). Content above one chunk
/// goes in chunks, so that a cut connection costs no more than one of them; where the registry does not keep
/// what arrived, the upload begins again.
class BlobUpload
{
public:
    /// `sent` hears of every piece that goes out, also of those that go out again.
    BlobUpload(RegistryClient &client, qint64 chunkSize, std::function<void(qint64 bytes)> sent)
        : m_client(client), m_chunkSize(chunkSize), m_sent(std::move(sent))
    {
    }

    [[nodiscard]] Result<bool> isThere(const QByteArray &digest);
    /// Takes a blob over from another repository of the registry. False where that is refused, for whatever
    /// reason.
    [[nodiscard]] Result<bool> mount(const QByteArray &digest, const QString &fromRepository);
    /// `content` without its type and callback.
    [[nodiscard]] Result<> send(const QByteArray &digest, const HttpBody &content);

private:
    struct Upload
    {
        HttpUrl url;
        qint64 offset = 0;
        qint64 chunk = 0;
    };

    [[nodiscard]] Result<Upload> begin(const QByteArray &digest);
    [[nodiscard]] Result<> sendWhole(const QByteArray &digest, const HttpBody &content);
    [[nodiscard]] Result<> sendInChunks(const QByteArray &digest, const HttpBody &content);
    [[nodiscard]] Result<> sendChunk(Upload &upload, const QByteArray &digest, const HttpBody &content);
    /// What the registry has of the upload by now; false if it has forgotten it.
    [[nodiscard]] Result<bool> askState(Upload &upload, const QByteArray &digest);
    [[nodiscard]] Result<> finish(const Upload &upload, const QByteArray &digest, const HttpBody &content);
    [[nodiscard]] Result<> take(Upload &upload, const HttpReply &reply, const QByteArray &digest) const;

    RegistryClient &m_client;
    qint64 m_chunkSize;
    std::function<void(qint64)> m_sent;
};

} // namespace cooperage::embedded
