#include "app/transfers/transferqueue.h"

#include "app/connections/enginesession.h"
#include "app/transfers/signedin.h"
#include "core/engine/imagefile.h"
#include "core/images/reference.h"

#include <QPointer>

#include <algorithm>
#include <optional>
#include <variant>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct ExportOrder
{
    engine::ExportRequest request;
    QString output;
};

} // namespace

struct TransferQueue::Entry
{
    Transfer transfer;
    std::variant<engine::ImportRequest, ExportOrder, engine::PushRequest> order;
    connections::ConnectionProfile profile{};
    engine::Engine *engine = nullptr; ///< As the window last had it for the profile.
    std::optional<credentials::CredentialFinder> finder{};
    std::stop_source stop{};
    QElapsedTimer clock{};
    qint64 measuredAt = 0; ///< Milliseconds of the clock, and the bytes there were then.
    qint64 measuredBytes = 0;
};

TransferQueue::TransferQueue(EngineSession *session, QObject *parent) : QObject(parent), m_session(session) {}

TransferQueue::~TransferQueue()
{
    for (const auto &entry : m_entries)
        entry->stop.request_stop();
}

int TransferQueue::import(const engine::ImportRequest &request)
{
    auto entry = std::make_unique<Entry>();
    const bool isFile = !request.archivePath.isEmpty();
    entry->transfer.kind = Transfer::Kind::Import;
    entry->transfer.what = isFile ? request.archivePath : request.reference;
    entry->transfer.where =
        request.tag.isEmpty() && !isFile ? images::derivedTag(request.reference) : request.tag;
    entry->order = request;
    return add(std::move(entry));
}

int TransferQueue::exportImage(const engine::ExportRequest &request, const QString &name,
                               const QString &output)
{
    auto entry = std::make_unique<Entry>();
    entry->transfer.kind = Transfer::Kind::Export;
    entry->transfer.what = name;
    entry->transfer.where = output;
    entry->order = ExportOrder{request, output};
    return add(std::move(entry));
}

int TransferQueue::push(const engine::PushRequest &request, const QString &name)
{
    auto entry = std::make_unique<Entry>();
    entry->transfer.kind = Transfer::Kind::Push;
    entry->transfer.what = name;
    entry->transfer.where = request.reference;
    entry->order = request;
    return add(std::move(entry));
}

int TransferQueue::add(std::unique_ptr<Entry> entry)
{
    const int id = ++m_lastId;
    entry->transfer.id = id;
    entry->profile = m_session->profile();
    entry->transfer.engine = entry->profile.displayName();
    (void)engineOf(entry.get());
    const int index = count();
    Q_EMIT aboutToAdd(index);
    m_entries.push_back(std::move(entry));
    Q_EMIT added(index);
    startNext();
    return id;
}

const Transfer &TransferQueue::at(int index) const
{
    return m_entries[static_cast<size_t>(index)]->transfer;
}

int TransferQueue::indexOf(int id) const
{
    const auto found =
        std::ranges::find_if(m_entries, [id](const auto &entry) { return entry->transfer.id == id; });
    return found == m_entries.end() ? -1 : int(found - m_entries.begin());
}

TransferQueue::Entry *TransferQueue::find(int id) const
{
    const int index = indexOf(id);
    return index < 0 ? nullptr : m_entries[static_cast<size_t>(index)].get();
}

int TransferQueue::active() const
{
    return int(std::ranges::count_if(m_entries, [](const auto &entry) { return !entry->transfer.isOver(); }));
}

void TransferQueue::tell(const Entry &entry)
{
    Q_EMIT changed(indexOf(entry.transfer.id));
}

void TransferQueue::startNext()
{
    const auto inState = [](Transfer::State state) {
        return [state](const auto &entry) { return entry->transfer.state == state; };
    };
    while (std::ranges::count_if(m_entries, inState(Transfer::State::Running)) < AtOnce) {
        const auto next = std::ranges::find_if(m_entries, inState(Transfer::State::Waiting));
        if (next == m_entries.end())
            return;
        start(**next);
    }
}

engine::Engine *TransferQueue::engineOf(Entry *entry)
{
    if (entry->profile == m_session->profile()) { // Connecting again makes another object.
        entry->engine = m_session->engine();
        entry->finder = m_session->credentialFinder();
    }
    return entry->engine;
}

