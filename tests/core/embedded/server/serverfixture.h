#pragma once

#include "core/embedded/server/server.h"
#include "tests/core/embedded/runtime/busyboxstore.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <httplib.h>
#include <thread>

namespace cooperage::test {

using namespace Qt::StringLiterals;

/// A reply with its body as JSON.
struct Reply
{
    int status = 0; ///< 0: no reply at all.
    httplib::Headers headers{};
    std::string body{};

    Reply(const httplib::Result &result) // NOLINT(google-explicit-constructor): every call returns one
    {
        if (!result)
            return;
        status = result->status;
        headers = result->headers;
        body = result->body;
    }
    [[nodiscard]] QJsonObject json() const { return document().object(); }
    [[nodiscard]] QJsonArray array() const { return document().array(); }
    [[nodiscard]] QString text(const QString &key) const { return json().value(key).toString(); }
    [[nodiscard]] QString header(const char *name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? QString() : QString::fromStdString(found->second);
    }

private:
    [[nodiscard]] QJsonDocument document() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(body));
    }
};

/// A client of the Unix socket, one connection per object.
class SocketClient : public httplib::Client
{
public:
    explicit SocketClient(const QString &socket) : httplib::Client(socket.toStdString(), 80)
    {
        set_address_family(AF_UNIX);
        set_read_timeout(60);
        set_url_encode(false); // Tests write paths as they go over the wire.
    }
    Reply post(const std::string &path, const QJsonObject &body)
    {
        return Post(path, QJsonDocument(body).toJson().toStdString(), "application/json");
    }
};

/// A server on a socket of its own over a store with busybox; served by a thread.
class ServerFixture
{
public:
    ServerFixture() { start(); }
    ~ServerFixture() { stop(); }

    /// Why there is nothing to test here, or empty.
    [[nodiscard]] const QString &missing() const { return m_store.missing; }
    [[nodiscard]] embedded::Store &store() { return *m_store.store; }
    [[nodiscard]] const QString &socket() const { return m_options.socketPath; }
    [[nodiscard]] SocketClient client() const { return SocketClient(m_options.socketPath); }
    [[nodiscard]] QString folder() const { return m_store.folder.path(); }

    void start(const std::function<void(embedded::ServerOptions &)> &change = {})
    {
        if (!m_store.missing.isEmpty())
            return;
        m_options.socketPath = folder() + u"/run/engine.sock"_s;
        if (change)
            change(m_options);
        m_server = std::make_unique<embedded::Server>(*m_store.store, m_store.runtime, m_options);
        m_result = {};
        m_ended = false;
        m_thread = std::thread([this] {
            m_result = m_server->serve();
            m_ended = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(m_ended || Reply(client().Get("/v1/whoami")).status == 200, 10'000);
    }
    void stop()
    {
        if (!m_thread.joinable())
            return;
        m_server->stop();
        m_thread.join();
        m_server.reset();
    }
    /// While stopped: gives the store up, and takes it again.
    void closeStore() { m_store.store.reset(); }
    void openStore()
    {
        auto opened = embedded::Store::open(folder() + u"/a store"_s);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        m_store.store = std::move(*opened);
    }
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] const Result<> &result() const { return m_result; }

    /// The uuid of busybox:latest.
    [[nodiscard]] QString busybox() { return store().uuidOfTag(u"busybox:latest"_s).value(); }

    /// Starts an operation and waits for its end; the operation as JSON.
    [[nodiscard]] QJsonObject run(QJsonObject request, const std::string &path = "/v1/instances")
    {
        if (!request.contains(u"image"_s) && path == "/v1/instances")
            request[u"image"_s] = busybox();
        const Reply started = client().post(path, request);
        if (started.status != 201) {
            qWarning("%s", started.body.c_str());
            return {};
        }
        return waitFor(started.text(u"uuid"_s));
    }
    [[nodiscard]] QJsonObject shell(const QString &script, QJsonObject more = {})
    {
        more[u"command"_s] = script;
        more[u"shell"_s] = true;
        return run(more);
    }
    [[nodiscard]] QJsonObject waitFor(const QString &uuid)
    {
        SocketClient connection = client();
        QJsonObject operation;
        const auto ended = [&] {
            operation = Reply(connection.Get("/v1/operations/" + uuid.toStdString())).json();
            const QString status = operation.value(u"status"_s).toString();
            return status == u"SUCCESS"_s || status == u"FAILED"_s || status == u"CANCELLED"_s;
        };
        // The return value is the point; a failure of the wait shows in it.
        (void)QTest::qWaitFor(ended, 60'000);
        return operation;
    }

private:
    BusyboxStore m_store;
    embedded::ServerOptions m_options;
    std::unique_ptr<embedded::Server> m_server;
    std::thread m_thread;
    Result<> m_result{};
    std::atomic<bool> m_ended = false;
};

/// `metadata.result` of an operation.
inline QJsonObject resultOf(const QJsonObject &operation)
{
    return operation.value(u"metadata"_s).toObject().value(u"result"_s).toObject();
}
inline QString outputOf(const QJsonObject &operation, const QString &stream = u"stdout"_s)
{
    return resultOf(operation).value(stream).toObject().value(u"value"_s).toString();
}
inline QJsonObject stateOf(const QJsonObject &operation)
{
    return resultOf(operation).value(u"state"_s).toObject();
}
inline QString imageOf(const QJsonObject &operation)
{
    return operation.value(u"result"_s).toObject().value(u"image"_s).toString();
}
inline QString statusOf(const QJsonObject &operation)
{
    return operation.value(u"status"_s).toString();
}

} // namespace cooperage::test

/// For initTestCase(): skips a test program that cannot run here.
#define COOPERAGE_NEEDS(fixture)                                                                             \
    if (!(fixture).missing().isEmpty())                                                                      \
    QSKIP(qPrintable(u"whole program: "_s + (fixture).missing()))
