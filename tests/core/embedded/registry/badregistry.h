#pragma once

// The library was built with these; its classes differ without them.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include "core/embedded/registry/pull.h"
#include "tests/core/embedded/archive/storefixture.h"
#include "tests/core/embedded/archive/testimage.h"

#include <httplib.h>
#include <mutex>
#include <thread>

namespace cooperage::test {

/// What a request brought along.
struct SeenRequest
{
    std::string method;
    std::string path;
    std::string authorization;
    std::string acceptEncoding;
    std::string range;
};

/// A registry on loopback that misbehaves as a test wants.
class BadRegistry
{
public:
    explicit BadRegistry(TestImage image) : m_image(std::move(image))
    {
        m_server.set_pre_routing_handler([this](const httplib::Request &request, httplib::Response &) {
            const std::lock_guard lock(m_mutex);
            m_seen.push_back({request.method, request.target, request.get_header_value("Authorization"),
                              request.get_header_value("Accept-Encoding"),
                              request.get_header_value("Range")});
            return httplib::Server::HandlerResponse::Unhandled;
        });
        port = m_server.bind_to_any_port("127.0.0.1");
    }
    ~BadRegistry()
    {
        m_server.stop();
        if (m_thread.joinable())
            m_thread.join();
    }

    using Handler = httplib::Server::Handler;
    /// Handlers given first win over what start() adds.
    void on(const std::string &pattern, const Handler &handler) { m_server.Get(pattern, handler); }

    [[nodiscard]] httplib::Server &server() { return m_server; }

    /// Serves the image as `app:1` beside the handlers given so far.
    void start()
    {
        on("/v2/", [](const httplib::Request &, httplib::Response &reply) {
            reply.set_header("Docker-Distribution-Api-Version", "registry/2.0");
        });
        on("/v2/app/manifests/.*",
           [this](const httplib::Request &, httplib::Response &reply) { sendManifest(reply); });
        on("/v2/app/blobs/(.*)", [this](const httplib::Request &request, httplib::Response &reply) {
            reply.set_content(blob(request.matches[1]), "application/octet-stream");
        });
        m_thread = std::thread([this] { m_server.listen_after_bind(); });
        m_server.wait_until_ready();
    }

    void sendManifest(httplib::Response &reply)
    {
        reply.set_content(m_image.manifest().toStdString(), "application/vnd.oci.image.manifest.v1+json");
    }
    [[nodiscard]] std::string blob(const std::string &digest)
    {
        return m_image.blobs().at(QByteArray::fromStdString(digest)).toStdString();
    }
    [[nodiscard]] std::string layer(qsizetype index = 0) const
    {
        return m_image.layers()[index].toStdString();
    }
    [[nodiscard]] std::vector<SeenRequest> seen() const
    {
        const std::lock_guard lock(m_mutex);
        return m_seen;
    }
    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port); }

    int port = 0;

private:
    TestImage m_image;
    httplib::Server m_server;
    std::thread m_thread;
    mutable std::mutex m_mutex;
    std::vector<SeenRequest> m_seen;
};

/// An image of one plain layer that does not compress.
[[nodiscard]] inline TestImage noisyImage()
{
    QByteArray noise(400'000, '\0');
    for (qsizetype i = 0; i < noise.size(); ++i)
        noise[i] = static_cast<char>((static_cast<quint32>(i) * 2654435761u) >> 24);
    return TestImage({tarOf({file("noise", noise.toStdString())})}, ARCHIVE_FILTER_NONE);
}

/// Pulls `app:1` of a host.
[[nodiscard]] inline Result<embedded::ImportedLayers> pullApp(StoreFixture &fixture, const std::string &host,
                                                              const QString &user = {},
                                                              const QString &password = {},
                                                              std::stop_token stop = {},
                                                              std::optional<embedded::Platform> platform = {})
{
    const auto reference =
        images::Reference::parse(QString::fromStdString(host) + QStringLiteral("/app:1")).value();
    embedded::RegistryAccess access{reference, user, password};
    access.platform = std::move(platform);
    return embedded::pullImage(fixture.store(), access, {}, stop);
}

} // namespace cooperage::test