engine::ProgressHandler TransferQueue::progressOf(int id)
{
    return [self = QPointer(this), id](qint64 done, qint64 total, const QString &) {
        if (self)
            self->progress(id, done, total);
    };
}

void TransferQueue::start(Entry &entry)
{
    const int id = entry.transfer.id;
    entry.transfer.state = Transfer::State::Running;
    entry.clock.start();
    entry.measuredAt = entry.measuredBytes = 0;
    tell(entry);
    engine::Engine *engine = engineOf(&entry);
    const std::stop_token stop = entry.stop.get_token();
    if (const auto *request = std::get_if<engine::ImportRequest>(&entry.order)) {
        QCoro::connect(signedIn(engine, *entry.finder, *request, progressOf(id), stop), this,
                       [this, id](const Result<engine::ImportOutcome> &outcome) {
                           if (outcome)
                               Q_EMIT imported(*outcome);
                           end(id, outcome.transform([](const auto &done) { return done.tag; }));
                       });
    } else if (const auto *order = std::get_if<ExportOrder>(&entry.order)) {
        QCoro::connect(engine::exportToFile(engine, order->request, order->output, progressOf(id), stop),
                       this, [this, id](const Result<engine::ExportOutcome> &outcome) {
                           end(id, outcome.transform([](const auto &done) { return done.warning; }));
                       });
    } else if (const auto *push = std::get_if<engine::PushRequest>(&entry.order)) {
        QCoro::connect(signedIn(engine, *entry.finder, *push, progressOf(id), stop), this,
                       [this, id](const Result<engine::PushOutcome> &outcome) {
                           end(id, outcome.transform([](const auto &done) { return done.digest; }));
                       });
    }
}

// The speed is that of the last seconds, told once a second.
void TransferQueue::progress(int id, qint64 done, qint64 total)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    entry->transfer.done = done;
    entry->transfer.total = total;
    const qint64 now = entry->clock.elapsed();
    if (const qint64 passed = now - entry->measuredAt; passed >= 1000) {
        const double speed = double(done - entry->measuredBytes) * 1000.0 / double(passed);
        const double before = entry->transfer.bytesPerSecond;
        entry->transfer.bytesPerSecond = before > 0 ? (before + speed) / 2 : speed;
        entry->measuredAt = now;
        entry->measuredBytes = done;
    }
    tell(*entry);
}

void TransferQueue::end(int id, const Result<QString> &result)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    Transfer &transfer = entry->transfer;
    if (result) {
        transfer.state = Transfer::State::Done;
        transfer.result = *result;
        entry->order = engine::ImportRequest(); // Passwords are not needed any more.
    } else {
        const bool stopped = result.error().kind == ErrorKind::Cancelled;
        transfer.state = stopped ? Transfer::State::Cancelled : Transfer::State::Failed;
        transfer.error = result.error();
        if (entry->profile == m_session->profile())
            m_session->report(result.error());
    }
    tell(*entry);
    Q_EMIT finished(transfer);
    startNext();
}

void TransferQueue::cancel(int id)
{
    Entry *entry = find(id);
    if (!entry || entry->transfer.isOver())
        return;
    entry->stop.request_stop();
    if (entry->transfer.state == Transfer::State::Waiting) {
        entry->transfer.state = Transfer::State::Cancelled;
        tell(*entry);
    }
}

void TransferQueue::retry(int id)
{
    Entry *entry = find(id);
    if (!entry || !entry->transfer.isOver() || entry->transfer.state == Transfer::State::Done)
        return;
    entry->stop = std::stop_source();
    entry->transfer.state = Transfer::State::Waiting;
    entry->transfer.done = 0;
    entry->transfer.total = -1;
    entry->transfer.bytesPerSecond = 0;
    entry->transfer.error = {};
    tell(*entry);
    startNext();
}

void TransferQueue::remove(int id)
{
    const int index = indexOf(id);
    if (index < 0 || !at(index).isOver())
        return;
    Q_EMIT aboutToRemove(index);
    m_entries.erase(m_entries.begin() + index);
    Q_EMIT removed(index);
}

void TransferQueue::removeFinished()
{
    for (int index = count() - 1; index >= 0; --index) {
        if (at(index).isOver())
            remove(at(index).id);
    }
}

} // namespace cooperage::gui
