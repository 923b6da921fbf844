#include "core/embedded/server/eventlog.h"

#include "core/embedded/server/reply.h"

#include <QJsonDocument>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr size_t batchSize = 256;
static constexpr qint64 passedEvents = 256; // Still held for followers that connect anew.

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
    add(type, data, spid, true);
}

void EventLog::appendFlow(const QString &type, const QJsonObject &data, int spid, std::size_t bytes,
                          bool kept)
{
    const std::scoped_lock lock(m_mutex);
    const auto id = static_cast<qint64>(m_events.size());
    add(type, data, spid, kept);
    m_flow.push_back({id, bytes});
    m_unread += bytes;
    if (!kept)
        m_passed.push_back(id);
}

void EventLog::add(const QString &type, const QJsonObject &data, std::optional<int> spid, bool kept)
{
    Event event{static_cast<qint64>(m_events.size()), spid, type, {}};
    QJsonObject envelope{{u"id"_s, event.id},
                         {u"ts"_s, timeValue(QDateTime::currentDateTimeUtc())},
                         {u"type"_s, type},
                         {u"data"_s, data}};
    if (spid)
        envelope[u"spid"_s] = *spid;
    event.json = QJsonDocument(envelope).toJson(QJsonDocument::Compact);
    if (kept)
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

std::size_t EventLog::unread() const
{
    const std::scoped_lock lock(m_mutex);
    return m_unread;
}

std::optional<std::chrono::steady_clock::time_point> EventLog::followedAt() const
{
    const std::scoped_lock lock(m_mutex);
    return m_followed;
}

void EventLog::setReadHandler(std::function<void()> handler)
{
    const std::scoped_lock lock(m_mutex);
    m_onRead = std::move(handler);
}

// A follower that asks for what comes after `id` has had everything up to it.
bool EventLog::noteRead(qint64 id)
{
    m_followed = std::chrono::steady_clock::now();
    const std::size_t before = m_unread;
    for (; !m_flow.empty() && m_flow.front().id <= id; m_flow.pop_front())
        m_unread -= m_flow.front().bytes;
    for (; !m_passed.empty() && m_passed.front() + passedEvents <= id; m_passed.pop_front())
        m_events[static_cast<size_t>(m_passed.front())].json.clear();
    return m_unread < before;
}

EventSource::Batch EventLog::after(qint64 id, std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    if (patience > std::chrono::milliseconds::zero() && noteRead(id) && m_onRead) {
        const std::function<void()> tell = m_onRead;
        lock.unlock();
        tell();
        lock.lock();
    }
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
