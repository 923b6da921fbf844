#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cooperage::embedded {

/// One line of an operation's event log (contract section 4).
struct Event
{
    qint64 id = 0;
    std::optional<int> spid{}; ///< 0 the engine, 1 the main process.
    QString type;
    QByteArray json; ///< The whole envelope on one line; empty for one that was only passed on, long ago.
};

/// Where a follower gets events from.
class EventSource
{
public:
    virtual ~EventSource() = default;

    struct Batch
    {
        std::vector<Event> events;
        bool ended = false;    ///< Nothing will follow these.
        bool complete = false; ///< The log has its completion event, here or before.
    };
    /// Events with ids above `id`, some at a time; waits up to `patience` while there are none.
    [[nodiscard]] virtual Batch after(qint64 id, std::chrono::milliseconds patience) = 0;
};

/// The log of a running operation: kept in memory for followers and appended to a file that outlives the
/// process.
class EventLog : public EventSource
{
public:
    explicit EventLog(const std::string &file);
    ~EventLog() override;

    void append(const QString &type, const QJsonObject &data, std::optional<int> spid = {});

    /// Output of a terminal that its followers should keep up with. Unless it is `kept` the file does not
    /// get it, and memory only holds what followers have not had and a little more.
    void appendFlow(const QString &type, const QJsonObject &data, int spid, std::size_t bytes, bool kept);
    /// Bytes of such output that no follower has had yet.
    [[nodiscard]] std::size_t unread() const;
    /// When somebody last waited for events; a follower does so at least every half second.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> followedAt() const;
    /// Called, on any thread, when followers have had more of it.
    void setReadHandler(std::function<void()> handler);

    /// After the last event.
    void end();
    [[nodiscard]] Batch after(qint64 id, std::chrono::milliseconds patience) override;
    /// Whether the file holds everything.
    [[nodiscard]] bool isStored() const;

private:
    void add(const QString &type, const QJsonObject &data, std::optional<int> spid, bool kept);
    void write(const QByteArray &line);
    [[nodiscard]] bool noteRead(qint64 id);

    struct Flow
    {
        qint64 id;
        std::size_t bytes;
    };

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Event> m_events{};
    std::deque<Flow> m_flow{};     ///< What no follower has had yet.
    std::deque<qint64> m_passed{}; ///< What the file does not get and memory still holds.
    std::size_t m_unread = 0;
    std::function<void()> m_onRead{};
    std::optional<std::chrono::steady_clock::time_point> m_followed{};
    bool m_ended = false;
    bool m_stored = true;
    int m_fd;
};

/// The log of an operation that ended earlier. A line cut off by a crash is the end.
class StoredEvents : public EventSource
{
public:
    explicit StoredEvents(const std::string &file) : m_input(file) {}
    [[nodiscard]] Batch after(qint64 id, std::chrono::milliseconds patience) override;

private:
    std::ifstream m_input;
    bool m_complete = false;
};

} // namespace cooperage::embedded
