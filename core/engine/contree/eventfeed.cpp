#include "core/engine/contree/eventfeed.h"

#include "core/engine/contree/json.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

// Process 0 is the engine's own, 1 the command, others were started beside it.
static constexpr int mainProcess = 1;

void EventFeed::reconnect()
{
    m_parser = {};
    m_moved = false;
}

Result<> EventFeed::take(const QByteArray &bytes)
{
    const auto events = m_parser.feed(bytes);
    if (!events)
        return std::unexpected(events.error());
    for (const StreamEvent &event : *events) {
        if (auto handled = handle(event); !handled)
            return handled;
    }
    return {};
}

Result<> EventFeed::handle(const StreamEvent &event)
{
    if (event.type == "sse_error")
        return failure(ErrorKind::Failed, QString::fromUtf8(event.data));
    const QJsonObject envelope = QJsonDocument::fromJson(event.data).object();
    if (!envelope["id"_L1].isDouble() || !envelope["data"_L1].isObject())
        return failure(ErrorKind::Failed,
                       QCoreApplication::translate("Engine", "The engine's event cannot be read"));
    const qint64 id = envelope["id"_L1].toInteger();
    if (!m_lastId.isEmpty() && id <= m_lastId.toLongLong())
        return {}; // Sent again after a reconnection.
    m_lastId = QByteArray::number(id);
    m_moved = true;
    const QString type = envelope["type"_L1].toString();
    const QJsonObject data = envelope["data"_L1].toObject();
    if (type == "completion"_L1) {
        m_complete = true;
    } else if (type == "progress"_L1 && m_handlers.progress) {
        m_handlers.progress(data["done"_L1].toInteger(), data["total"_L1].toInteger(-1));
    } else if (envelope["spid"_L1].toInt(mainProcess) == mainProcess) {
        if (type == "stdout"_L1)
            deliver(Stream::Stdout, decodeStream(data));
        else if (type == "stderr"_L1)
            deliver(Stream::Stderr, decodeStream(data));
    }
    return {};
}

void EventFeed::deliver(Stream stream, const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return;
    m_delivered[static_cast<int>(stream)] += bytes.size();
    if (m_handlers.output)
        m_handlers.output(stream, bytes);
}

void EventFeed::deliverRest(const QJsonObject &result)
{
    deliver(Stream::Stdout, decodeStream(result["stdout"_L1].toObject()).mid(m_delivered[0]));
    deliver(Stream::Stderr, decodeStream(result["stderr"_L1].toObject()).mid(m_delivered[1]));
}

} // namespace cooperage::engine::contree
