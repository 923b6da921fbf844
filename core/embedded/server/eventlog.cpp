#include "core/embedded/server/eventlog.h"

#include "core/embedded/server/reply.h"

#include <QJsonDocument>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr size_t batchSize = 256;

EventLog::EventLog(const std::string &file)
    : m_fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600))
{
    m_stored = m_fd >= 0;
}

EventLog::~EventLog()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

void EventLog::append(const QString &type, const QJsonObject &data, std::optional<int> spid)
{
    const std::scoped_lock lock(m_mutex);
    Event event{static_cast<qint64>(m_events.size()), spid, type, {}};
    QJsonObject envelope{{u"id"_s, event.id},
                         {u"ts"_s, timeValue(QDateTime::currentDateTimeUtc())},
                         {u"type"_s, type},
                         {u"data"_s, data}};
    if (spid)
        envelope[u"spid"_s] = *spid;
    event.json = QJsonDocument(envelope).toJson(QJsonDocument::Compact);
    write(event.json + '\n');
    m_events.push_back(std::move(event));
    m_changed.notify_all();
}

// A log that cannot be written (disk full) is still served from memory as long as the engine lives.
void EventLog::write(const QByteArray &line)
{
    for (qsizetype done = 0; m_stored && done < line.size();) {
        const ssize_t count = ::write(m_fd, line.constData() + done, static_cast<size_t>(line.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            m_stored = false;
        else
            done += count;
    }
}

void EventLog::end()
{
    const std::scoped_lock lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
}

bool EventLog::isStored() const
{
    const std::scoped_lock lock(m_mutex);
    return m_stored;
}

EventSource::Batch EventLog::after(qint64 id, std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    const auto start = static_cast<size_t>(std::max<qint64>(id + 1, 0));
    m_changed.wait_for(lock, patience, [&] { return m_ended || m_events.size() > start; });
    Batch batch;
    const size_t end = std::min(m_events.size(), start + batchSize);
    for (size_t i = start; i < end; ++i)
        batch.events.push_back(m_events[i]);
    batch.ended = m_ended && start + batch.events.size() >= m_events.size();
    batch.complete = m_ended;
    return batch;
}

EventSource::Batch StoredEvents::after(qint64 id, std::chrono::milliseconds)
{
    Batch batch;
    std::string line;
    while (batch.events.size() < batchSize) {
        const bool whole = std::getline(m_input, line) && !m_input.eof();
        const QByteArray json = QByteArray::fromStdString(line);
        const QJsonObject envelope = QJsonDocument::fromJson(json).object();
        if (!whole || envelope.isEmpty()) {
            batch.ended = true;
            break;
        }
        Event event{envelope.value(u"id"_s).toInteger(), {}, envelope.value(u"type"_s).toString(), json};
        if (envelope.contains(u"spid"_s))
            event.spid = envelope.value(u"spid"_s).toInt();
        m_complete = m_complete || event.type == "completion"_L1;
        if (event.id > id)
            batch.events.push_back(std::move(event));
    }
    batch.complete = m_complete;
    return batch;
}

} // namespace cooperage::embedded
