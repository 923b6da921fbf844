#include "core/engine/contree/pull.h"

#include "core/engine/contree/blockinghttp.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/waiting.h"

#include <QCoreApplication>
#include <QTimer>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

// A large layer is compressed or hashed before its first byte comes.
static constexpr std::chrono::seconds patience{3600};
static constexpr qsizetype longestError = 64 * 1024;

namespace {

class Pull
{
public:
    Pull(const Endpoint &endpoint, QIODevice *target) : m_endpoint(endpoint), m_target(target) {}

    [[nodiscard]] Result<PulledBody> run(const std::string &target, const std::stop_token &stop);

    std::atomic<qint64> done = 0;

private:
    bool begin(const httplib::Response &response);
    bool take(const char *data, size_t size);

    const Endpoint m_endpoint;
    QIODevice *m_target;
    Response m_response{};
    std::string m_warning{};
    std::optional<Error> m_refused{};
};

} // namespace

bool Pull::begin(const httplib::Response &response)
{
    m_response.status = response.status;
    m_warning = response.get_header_value("Warning");
    return true;
}

bool Pull::take(const char *data, size_t size)
{
    if (!m_response.isSuccess()) {
        m_response.body.append(data, static_cast<qsizetype>(size));
        return m_response.body.size() < longestError;
    }
    const Result<> written = writeAll(m_target, QByteArray::fromRawData(data, static_cast<qsizetype>(size)));
    if (!written)
        m_refused = written.error();
    done += static_cast<qint64>(size);
    return written.has_value();
}

Result<PulledBody> Pull::run(const std::string &target, const std::stop_token &stop)
{
    const std::unique_ptr<httplib::Client> client = engineClient(m_endpoint);
    client->set_read_timeout(patience);
    const Interrupter interrupter(*client, stop);
    const auto result = client->Get(
        target, engineHeaders(m_endpoint),
        [this](const httplib::Response &response) { return begin(response); },
        [this](const char *data, size_t size) { return take(data, size); });
    if (stop.stop_requested())
        return std::unexpected(cancelledError());
    if (m_refused)
        return std::unexpected(*m_refused);
    if (m_response.status != 0 && !m_response.isSuccess())
        return std::unexpected(errorOfStatus(m_endpoint, m_response.status, m_response.body));
    if (!result)
        return failure(
            ErrorKind::Unreachable,
            QCoreApplication::translate("Engine", "The engine broke off its answer: %1")
                .arg(QString::fromStdString(httplib::to_string(result.error()))),
            m_endpoint.address(),
            QCoreApplication::translate("Engine", "Check its free space and its log, then try again."));
    // The header reads: 299 cooperage "the words".
    return PulledBody{done, QString::fromStdString(m_warning).section(u'"', 1, 1)};
}

Task<PulledBody> pullBody(TransportPtr transport, QByteArray path, Query query, QIODevice *target,
                          std::function<void(qint64 done)> progress, std::stop_token stop)
{
    std::stop_source ending;
    const std::stop_callback onStop(stop, [&ending] { ending.request_stop(); });
    const std::stop_callback onClose(transport->closing(), [&ending] { ending.request_stop(); });
    Pull pull(transport->endpoint(), target);
    QPromise<Result<PulledBody>> promise;
    promise.start();
    const std::jthread thread([&, url = transport->endpoint().target(path, query).toStdString()] {
        promise.addResult(pull.run(url, ending.get_token()));
        promise.finish();
    });
    QTimer ticker;
    if (progress) {
        QObject::connect(&ticker, &QTimer::timeout, &ticker, [&] { progress(pull.done); });
        ticker.start(200ms);
    }
    co_return co_await FutureEnd(promise.future());
}

} // namespace cooperage::engine::contree
