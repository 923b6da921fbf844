#include "app/history/historycontroller.h"

#include "app/background.h"
#include "app/connections/enginesession.h"
#include "app/settings.h"
#include "core/sessions/branches.h"
#include "core/sessions/sessionlist.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::gui {

HistoryController::HistoryController(EngineSession *session, QObject *parent)
    : QObject(parent), m_session(session), m_current(settings::historySession.get())
{
    m_poll.setInterval(3s);
    connect(&m_poll, &QTimer::timeout, this, &HistoryController::refresh);
}

HistoryController::~HistoryController()
{
    m_stop.request_stop();
}

void HistoryController::setWatched(bool watched)
{
    if (!watched) {
        m_poll.stop();
    } else if (!m_poll.isActive()) {
        m_poll.start();
        refresh();
    }
}

void HistoryController::select(const QString &name)
{
    if (name == m_current)
        return;
    m_current = name;
    settings::historySession.set(name);
    refresh();
}

Result<HistoryController::Loaded> HistoryController::load(sessions::SessionStore &store, QString current)
{
    auto list = sessions::SessionList(store).list();
    if (!list)
        return std::unexpected(list.error());
    if (!std::ranges::contains(*list, current, &sessions::SessionSummary::name))
        current = list->isEmpty() ? QString() : list->first().name;
    return Loaded{*list,
                  current.isEmpty() ? sessions::SessionView{} : sessions::Branches(store).view(current)};
}

void HistoryController::refresh()
{
    const auto store = m_session->store();
    if (!store) {
        Q_EMIT failed(store.error());
        return;
    }
    if (std::exchange(m_loading, true)) {
        m_again = true;
        return;
    }
    inBackground(
        this,
        [file = (*store)->file(), scope = (*store)->engineScope(), current = m_current] {
            return sessions::SessionStore::open(file, scope).and_then([&](const auto &opened) {
                return load(*opened, current);
            });
        },
        [this](const Result<Loaded> &loaded) { take(loaded); });
}

void HistoryController::take(const Result<Loaded> &loaded)
{
    m_loading = false;
    m_loaded = true;
    if (std::exchange(m_again, false)) {
        refresh(); // What was read may be of another session than the one looked at now.
        return;
    }
    if (!loaded || !loaded->view) {
        m_poll.stop(); // One message is enough; the user's next step asks again.
        Q_EMIT failed(loaded ? loaded->view.error() : loaded.error());
        return;
    }
    m_sessions = loaded->sessions;
    m_view = *loaded->view;
    m_current = m_view.name;
    Q_EMIT sessionsChanged();
    Q_EMIT viewChanged();
}

void HistoryController::change(Work work, std::function<void()> then)
{
    const auto store = m_session->store();
    if (!store) {
        Q_EMIT failed(store.error());
        return;
    }
    Q_EMIT begun();
    inBackground(
        this,
        [file = (*store)->file(), scope = (*store)->engineScope(), work = std::move(work)] {
            return sessions::SessionStore::open(file, scope).and_then([&](const auto &opened) {
                return work(*opened);
            });
        },
        [this, then = std::move(then)](const Result<> &done) {
            refresh();
            if (!done)
                Q_EMIT failed(done.error());
            else if (then)
                then();
        });
}

void HistoryController::checkout(const QString &branch)
{
    change([session = m_current, branch](auto &store) {
        return sessions::Branches(store).checkout(session, branch);
    });
}

void HistoryController::branch(const QString &name, qint64 entry)
{
    change([session = m_current, name, entry](auto &store) {
        sessions::Branches branches(store);
        return branches.create(session, name, entry).and_then([&] {
            return branches.checkout(session, name);
        });
    });
}

void HistoryController::rollback(qint64 entry)
{
    change([session = m_current, entry](auto &store) {
        return sessions::Branches(store)
            .rollback(session, {sessions::Position::Form::Entry, entry})
            .transform([](qint64) {});
    });
}

void HistoryController::rename(const QString &name)
{
    change([session = m_current,
            name](auto &store) { return sessions::SessionList(store).rename(session, name); },
           [this, name] { select(name); });
}

void HistoryController::remove()
{
    const QString name = m_current;
    auto key = std::make_shared<QString>();
    change(
        [name, key](auto &store) {
            sessions::SessionList list(store);
            return list.remove(name).and_then([&](const QString &removed) {
                *key = removed;
                return list.purge(QDateTime::currentDateTimeUtc().addDays(-sessions::restorableDays));
            });
        },
        [this, name, key] { Q_EMIT removed(name, *key); });
}

void HistoryController::restore(const QString &key)
{
    auto name = std::make_shared<QString>();
    change(
        [key, name](auto &store) {
            return sessions::SessionList(store).restore(key).transform(
                [&](const QString &restored) { *name = restored; });
        },
        [this, name] { select(*name); });
}

} // namespace cooperage::gui
