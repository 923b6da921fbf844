#include "core/engine/contree/eventstream.h"

#include <QCoreApplication>

#include <algorithm>

namespace cooperage::engine::contree {

void EventStreamParser::takeLine(QByteArrayView line, QList<StreamEvent> &events)
{
    if (m_atStart && line.startsWith("\xEF\xBB\xBF"))
        line = line.sliced(3);
    m_atStart = false;
    if (line.isEmpty()) {
        if (m_hasData) {
            if (m_event.type.isEmpty())
                m_event.type = "message";
            events.append(m_event);
        }
        m_event = {};
        m_hasData = false;
        m_frame = 0;
        return;
    }
    m_frame += line.size();
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView field = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (field == "data") {
        if (m_hasData)
            m_event.data += '\n';
        m_event.data += value;
        m_hasData = true;
    } else if (field == "event") {
        m_event.type = value.toByteArray();
    } else if (field == "id") {
        m_event.id = value.toByteArray();
    }
}

Result<QList<StreamEvent>> EventStreamParser::feed(QByteArrayView bytes)
{
    QList<StreamEvent> events;
    while (!bytes.isEmpty()) {
        if (m_skipLineFeed && bytes.front() == '\n')
            bytes = bytes.sliced(1);
        m_skipLineFeed = false;
        const auto end = std::ranges::find_if(bytes, [](char c) { return c == '\n' || c == '\r'; });
        const qsizetype length = end - bytes.begin();
        m_rest += bytes.first(length);
        if (m_frame + m_rest.size() > longestFrame)
            return failure(ErrorKind::Failed,
                           QCoreApplication::translate("Engine", "The engine's event is too long"));
        if (end == bytes.end())
            break;
        takeLine(m_rest, events);
        m_rest.clear();
        m_skipLineFeed = *end == '\r';
        bytes = bytes.sliced(length + 1);
    }
    return events;
}

} // namespace cooperage::engine::contree
