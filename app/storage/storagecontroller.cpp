#include "app/storage/storagecontroller.h"

#include "app/background.h"
#include "app/connections/enginesession.h"

#include <QFileInfo>
#include <QPointer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

using engine::CollectOutcome;
using engine::StorageImage;

StorageController::StorageController(EngineSession *session, QObject *parent)
    : QObject(parent), m_session(session)
{
    connect(session, &EngineSession::engineChanged, this, [this] {
        ++m_attempt;
        m_report = {};
        m_rehearsed = {};
        m_plan = {};
        if (m_state == State::Freeing) { // Goes on at the engine where it began.
            Q_EMIT changed();
            return;
        }
        m_stop.request_stop();
        set(State::Waiting);
    });
}

StorageController::~StorageController()
{
    m_stop.request_stop();
}

void StorageController::set(State state)
{
    m_state = state;
    Q_EMIT changed();
}

void StorageController::fail(const Error &error, const engine::Engine *asked)
{
    if (asked != m_session->engine())
        return;
    m_session->report(error);
    set(State::Failed);
    if (error.kind != ErrorKind::Cancelled)
        Q_EMIT failed(error);
}

void StorageController::refresh()
{
    if (m_state == State::Freeing)
        return;
    m_stop = {};
    const int attempt = ++m_attempt;
    engine::Engine *engine = m_session->engine();
    set(State::Reading);
    QCoro::connect(engine->storage(m_stop.get_token()), this,
                   [this, attempt, engine](const Result<engine::StorageReport> &report) {
                       if (attempt != m_attempt)
                           return;
                       if (!report) {
                           fail(report.error(), engine);
                           return;
                       }
                       m_report = *report;
                       readSessions();
                       rehearse();
                   });
}

// Which images builds and sessions made, and builds would find again: out of their database, which may be
// large.
void StorageController::readSessions()
{
    const auto store = m_session->store();
    if (!store) {
        Q_EMIT failed(store.error());
        return;
    }
    QStringList untagged;
    for (const StorageImage &image : std::as_const(m_report.images)) {
        if (image.tags.isEmpty())
            untagged.append(image.uuid);
    }
    const auto read = [file = (*store)->file(), scope = (*store)->engineScope(),
                       untagged]() -> Result<Known> {
        const auto opened = sessions::SessionStore::open(file, scope);
        if (!opened)
            return std::unexpected(opened.error());
        sessions::ImageOrigins origins(**opened);
        Known known;
        for (const QString &part : {file, file + u"-wal"_s}) // SQLite's log of what is not in the file yet.
            known.bytes += QFileInfo(part).size();
        constexpr qsizetype atOnce = 500;
        for (qsizetype begin = 0; begin < untagged.size(); begin += atOnce) {
            const auto found = origins.of(untagged.mid(begin, atOnce));
            if (!found)
                return std::unexpected(found.error());
            known.origins.insert(*found);
        }
        return origins.cached().transform([&](const QSet<QString> &cached) {
            known.cached = cached;
            return known;
        });
    };
    inBackground(this, read, [this, attempt = m_attempt](const Result<Known> &known) {
        if (attempt != m_attempt)
            return;
        if (!known) {
            Q_EMIT failed(known.error());
            return;
        }
        m_cached = known->cached;
        m_origins = known->origins;
        m_sessionBytes = known->bytes;
        Q_EMIT changed();
    });
}

void StorageController::choose(const PruneChoice &choice)
{
    if (choice == m_choice || m_state == State::Freeing)
        return;
    PruneChoice only = choice;
    only.kept = m_choice.kept;
    const bool samePlan = only == m_choice && m_state == State::Ready;
    m_choice = choice;
    if (samePlan) {
        makePlan();
        Q_EMIT changed();
    } else if (m_state == State::Ready) {
        m_stop.request_stop();
        m_stop = {};
        ++m_attempt;
        rehearse();
    } else if (m_state == State::Reading) {
        m_stop.request_stop();
        refresh();
    }
}

