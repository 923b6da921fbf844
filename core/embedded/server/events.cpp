#include "core/embedded/server/context.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <QJsonDocument>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// One follower of one operation's log.
class EventStream
{
public:
    EventStream(OperationRow row, std::shared_ptr<EventSource> source, qint64 since, std::optional<int> spid,
                bool follow)
        : m_row(std::move(row)), m_source(std::move(source)), m_last(since), m_spid(spid), m_follow(follow)
    {
    }

    /// Sends what there is, or waits a little; false when the client is gone. Called until it calls `done`.
    bool send(httplib::DataSink &sink)
    {
        // Short waits: between two calls the server looks whether it is to end.
        const EventSource::Batch batch = m_source->after(m_last, m_follow ? 500ms : 0ms);
        std::string frames;
        for (const Event &event : batch.events) {
            m_last = event.id;
            if (event.json.isEmpty())
                continue;
            if (!m_spid || event.spid == m_spid || event.type == "completion"_L1)
                frames += frame(event.id, event.type, event.json);
        }
        const auto now = std::chrono::steady_clock::now();
        if (frames.empty() && now - m_lastSent >= 15s)
            frames = ": keepalive\n\n";
        const bool over = batch.ended || (!m_follow && batch.events.empty());
        if (batch.ended && !batch.complete && isTerminal(m_row.status))
            frames += missingCompletion();
        if (!frames.empty()) {
            m_lastSent = now;
            if (!sink.write(frames.data(), frames.size()))
                return false;
        }
        if (over)
            sink.done();
        return true;
    }

private:
    static std::string frame(qint64 id, const QString &type, const QByteArray &json)
    {
        return "id: " + std::to_string(id) + "\nevent: " + type.toStdString() +
               "\ndata: " + json.toStdString() + "\n\n";
    }

    // Of an operation that the engine's end cut short: a client must always see one.
    std::string missingCompletion() const
    {
        QJsonObject data{{u"status"_s, m_row.status},
                         {u"duration_ms"_s, static_cast<qint64>(m_row.duration * 1000)}};
        if (!m_row.error.isEmpty())
            data[u"error"_s] = m_row.error;
        if (!m_row.resultImage.isEmpty())
            data[u"result_image_uuid"_s] = m_row.resultImage;
        const QJsonObject envelope{
            {u"id"_s, m_last + 1},
            {u"ts"_s, timeValue(m_row.finishedAt.isValid() ? m_row.finishedAt : m_row.createdAt)},
            {u"type"_s, u"completion"_s},
            {u"data"_s, data}};
        return frame(m_last + 1, u"completion"_s, QJsonDocument(envelope).toJson(QJsonDocument::Compact));
    }

    const OperationRow m_row;
    const std::shared_ptr<EventSource> m_source;
    qint64 m_last;
    const std::optional<int> m_spid;
    const bool m_follow;
    std::chrono::steady_clock::time_point m_lastSent = std::chrono::steady_clock::now();
};

} // namespace

// The header of a reconnecting client wins over the query.
static Result<qint64> sinceOf(const Exchange &exchange)
{
    std::optional<QString> text = exchange.query("since");
    if (exchange.request.has_header("Last-Event-Id"))
        text = QString::fromStdString(exchange.request.get_header_value("Last-Event-Id"));
    if (!text || text->isEmpty())
        return -1;
    bool good = false;
    const qint64 id = text->toLongLong(&good);
    if (!good)
        return failure(ErrorKind::BadInput, Text::tr("since must be the id of an event"));
    return id;
}

static Result<> stream(ServerContext &context, Exchange &exchange)
{
    const Result<qint64> since = sinceOf(exchange);
    if (!since)
        return std::unexpected(since.error());
    std::optional<int> spid;
    if (const std::optional<QString> text = exchange.query("spid"); text && !text->isEmpty()) {
        bool good = false;
        spid = text->toInt(&good);
        if (!good)
            return failure(ErrorKind::BadInput, Text::tr("spid must be a number"));
    }
    // The log first: were it asked for last, the operation could end in between and its row be out of date.
    const QString uuid = exchange.parameter("uuid");
    const Result<OperationRow> known = context.operations.row(uuid);
    if (!known)
        return std::unexpected(known.error());
    const std::shared_ptr<EventSource> source = context.operations.events(known->uuid);
    const Result<OperationRow> row = context.operations.row(uuid);
    if (!row)
        return std::unexpected(row.error());
    // The log of an ended operation is complete, or will be in a moment.
    const bool follow = flagOf(exchange, "follow") || isTerminal(row->status);
    auto events = std::make_shared<EventStream>(*row, source, *since, spid, follow);
    exchange.response.status = 200;
    exchange.response.set_header("Cache-Control", "no-cache");
    exchange.response.set_chunked_content_provider(
        "text/event-stream", [events](size_t, httplib::DataSink &sink) { return events->send(sink); });
    return {};
}

void addEvents(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/operations/{uuid}/events",
               [&context](Exchange &exchange) { return stream(context, exchange); });
}

} // namespace cooperage::embedded
