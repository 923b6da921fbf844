#include "core/engine/contree/urlupload.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/uploads.h"
#include "core/engine/contree/urlpump.h"
#include "core/engine/contree/waiting.h"

#include <QCoreApplication>
#include <QTimer>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

namespace {

/// What the coroutine and the pump's thread share. Whoever comes first says what the outcome is: a thread
/// that is looking up a host's name cannot be stopped, and then nobody waits for it.
class Pumping
{
public:
    Pumping() { m_promise.start(); }

    void settle(Result<UrlOutcome> outcome)
    {
        if (m_settled.test_and_set())
            return;
        m_promise.addResult(std::move(outcome));
        m_promise.finish();
    }
    void cancel()
    {
        m_stop.request_stop();
        settle(std::unexpected(cancelledError()));
    }
    [[nodiscard]] QFuture<Result<UrlOutcome>> outcome() { return m_promise.future(); }
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

    PumpProgress progress;

private:
    QPromise<Result<UrlOutcome>> m_promise;
    std::atomic_flag m_settled;
    std::stop_source m_stop;
};

} // namespace

static Task<UrlOutcome> pump(TransportPtr transport, QUrl url, UrlValidators known, ProgressHandler progress,
                             std::stop_token stop)
{
    auto pumping = std::make_shared<Pumping>();
    std::thread([pumping, endpoint = transport->endpoint(), url, known] {
        pumping->settle(pumpUrl(endpoint, url, known, pumping->progress, pumping->token()));
    }).detach();
    const std::stop_callback onStop(stop, [pumping] { pumping->cancel(); });
    const std::stop_callback onClose(transport->closing(), [pumping] { pumping->cancel(); });

    const auto report = [progress, pumping, what = url.fileName()] {
        if (progress)
            progress(pumping->progress.done, pumping->progress.total, what);
    };
    QTimer ticker;
    QObject::connect(&ticker, &QTimer::timeout, &ticker, report);
    ticker.start(200ms);
    auto outcome = co_await FutureEnd(pumping->outcome());
    ticker.stop();
    if (outcome && outcome->how == UrlOutcome::How::Uploaded)
        report();
    co_return outcome;
}

static Result<QUrl> checkedUrl(const QString &text)
{
    const QUrl url(text, QUrl::TolerantMode);
    const bool web = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (url.isValid() && web && !url.host().isEmpty())
        return url;
    return failure(ErrorKind::BadInput,
                   QCoreApplication::translate("Engine", "This is not an http or https URL"), text);
}

Task<UrlOutcome> uploadUrl(TransportPtr transport, UrlUpload request, ProgressHandler progress,
                           std::stop_token stop)
{
    const auto url = checkedUrl(request.url);
    if (!url)
        co_return std::unexpected(url.error());
    // The pump has connections of its own: an engine that has gone to sleep is woken here.
    const auto awake = co_await whoami(transport, stop);
    if (!awake)
        co_return std::unexpected(awake.error());
    if (!request.expected.isEmpty()) {
        const auto found = co_await findFile(transport, request.expected, stop);
        if (!found)
            co_return std::unexpected(found.error());
        if (*found)
            co_return UrlOutcome{UrlOutcome::How::Expected, **found, request.known};
    }
    std::optional<FileRecord> file;
    if (!request.known.isEmpty() && !request.knownFile.sha256.isEmpty()) {
        const auto found = co_await findFile(transport, request.knownFile.sha256, stop);
        if (!found)
            co_return std::unexpected(found.error());
        file = *found;
    }
    const UrlValidators known = file ? request.known : UrlValidators{};
    auto outcome = co_await pump(transport, *url, known, std::move(progress), stop);
    if (outcome && outcome->how != UrlOutcome::How::Uploaded)
        outcome->file = *file;
    co_return outcome;
}

} // namespace cooperage::engine::contree
