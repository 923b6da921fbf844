#include "core/embedded/registry/blobupload.h"

#include "core/embedded/archive/bytestream.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>

namespace cooperage::embedded {

namespace {

struct UploadText
{
    Q_DECLARE_TR_FUNCTIONS(BlobUpload)
};

constexpr char bytesType[] = "application/octet-stream";
constexpr int maximumFailures = 5;

// "0-99", also written "bytes=0-99"; "0-0" is what registries say of an empty upload.
std::optional<qint64> sizeFromRange(const std::string &range)
{
    const size_t dash = range.rfind('-');
    qint64 last = 0;
    if (dash == std::string::npos)
        return std::nullopt;
    const char *end = range.data() + range.size();
    const auto [stop, error] = std::from_chars(range.data() + dash + 1, end, last);
    if (error != std::errc() || stop != end || last < 0)
        return std::nullopt;
    return last == 0 ? 0 : last + 1;
}

HttpUrl withDigest(HttpUrl url, const QByteArray &digest)
{
    url.target += url.target.find('?') == std::string::npos ? '?' : '&';
    url.target += "digest=" + queryEncoded(digest.toStdString());
    return url;
}

QString nameOf(const QByteArray &digest)
{
    return QString::fromLatin1(digest);
}

} // namespace

Result<bool> BlobUpload::isThere(const QByteArray &digest)
{
    return m_client
        .send({.method = "HEAD",
               .url = m_client.urlOf("blobs/" + digest.toStdString()),
               .what = nameOf(digest),
               .expected = {404}})
        .transform([](const HttpReply &reply) { return reply.status == 200; });
}

Result<bool> BlobUpload::mount(const QByteArray &digest, const QString &fromRepository)
{
    const std::string from = fromRepository.toStdString();
    RegistryRequest request{.method = "POST",
                            .url =
                                m_client.urlOf("blobs/uploads/?mount=" + queryEncoded(digest.toStdString()) +
                                               "&from=" + queryEncoded(from)),
                            .what = nameOf(digest),
                            .scopes = TokenScopes("repository:" + from + ":pull"),
                            .expected = {400, 403, 404, 405}};
    const auto reply = m_client.send(request);
    if (!reply && reply.error().kind == ErrorKind::Denied)
        return false;
    if (!reply)
        return std::unexpected(reply.error());
    if (reply->status != 202)
        return reply->status == 201;
    // An upload has begun instead, which nobody will use. Whether it can be ended does not matter.
    if (const auto place = m_client.follow(request.url, reply->header("location")))
        (void)m_client.send({.method = "DELETE", .url = *place, .what = nameOf(digest), .repeats = false});
    return false;
}

Result<> BlobUpload::send(const QByteArray &digest, const HttpBody &content)
{
    for (int count = 1;; ++count) {
        auto sent = content.size() > m_chunkSize ? sendInChunks(digest, content) : sendWhole(digest, content);
        if (sent || sent.error().kind != ErrorKind::Unreachable || count == maximumFailures)
            return sent;
        if (!m_client.pause(std::chrono::milliseconds(500) * count))
            return std::unexpected(cancelledError());
    }
}

Result<BlobUpload::Upload> BlobUpload::begin(const QByteArray &digest)
{
    const HttpUrl url = m_client.urlOf("blobs/uploads/");
    const auto reply = m_client.send({.method = "POST", .url = url, .what = nameOf(digest)});
    if (!reply)
        return std::unexpected(reply.error());
    Upload upload{url, 0, m_chunkSize};
    const std::string least = reply->header("oci-chunk-min-length");
    qint64 minimum = 0;
    std::from_chars(least.data(), least.data() + least.size(), minimum);
    upload.chunk = std::max(upload.chunk, minimum);
    if (auto taken = take(upload, *reply, digest); !taken)
        return std::unexpected(taken.error());
    upload.offset = 0;
    return upload;
}

Result<> BlobUpload::take(Upload &upload, const HttpReply &reply, const QByteArray &digest) const
{
    const auto place = m_client.follow(upload.url, reply.header("location"));
    if (!place)
        return failure(
            ErrorKind::Failed,
            UploadText::tr("The registry does not say where to upload to, or names an address that "
                           "is not safe to follow"),
            nameOf(digest));
    upload.url = *place;
    if (const auto size = sizeFromRange(reply.header("range")))
        upload.offset = *size;
    return {};
}

Result<> BlobUpload::sendWhole(const QByteArray &digest, const HttpBody &content)
{
    return begin(digest).and_then([&](const Upload &upload) { return finish(upload, digest, content); });
}

Result<> BlobUpload::sendInChunks(const QByteArray &digest, const HttpBody &content)
{
    auto upload = begin(digest);
    if (!upload)
        return std::unexpected(upload.error());
    for (int failures = 0; upload->offset < content.size();) {
        const qint64 before = upload->offset;
        const auto sent = sendChunk(*upload, digest, content);
        if (sent && upload->offset > before) {
            failures = 0;
            continue;
        }
        const bool isRefused = !sent && sent.error().kind != ErrorKind::Unreachable;
        if (isRefused && before == 0 && sent.error().kind != ErrorKind::Cancelled &&
            sent.error().kind != ErrorKind::Denied)
            return sendWhole(digest, content); // Not every registry takes chunks.
        if (isRefused || ++failures == maximumFailures)
            return sent ? failure(ErrorKind::Failed, UploadText::tr("The registry does not take the upload"),
                                  nameOf(digest))
                        : sent;
        if (!m_client.pause(std::chrono::milliseconds(500) * failures))
            return std::unexpected(cancelledError());
        const auto known = askState(*upload, digest);
        if (!known)
            return std::unexpected(known.error());
        if (!*known)
            return sent;
    }
    return finish(*upload, digest, {});
}

Result<> BlobUpload::sendChunk(Upload &upload, const QByteArray &digest, const HttpBody &content)
{
    HttpBody chunk{.type = bytesType, .sent = m_sent};
    const qint64 size = std::min(upload.chunk, content.size() - upload.offset);
    if (content.file >= 0) {
        chunk.file = content.file;
        chunk.offset = content.offset + upload.offset;
        chunk.fileSize = size;
    } else {
        chunk.bytes = content.bytes.sliced(upload.offset, size);
    }
    const std::string range = std::to_string(upload.offset) + '-' + std::to_string(upload.offset + size - 1);
    const auto reply = m_client.send({.method = "PATCH",
                                      .url = upload.url,
                                      .what = nameOf(digest),
                                      .headers = {{"Content-Range", range}},
                                      .body = &chunk,
                                      .repeats = false});
    if (!reply)
        return std::unexpected(reply.error());
    upload.offset += size;
    return take(upload, *reply, digest);
}

Result<bool> BlobUpload::askState(Upload &upload, const QByteArray &digest)
{
    const auto reply =
        m_client.send({.url = upload.url, .what = nameOf(digest), .expected = {400, 404, 405, 416}});
    if (!reply)
        return std::unexpected(reply.error());
    if (reply->status >= 400 || !sizeFromRange(reply->header("range")))
        return false;
    return take(upload, *reply, digest).transform([] { return true; });
}

Result<> BlobUpload::finish(const Upload &upload, const QByteArray &digest, const HttpBody &content)
{
    HttpBody body = content;
    body.type = bytesType;
    body.sent = m_sent;
    const auto reply = m_client.send({.method = "PUT",
                                      .url = withDigest(upload.url, digest),
                                      .what = nameOf(digest),
                                      .body = &body,
                                      .repeats = false});
    if (!reply)
        return std::unexpected(reply.error());
    const std::string stored = reply->header("docker-content-digest");
    if (!stored.empty() && stored != digest.toStdString())
        return failure(ErrorKind::Failed, UploadText::tr("The registry stored other bytes than were sent"),
                       nameOf(digest), UploadText::tr("Push again; if it happens again, tell its operator."));
    return {};
}

} // namespace cooperage::embedded
