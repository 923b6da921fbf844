#include "core/engine/contree/follow.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/eventfeed.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/waiting.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

namespace {

/// What became of a connection to the event stream.
enum class Feed {
    Complete, ///< The operation has ended.
    Broken,   ///< Worth another connection.
    Missing,  ///< This engine has no events.
};

struct FeedEnd
{
    Feed how = Feed::Broken;
    std::chrono::milliseconds pause = 0ms;
};

} // namespace

static bool meansNoEvents(int status)
{
    return status == 400 || status == 404 || status == 405 || status == 406;
}

static Task<FeedEnd> readEvents(TransportPtr transport, QString uuid, std::shared_ptr<EventFeed> feed,
                                std::stop_token stop)
{
    feed->reconnect();
    Request request{.path = "/v1/operations/" + segment(uuid) + "/events",
                    .query = {{"follow", u"1"_s}},
                    .accept = "text/event-stream",
                    .lastEventId = feed->lastId(),
                    .retry = false};
    BodyHandler handler = [feed](const QByteArray &bytes) -> Result<> {
        auto taken = feed->take(bytes);
        // Nothing follows the completion; the server need not be waited for to close the connection.
        return taken && feed->isComplete() ? std::unexpected(cancelledError()) : taken;
    };
    const auto response = co_await exchange(transport, std::move(request), std::move(handler), stop);
    if (feed->isComplete())
        co_return FeedEnd{Feed::Complete};
    const auto pause = feed->hasMoved() ? 100ms : 500ms;
    if (!response) {
        const bool ended = stop.stop_requested() || transport->closing().stop_requested();
        if (ended)
            co_return std::unexpected(response.error());
        co_return FeedEnd{Feed::Broken, pause};
    }
    if (meansNoEvents(response->status))
        co_return FeedEnd{Feed::Missing};
    if (response->status == 401 || response->status == 403)
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    const auto told = parseRetryAfter(response->retryAfter, QDateTime::currentDateTimeUtc());
    co_return FeedEnd{Feed::Broken, told.value_or(pause)};
}

static Task<QJsonObject> readRecord(TransportPtr transport, QString uuid, bool live, std::stop_token stop)
{
    Request request{.path = "/v1/operations/" + segment(uuid)};
    if (live)
        request.query = {{"inflight", u"1"_s}};
    const auto response = co_await send(transport, std::move(request), stop);
    if (!response)
        co_return std::unexpected(response.error());
    co_return objectOf(transport->endpoint(), *response);
}

Task<QJsonObject> followOperation(TransportPtr transport, QString uuid, OperationHandlers handlers,
                                  std::stop_token stop)
{
    auto feed = std::make_shared<EventFeed>(std::move(handlers));
    auto pollPause = 100ms;
    FeedEnd end;
    for (;;) {
        if (end.how == Feed::Broken) {
            const auto outcome = co_await readEvents(transport, uuid, feed, stop);
            if (!outcome)
                co_return std::unexpected(outcome.error());
            end = *outcome;
        }
        auto record = co_await readRecord(transport, uuid, end.how == Feed::Missing, stop);
        if (!record)
            co_return record;
        const bool over = isTerminal(toOperation(*record).state);
        if (over || end.how == Feed::Missing)
            feed->deliverRest((*record)["metadata"_L1]["result"_L1].toObject());
        if (over)
            co_return record;
        co_await sleepFor(end.how == Feed::Broken ? end.pause : pollPause, stop, transport->closing());
        pollPause = std::min(pollPause * 2, std::chrono::milliseconds(2s));
    }
}

} // namespace cooperage::engine::contree
