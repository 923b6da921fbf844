#include "app/connections/enginesession.h"
#include "app/history/historycontroller.h"
#include "core/sessions/branches.h"

#include <QPointer>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

// What the controller does with the engine, and where in the history it does it.
namespace cooperage::gui {

void HistoryController::goTo(qint64 entry, std::function<void()> then)
{
    if (entry == m_view.head()) {
        then();
        return;
    }
    const auto taken = [this](const QString &name) {
        return std::ranges::contains(m_view.branches, name, &sessions::Branch::name);
    };
    QString name = u"at-%1"_s.arg(entry);
    for (int number = 2; taken(name); ++number)
        name = u"at-%1-%2"_s.arg(entry).arg(number);
    change(
        [session = m_current, name, entry](auto &store) {
            sessions::Branches branches(store);
            return branches.create(session, name, entry).and_then([&] {
                return branches.checkout(session, name);
            });
        },
        std::move(then));
}

void HistoryController::setBusy(bool busy)
{
    m_busy = busy;
    Q_EMIT busyChanged();
}

template <typename T>
void HistoryController::follow(engine::Task<T> task, std::function<void(const T &)> then)
{
    setBusy(true);
    Q_EMIT begun();
    QCoro::connect(std::move(task), this, [this, then = std::move(then)](const Result<T> &done) {
        setBusy(false);
        refresh();
        if (done) {
            if (then)
                then(*done);
            return;
        }
        m_session->report(done.error());
        Q_EMIT failed(done.error());
    });
}

void HistoryController::start(const QString &name, const QString &image)
{
    const auto store = m_session->store();
    if (m_busy || !store)
        return;
    m_stop = {};
    follow<sessions::HistoryEntry>(
        sessions::SessionRunner(m_session->engine(), *store).use(name, image, m_stop.get_token()),
        [this, name](const sessions::HistoryEntry &) { select(name); });
}

void HistoryController::run(qint64 entry, const sessions::SessionCommand &command)
{
    if (m_busy)
        return;
    m_stop = {};
    goTo(entry, [this, command, session = m_current] {
        const auto store = m_session->store();
        if (m_busy || !store)
            return;
        Q_EMIT runStarted(command.command);
        const auto print = [self = QPointer(this)](engine::Stream stream, const QByteArray &bytes) {
            if (self)
                Q_EMIT self->output(stream, bytes);
        };
        follow<sessions::SessionRun>(
            sessions::SessionRunner(m_session->engine(), *store)
                .run(session, command, print, m_stop.get_token()),
            [this](const sessions::SessionRun &run) { Q_EMIT runEnded(run.outcome); });
    });
}

void HistoryController::openConsole(qint64 entry)
{
    goTo(entry, [this, session = m_current] {
        auto state = std::make_shared<sessions::WorkingState>();
        change(
            [session, state](auto &store) {
                return sessions::FreeSessions(store).working(session).transform(
                    [&](const sessions::WorkingState &found) { *state = found; });
            },
            [this, session, state] { Q_EMIT consoleReady(session, *state); });
    });
}

void HistoryController::keep(const QString &session, const sessions::WorkingState &before,
                             const sessions::RunRecord &run)
{
    change([session, before, run](auto &store) {
        return sessions::FreeSessions(store)
            .recordRun(session, before, run)
            .transform([](const sessions::HistoryEntry &) {});
    });
}

void HistoryController::changeFolder(qint64 entry, const QString &folder)
{
    if (m_busy)
        return;
    m_stop = {};
    goTo(entry, [this, folder, session = m_current] {
        const auto store = m_session->store();
        if (!m_busy && store)
            follow<sessions::HistoryEntry>(sessions::SessionRunner(m_session->engine(), *store)
                                               .changeFolder(session, folder, m_stop.get_token()));
    });
}

void HistoryController::addFiles(qint64 entry, const QStringList &sources, const QString &target)
{
    if (m_busy)
        return;
    m_stop = {};
    goTo(entry, [this, sources, target, session = m_current] {
        const auto store = m_session->store();
        if (!m_busy && store)
            follow<sessions::HistoryEntry>(sessions::SessionRunner(m_session->engine(), *store)
                                               .addFiles(session, sources, target, m_stop.get_token()));
    });
}

void HistoryController::changeVariables(qint64 entry, const QMap<QString, std::optional<QString>> &changes)
{
    if (changes.isEmpty())
        return;
    goTo(entry, [this, changes, session = m_current] {
        change([session, changes](auto &store) {
            return sessions::FreeSessions(store)
                .changeVariables(session, changes)
                .transform([](const sessions::HistoryEntry &) {});
        });
    });
}

void HistoryController::readVariables()
{
    auto variables = std::make_shared<QMap<QString, QString>>();
    change(
        [session = m_current, variables](auto &store) {
            return sessions::FreeSessions(store).working(session).transform(
                [&](const sessions::WorkingState &state) { *variables = state.variables; });
        },
        [this, variables] { Q_EMIT variablesRead(*variables); });
}

void HistoryController::cancel()
{
    m_stop.request_stop();
}

} // namespace cooperage::gui
