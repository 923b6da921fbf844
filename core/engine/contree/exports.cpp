#include "core/engine/contree/exports.h"

#include "core/engine/contree/blockinghttp.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/operations.h"
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

static Query exportQuery(const ExportRequest &request)
{
    Query query{{"format", request.format}};
    if (!request.compression.isEmpty())
        query.append({"compression", request.compression});
    for (const QString &name : request.names)
        query.append({"name", name});
    if (request.epoch)
        query.append({"epoch", QString::number(*request.epoch)});
    return query;
}

namespace {

/// One transfer, on a thread of its own: Qt's network classes take an answer that breaks off for a whole one
/// if its length was not announced.
class Pull
{
public:
    Pull(const Endpoint &endpoint, QIODevice *target) : m_endpoint(endpoint), m_target(target) {}

    [[nodiscard]] Result<ExportOutcome> run(const ExportRequest &request, const std::stop_token &stop);

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

Result<ExportOutcome> Pull::run(const ExportRequest &request, const std::stop_token &stop)
{
    const std::unique_ptr<httplib::Client> client = engineClient(m_endpoint);
    client->set_read_timeout(patience);
    const Interrupter interrupter(*client, stop);
    const QByteArray path = "/v1/images/" + segment(request.image) + "/export";
    const auto result = client->Get(
        m_endpoint.target(path, exportQuery(request)).toStdString(), engineHeaders(m_endpoint),
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
            QCoreApplication::translate("Engine", "The engine broke off the export: %1")
                .arg(QString::fromStdString(httplib::to_string(result.error()))),
            m_endpoint.address(),
            QCoreApplication::translate("Engine", "Check its free space and its log, then try again."));
    // The header reads: 299 cooperage "the words".
    return ExportOutcome{done, QString::fromStdString(m_warning).section(u'"', 1, 1)};
}

static Task<ExportOutcome> pull(TransportPtr transport, ExportRequest request, QIODevice *target,
                                ProgressHandler progress, std::stop_token stop)
{
    std::stop_source ending;
    const std::stop_callback onStop(stop, [&ending] { ending.request_stop(); });
    const std::stop_callback onClose(transport->closing(), [&ending] { ending.request_stop(); });
    Pull pull(transport->endpoint(), target);
    QPromise<Result<ExportOutcome>> promise;
    promise.start();
    const std::jthread thread([&] {
        promise.addResult(pull.run(request, ending.get_token()));
        promise.finish();
    });
    QTimer ticker;
    QObject::connect(&ticker, &QTimer::timeout, &ticker, [&] {
        if (progress)
            progress(pull.done, -1, request.image);
    });
    ticker.start(200ms);
    co_return co_await FutureEnd(promise.future());
}

Task<ExportOutcome> exportImage(TransportPtr transport, ExportRequest request, QIODevice *target,
                                ProgressHandler progress, std::stop_token stop)
{
    // The transfer has a connection of its own: an engine that has gone to sleep is woken here.
    const auto info = co_await whoami(transport, stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!info->offers(extension::exportImage))
        co_return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("Engine", "This engine cannot give an image out as a file"),
            info->name, QCoreApplication::translate("Engine", "Files in it can be copied out one by one."));
    co_return co_await pull(transport, std::move(request), target, std::move(progress), stop);
}

} // namespace cooperage::engine::contree
