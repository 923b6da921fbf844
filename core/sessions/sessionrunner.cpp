#include "core/sessions/sessionrunner.h"

#include "core/engine/background.h"
#include "core/sessions/filesources.h"
#include "core/sessions/sessionnames.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>

#include <algorithm>

namespace cooperage::sessions {

using namespace Qt::StringLiterals;
using engine::Task;

QString commandText(const QString &command, const QStringList &args)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_@%+=:,./-]+$"_s);
    QStringList words;
    for (QString word : QStringList{command} + args)
        words.append(plain.match(word).hasMatch() ? word : u'\'' + word.replace(u'\'', u"'\\''"_s) + u'\'');
    return words.join(u' ');
}

using EnginePointer = QPointer<engine::Engine>;

// An answer may be on its way while engine and store are deleted.
static std::unexpected<Error> ended()
{
    return failure(ErrorKind::Cancelled,
                   QCoreApplication::translate("SessionStore", "The program was closed"));
}

// The session's folder, or that of the image where it has none.
static Task<QString> currentFolder(EnginePointer engine, WorkingState state, std::stop_token stop)
{
    if (!state.cwd.isEmpty())
        co_return QString(state.cwd);
    const auto config = co_await engine->imageConfig(state.head.image, stop);
    if (!config)
        co_return std::unexpected(config.error());
    const QString folder = (*config)["config"_L1]["WorkingDir"_L1].toString();
    co_return folder.startsWith(u'/') ? folder : u"/"_s;
}

static Task<QString> absolutePath(EnginePointer engine, WorkingState state, QString path,
                                  std::stop_token stop)
{
    if (path.startsWith(u'/'))
        co_return QString(path);
    const auto folder = co_await currentFolder(engine, state, stop);
    if (!folder)
        co_return std::unexpected(folder.error());
    co_return *folder + u'/' + path;
}

Task<HistoryEntry> SessionRunner::use(QString session, QString image, std::stop_token stop) const
{
    const SessionRunner self = *this;
    // Before the engine is asked: a wrong name is the person's to mend.
    if (const auto named = checkSessionName(session); !named)
        co_return std::unexpected(named.error());
    const auto record = co_await self.m_engine->resolve(image, stop);
    if (!record)
        co_return std::unexpected(record.error());
    if (!self.m_engine)
        co_return ended();
    co_return FreeSessions(*self.m_store).use(session, record->uuid, image);
}

engine::RunRequest requestFor(const WorkingState &state, const SessionCommand &command)
{
    engine::RunRequest request{.image = state.head.image, .command = command.command};
    request.args = command.args;
    request.shell = command.shell;
    request.env = state.variables;
    request.env.insert(command.variables);
    request.cwd = state.cwd;
    request.timeoutSeconds = command.timeoutSeconds;
    request.disposable = command.disposable;
    for (const PendingFile &file : state.files) {
        engine::StagedEntry entry{.path = file.path};
        entry.mode = file.mode;
        entry.fileUuid = file.fileUuid;
        entry.size = file.size;
        request.files.append(entry);
    }
    return request;
}

Task<SessionRun> SessionRunner::run(QString session, SessionCommand command, engine::OutputHandler output,
                                    std::stop_token stop) const
{
    const SessionRunner self = *this;
    const auto state = FreeSessions(*self.m_store).working(session);
    if (!state)
        co_return std::unexpected(state.error());
    const auto outcome = co_await self.m_engine->run(requestFor(*state, command), std::move(output), stop);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    if (!self.m_engine)
        co_return ended();
    SessionRun result{.outcome = *outcome};
    if (outcome->image.isEmpty() && !command.disposable)
        co_return result;
    RunRecord record{.title = command.shell ? command.command : commandText(command.command, command.args),
                     .image = command.disposable ? state->head.image : outcome->image,
                     .operation = outcome->operation,
                     .exitCode = outcome->signal > 0 ? 128 + outcome->signal : outcome->exitCode,
                     .disposable = command.disposable};
    const auto entry = FreeSessions(*self.m_store).recordRun(session, *state, record);
    if (!entry)
        co_return std::unexpected(entry.error());
    result.entry = *entry;
    co_return result;
}

Task<HistoryEntry> SessionRunner::changeFolder(QString session, QString folder, std::stop_token stop) const
{
    const SessionRunner self = *this;
    const auto state = FreeSessions(*self.m_store).working(session);
    if (!state)
        co_return std::unexpected(state.error());
    const auto absolute = co_await absolutePath(self.m_engine, *state, folder, stop);
    if (!absolute)
        co_return std::unexpected(absolute.error());
    if (!self.m_engine)
        co_return ended();
    const QString path = QDir::cleanPath(*absolute);
    // A pending file may make the folder.
    const bool pending = std::ranges::any_of(
        state->files, [&](const PendingFile &file) { return file.path.startsWith(path + u'/'); });
    if (!pending) {
        const auto listed = co_await self.m_engine->list(state->head.image, path, stop);
        if (!listed)
            co_return std::unexpected(listed.error());
        if (!self.m_engine)
            co_return ended();
    }
    co_return FreeSessions(*self.m_store).changeFolder(session, path);
}

Task<HistoryEntry> SessionRunner::addFiles(QString session, QStringList sources, QString target,
                                           std::stop_token stop) const
{
    const SessionRunner self = *this;
    const auto state = FreeSessions(*self.m_store).working(session);
    if (!state)
        co_return std::unexpected(state.error());
    const auto absolute = co_await absolutePath(self.m_engine, *state, target, stop);
    if (!absolute)
        co_return std::unexpected(absolute.error());
    if (!self.m_engine)
        co_return ended();
    const auto entries =
        co_await inBackground([sources, to = *absolute] { return fileSources(sources, to); });
    if (!entries)
        co_return std::unexpected(entries.error());
    if (!self.m_engine)
        co_return ended();
    const auto uuids = co_await self.m_engine->upload(*entries, stop);
    if (!uuids)
        co_return std::unexpected(uuids.error());
    if (!self.m_engine)
        co_return ended();
    QList<PendingFile> files;
    for (qsizetype i = 0; i < entries->size(); ++i)
        files.append({entries->at(i).path, uuids->at(i), entries->at(i).mode, entries->at(i).size});
    co_return FreeSessions(*self.m_store).addFiles(session, files);
}

} // namespace cooperage::sessions
