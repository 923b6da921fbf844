#pragma once

#include "core/base/sha256.h"
#include "tests/core/engine/loopback.h"

#include <algorithm>
#include <atomic>

/// The two ends of a URL upload: a web server that makes up its bytes, and an engine that only hashes them.
namespace cooperage::test {

/// The engine's side: counts and hashes, and keeps nothing.
struct Receiver
{
    explicit Receiver(Loopback &loopback)
    {
        serveWhoami(loopback);
        loopback.server.Get(R"(/v1/files/([0-9a-f]{64}))", [this](const httplib::Request &request,
                                                                  httplib::Response &response) {
            if (QByteArray::fromStdString(request.matches[1].str()) != known)
                return json(response, R"({"error":"no"})", 404);
            json(response, (R"({"uuid":"known","sha256":")" + known + R"(","size":3})").constData());
        });
        loopback.server.Post("/v1/files", [this](const httplib::Request &request, httplib::Response &response,
                                                 const httplib::ContentReader &reader) {
            Sha256 hash;
            qint64 size = 0;
            hadLength = request.has_header("Content-Length");
            const bool whole = reader([&](const char *data, size_t length) {
                hash.update(QByteArrayView(data, static_cast<qsizetype>(length)));
                size += static_cast<qint64>(length);
                return true;
            });
            if (!whole) {
                ++broken;
                return;
            }
            ++stored;
            const QByteArray digest = lie ? QByteArray(64, '0') : hash.hexDigest();
            json(response,
                 (R"({"uuid":"new","sha256":")" + digest + R"(","size":)" + QByteArray::number(size) + "}")
                     .constData(),
                 201);
        });
    }
    QByteArray known;
    std::atomic<bool> hadLength = false;
    std::atomic<bool> lie = false;
    std::atomic<int> stored = 0;
    std::atomic<int> broken = 0;
};

/// Serves `size` made-up bytes as /data.bin; the connection is cut off after `until`.
inline void serveGenerated(Loopback &loopback, size_t size, bool withLength, size_t until = SIZE_MAX)
{
    static const std::string block(64 * 1024, 'g');
    const auto provide = [size, until](size_t offset, httplib::DataSink &sink) {
        if (offset >= until)
            return false;
        return sink.write(block.data(), std::min(block.size(), std::min(size, until) - offset));
    };
    loopback.server.Get("/data.bin", [=](const httplib::Request &, httplib::Response &response) {
        response.set_header("ETag", "\"v1\"");
        if (withLength)
            response.set_content_provider(
                size, "application/octet-stream",
                [provide](size_t offset, size_t, httplib::DataSink &sink) { return provide(offset, sink); });
        else
            response.set_chunked_content_provider("application/octet-stream",
                                                  [=](size_t offset, httplib::DataSink &sink) {
                                                      if (offset < size)
                                                          return provide(offset, sink);
                                                      sink.done();
                                                      return true;
                                                  });
    });
}

inline QByteArray generatedDigest(size_t size)
{
    const QByteArray block(64 * 1024, 'g');
    Sha256 hash;
    for (size_t done = 0; done < size; done += static_cast<size_t>(block.size()))
        hash.update(QByteArrayView(block).first(
            std::min<qsizetype>(block.size(), static_cast<qsizetype>(size - done))));
    return hash.hexDigest();
}

} // namespace cooperage::test
