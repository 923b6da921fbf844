#pragma once

#include "tests/core/embedded/registry/badregistry.h"
#include "tests/core/embedded/registry/layersource.h"

namespace cooperage::test {

/// A registry on loopback that takes pushes to `app`, one upload at a time, and lets a test interfere.
class UploadRegistry
{
public:
    using Handler = httplib::Server::Handler;

    UploadRegistry() : registry(noisyImage())
    {
        httplib::Server &server = registry.server();
        registry.on(
            "/v2/app/blobs/sha256.*", [this](const httplib::Request &request, httplib::Response &reply) {
                const std::lock_guard lock(mutex);
                reply.status = blobs.contains(request.path.substr(request.path.rfind('/') + 1)) ? 200 : 404;
            });
        server.Post("/v2/app/blobs/uploads/", [this](const auto &request, auto &reply) {
            if (!onPost || onPost(request, reply)) {
                const std::lock_guard lock(mutex);
                taken.clear();
                answer(reply, 202);
            }
        });
        server.Patch("/up/.*", [this](const auto &request, auto &reply) {
            if (!onPatch || onPatch(request, reply)) {
                const std::lock_guard lock(mutex);
                taken += request.body;
                answer(reply, 202);
            }
        });
        registry.on("/up/.*", [this](const auto &, auto &reply) {
            const std::lock_guard lock(mutex);
            answer(reply, 204);
        });
        server.Put("/up/.*", [this](const auto &request, auto &reply) {
            if (onPut && !onPut(request, reply))
                return;
            const std::lock_guard lock(mutex);
            taken += request.body;
            const std::string digest =
                "sha256:" + Sha256::hex(QByteArray::fromStdString(taken)).toStdString();
            reply.status = request.get_param_value("digest") == digest ? 201 : 400;
            if (reply.status == 201)
                blobs.insert(digest);
        });
        server.Put("/v2/app/manifests/1", [this](const auto &request, auto &reply) {
            manifest = request.body;
            reply.status = 201;
            reply.set_header("Docker-Content-Digest",
                             lies ? "sha256:" + std::string(64, '0')
                                  : "sha256:" +
                                        Sha256::hex(QByteArray::fromStdString(manifest)).toStdString());
        });
    }
    void start() { registry.start(); }

    /// With the mutex held.
    void answer(httplib::Response &reply, int status)
    {
        reply.status = status;
        reply.set_header("Location", location + "/up/" + std::to_string(++step) + "?_state=a%2Bb");
        reply.set_header("Range", "0-" + std::to_string(taken.empty() ? 0 : taken.size() - 1));
    }

    [[nodiscard]] Result<embedded::PushedImage> push(StoreFixture &fixture,
                                                     const embedded::StoredImage &image,
                                                     qint64 chunk = qint64(1) << 30, const QString &user = {},
                                                     const QString &password = {}) const
    {
        embedded::PushRequest request{.access = {.reference = {}, .username = user, .password = password},
                                      .chunkSize = chunk};
        request.access.reference =
            images::Reference::parse(QString::fromStdString(registry.host()) + QStringLiteral("/app:1"))
                .value();
        return embedded::pushImage(fixture.store(), image, request, {}, {});
    }
    [[nodiscard]] std::vector<SeenRequest> seen(const std::string &method) const
    {
        std::vector<SeenRequest> all = registry.seen();
        std::erase_if(all, [&](const SeenRequest &request) { return request.method != method; });
        return all;
    }

    BadRegistry registry;
    /// False: the test has answered itself.
    std::function<bool(const httplib::Request &, httplib::Response &)> onPost, onPatch, onPut;
    std::string location; ///< Put before upload addresses: empty for relative ones.
    bool lies = false;    ///< About the manifest's digest.
    std::mutex mutex;
    std::set<std::string> blobs;
    std::string taken; ///< Of the upload under way.
    std::string manifest;
    int step = 0;
};

} // namespace cooperage::test
