#include "core/engine/contree/urlpump.h"

#include "core/base/sha256.h"
#include "core/engine/contree/blockinghttp.h"
#include "core/engine/contree/bytequeue.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/urlsource.h"

#include <QCoreApplication>

#include <thread>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

// The engine writes the file to its disk for good before it answers.
static constexpr std::chrono::seconds storingTime{600};

static Result<FileRecord> stored(const Endpoint &endpoint, const httplib::Result &result)
{
    if (!result)
        return failure(
            ErrorKind::Unreachable,
            QCoreApplication::translate("Engine", "The engine broke off the upload: %1")
                .arg(QString::fromStdString(httplib::to_string(result.error()))),
            endpoint.address(),
            QCoreApplication::translate("Engine", "Check its free space and its log, then try again."));
    const Response response{.status = result->status, .body = QByteArray::fromStdString(result->body)};
    if (!response.isSuccess())
        return std::unexpected(errorOfStatus(endpoint, response.status, response.body));
    const auto object = objectOf(endpoint, response);
    if (!object)
        return std::unexpected(object.error());
    return toFile(*object);
}

// The engine's side: pulls from the queue until it is complete. A queue that ends otherwise makes httplib
// drop the connection in the middle of the body, so that the engine stores nothing.
static Result<FileRecord> sendToEngine(const Endpoint &endpoint, qint64 length, ByteQueue &queue,
                                       const std::stop_token &stop)
{
    const std::unique_ptr<httplib::Client> client = engineClient(endpoint);
    client->set_read_timeout(storingTime);
    const Interrupter interrupter(*client, stop);
    const auto pull = [&queue](httplib::DataSink &sink) {
        const auto bytes = queue.pop();
        if (bytes)
            return sink.write(bytes->constData(), static_cast<size_t>(bytes->size()));
        if (queue.isComplete() && sink.done)
            sink.done();
        return queue.isComplete();
    };
    const std::string target = endpoint.target("/v1/files").toStdString();
    const httplib::Headers headers = engineHeaders(endpoint);
    const char *const type = "application/octet-stream";
    auto result =
        length >= 0
            ? client->Post(
                  target, headers, static_cast<size_t>(length),
                  [&pull](size_t, size_t, httplib::DataSink &sink) { return pull(sink); }, type)
            : client->Post(
                  target, headers, [&pull](size_t, httplib::DataSink &sink) { return pull(sink); }, type);
    auto file = stored(endpoint, result);
    if (!file)
        queue.abort();
    return file;
}

namespace {

/// The two ends of one transfer.
struct Transfer
{
    const Endpoint &endpoint;
    PumpProgress &progress;
    ByteQueue queue{};
    Sha256 hash{};
    Result<FileRecord> file = FileRecord{};
    std::jthread sender{};

    bool begin(const SourceHead &head, const std::stop_token &stop)
    {
        progress.total = head.length;
        sender = std::jthread(
            [this, length = head.length, stop] { file = sendToEngine(endpoint, length, queue, stop); });
        return true;
    }

    bool take(const char *data, size_t size)
    {
        const QByteArrayView bytes(data, static_cast<qsizetype>(size));
        hash.update(bytes);
        progress.done += bytes.size();
        return queue.push(bytes);
    }

    // The sender's outcome, once it has ended.
    Result<FileRecord> finish(bool whole)
    {
        if (whole)
            queue.end();
        else
            queue.abort();
        if (sender.joinable())
            sender.join();
        return file;
    }
};

} // namespace

static bool sameThing(const UrlValidators &known, const UrlValidators &now)
{
    const auto equal = [](const QString &a, const QString &b) { return !a.isEmpty() && a == b; };
    return equal(known.etag, now.etag) || equal(known.lastModified, now.lastModified) ||
           equal(known.contentMd5, now.contentMd5);
}

static Result<UrlOutcome> transfer(const Endpoint &endpoint, const SourceRequest &request,
                                   PumpProgress &progress, const std::stop_token &stop)
{
    Transfer transfer{.endpoint = endpoint, .progress = progress};
    const std::stop_callback onStop(stop, [&transfer] { transfer.queue.abort(); });
    const SourceHandlers handlers{
        .onHead = [&](const SourceHead &head) { return transfer.begin(head, stop); },
        .onBytes = [&](const char *data, size_t size) { return transfer.take(data, size); }};
    const auto head = readSource(request, handlers, stop);
    const auto file = transfer.finish(head.has_value());
    if (stop.stop_requested())
        return std::unexpected(cancelledError());
    // A sender that failed by itself made the source stop; a source that failed made the sender stop.
    if (!head && head.error().kind != ErrorKind::Cancelled)
        return std::unexpected(head.error());
    if (!file)
        return std::unexpected(file.error());
    if (head->status == 304)
        return UrlOutcome{.how = UrlOutcome::How::NotModified, .file = {}, .validators = request.known};
    if (file->sha256 != transfer.hash.hexDigest())
        return failure(ErrorKind::Failed,
                       QCoreApplication::translate("Engine", "The engine stored other bytes than were sent"),
                       displayUrl(request.url), QCoreApplication::translate("Engine", "Try again."));
    return UrlOutcome{.how = UrlOutcome::How::Uploaded, .file = *file, .validators = head->validators};
}

Result<UrlOutcome> pumpUrl(const Endpoint &endpoint, const QUrl &url, const UrlValidators &known,
                           PumpProgress &progress, const std::stop_token &stop)
{
    if (!known.isEmpty()) {
        // Many servers do not answer HEAD; then the download itself asks the same question.
        const auto head = readSource({.url = url, .headOnly = true}, {}, stop);
        if (stop.stop_requested())
            return std::unexpected(cancelledError());
        if (head && sameThing(known, head->validators))
            return UrlOutcome{
                .how = UrlOutcome::How::HeadMatched, .file = {}, .validators = head->validators};
    }
    return transfer(endpoint, {.url = url, .known = known}, progress, stop);
}

} // namespace cooperage::engine::contree