void StorageController::rehearse()
{
    engine::Engine *engine = m_session->engine();
    set(State::Reading);
    QCoro::connect(rehearsePrune(engine, m_choice, m_stop.get_token()), this,
                   [this, attempt = m_attempt, engine](const Result<Rehearsed> &found) {
                       if (attempt != m_attempt)
                           return;
                       if (!found) {
                           fail(found.error(), engine);
                           return;
                       }
                       m_rehearsed = *found;
                       makePlan();
                       set(State::Ready);
                   });
}

void StorageController::makePlan()
{
    const CollectOutcome &base = m_rehearsed.base;
    const CollectOutcome &all = m_rehearsed.all;
    const QSet<QString> may(all.images.begin(), all.images.end());
    m_plan = {.layers = base.layers, .files = base.files, .bytes = base.freed};
    qint64 own = 0;
    for (const StorageImage &image : std::as_const(m_report.images)) {
        if (!may.contains(image.uuid))
            continue;
        m_plan.images.append(image);
        if (m_choice.kept.contains(image.uuid))
            m_plan.isExact = false;
        else
            own += image.unique;
    }
    if (m_plan.isExact) {
        m_plan.layers = all.layers;
        m_plan.bytes = all.freed;
        return;
    }
    // Layers that several images share go with the last of them; which these are the engine does not say.
    m_plan.bytes += own;
    m_plan.isExact = going().isEmpty();
}

QList<SpaceUse> StorageController::uses() const
{
    using Kind = SpaceUse::Kind;
    if (m_report.total == 0)
        return {};
    SpaceUse tagged{.kind = Kind::TaggedImages};
    SpaceUse untagged{.kind = Kind::UntaggedImages};
    SpaceUse cached{.kind = Kind::CachedImages};
    for (const StorageImage &image : m_report.images) {
        SpaceUse &use = image.tags.isEmpty() ? untagged : tagged;
        ++use.number;
        if (image.tags.isEmpty() && isCached(image.uuid)) {
            ++cached.number;
            cached.bytes += image.unique;
        }
    }
    const qint64 loose = m_report.reclaimable;
    untagged.bytes = untagged.freeable = std::max<qint64>(m_rehearsed.unused.freed - loose, 0);
    tagged.bytes = std::max<qint64>(m_report.layerBytes - untagged.bytes - loose, 0);
    const SpaceUse layers{Kind::LooseLayers, m_rehearsed.files.layers, loose, loose};
    const SpaceUse files{Kind::Files, m_report.files, m_report.fileBytes,
                         std::max<qint64>(m_rehearsed.files.freed - loose, 0)};
    return {tagged, untagged, cached, layers, files, {Kind::Sessions, 1, m_sessionBytes, 0}};
}

QList<StorageImage> StorageController::going() const
{
    QList<StorageImage> images = m_plan.images;
    images.removeIf([this](const StorageImage &image) { return m_choice.kept.contains(image.uuid); });
    return images;
}

void StorageController::cancel()
{
    m_stop.request_stop();
}

void StorageController::free()
{
    if (m_state != State::Ready)
        return;
    m_stop = {};
    QSet<QString> uuids;
    for (const StorageImage &image : going())
        uuids.insert(image.uuid);
    const int wanted = int(uuids.size());
    engine::Engine *engine = m_session->engine();
    set(State::Freeing);
    Q_EMIT progressed(0, wanted);
    const auto progress = [self = QPointer(this), wanted](int done) {
        if (self)
            Q_EMIT self->progressed(done, wanted);
    };
    QCoro::connect(prune(engine, m_choice, uuids, progress, m_stop.get_token()), this,
                   [this, wanted](const Result<Freed> &done) {
                       m_state = State::Waiting;
                       if (done)
                           Q_EMIT freed(done->bytes, done->images, wanted);
                       else if (done.error().kind == ErrorKind::Cancelled)
                           Q_EMIT freed(0, 0, wanted);
                       else
                           Q_EMIT failed(done.error());
                       refresh();
                   });
}

} // namespace cooperage::gui
