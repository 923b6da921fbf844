#include "core/build/runstep.h"

#include "core/base/sha256.h"
#include "core/build/imageusers.h"
#include "core/build/mountsources.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("RunStep", text);
}

// A script with an interpreter line is a file for the time of the step: in memory where the engine can do
// that, elsewhere the shell runs it and takes it away again.
static QString placeScript(engine::RunRequest *request, const RunOrder &order, Owner owner, bool canMount)
{
    const QString path = order.commandLine.last();
    if (canMount) {
        engine::RunMount mount;
        mount.type = engine::RunMount::Type::File;
        mount.target = path;
        mount.content = order.script;
        request->mounts << mount;
        return path;
    }
    engine::StagedEntry entry;
    entry.path = u"/tmp/.cooperage-run-"_s + QString::fromLatin1(Sha256::hex(order.script).first(16));
    entry.uid = owner.uid;
    entry.gid = owner.gid;
    entry.mode = 0755;
    entry.content = order.script;
    request->files << entry;
    return u"%1; status=$?; rm -f %1; exit $status"_s.arg(entry.path);
}

static void setCommand(engine::RunRequest *request, const RunOrder &order, Owner owner, bool canMount)
{
    QStringList command = order.commandLine;
    if (!order.script.isEmpty())
        command.last() = placeScript(request, order, owner, canMount);
    if (order.text.shell && order.text.interpreter.isEmpty()) {
        request->shell = true;
        request->command = command.last();
        return;
    }
    request->command = command.takeFirst();
    request->args = command;
}

// The engine makes the folder that the command starts in, with its parents, as root's.
static bool comesByItself(const engine::StagedEntry &entry, const QString &startFolder)
{
    return entry.type == engine::StagedEntry::Type::Folder && entry.uid == 0 && entry.gid == 0 &&
           entry.mode == 0755 && !entry.overwriteAttributes &&
           (startFolder + u'/').startsWith(entry.path + u'/');
}

engine::Task<engine::RunOutcome> carryOutRun(BuildJob *job, int step, RunOrder order, StageState state,
                                             QString image, QList<engine::StagedEntry> staged)
{
    const std::stop_token stop = job->stop.get_token();
    if (state.user().isEmpty())
        staged.removeIf([folder = state.workdir()](const engine::StagedEntry &entry) {
            return comesByItself(entry, folder);
        });
    const bool onlyFiles = std::ranges::all_of(staged, [](const engine::StagedEntry &entry) {
        return entry.type == engine::StagedEntry::Type::File;
    });
    if (image.isEmpty() || !onlyFiles) {
        const engine::CommitRequest commit{image, staged};
        const Result<engine::ImageRecord> record = co_await job->engine->commit(commit, stop);
        if (!record)
            co_return std::unexpected(record.error());
        image = record->uuid;
        staged.clear();
    }
    Result<Owner> owner = Owner();
    if (!state.user().isEmpty())
        owner = co_await findOwner(job->tree.get(), image, state.user(), OwnerUse::User, stop);
    if (!owner)
        co_return std::unexpected(owner.error());
    engine::RunRequest request;
    request.image = image;
    request.env = state.variables().runEnvironment();
    request.cwd = state.knownWorkdir();
    request.uid = owner->uid;
    request.gid = owner->gid;
    request.networking = order.text.network != "none"_L1;
    request.hostname = order.text.hostname.isEmpty() ? u"buildkitsandbox"_s : order.text.hostname;
    request.timeoutSeconds = std::min(job->request.timeoutSeconds, job->info.maxTimeoutSeconds);
    request.files = staged;
    Result<QList<engine::RunMount>> mounts = co_await runMounts(job, order.mounts);
    if (!mounts)
        co_return std::unexpected(mounts.error());
    request.mounts = *std::move(mounts);
    tellAgent(order.mounts, &request.env);
    setCommand(&request, order, *owner, job->info.offers(engine::extension::mounts));
    const engine::OutputHandler output = [job, step](engine::Stream stream, const QByteArray &bytes) {
        job->emitEvent(StepOutput{step, stream, bytes});
    };
    co_return co_await job->engine->run(request, output, stop);
}

std::optional<Error> runFailure(const RunOrder &order, const engine::RunOutcome &outcome, int timeoutSeconds)
{
    const QString process = order.commandLine.join(u' ').section(u'\n', 0, 0).left(200);
    if (outcome.timedOut)
        return Error{ErrorKind::Failed,
                     tr("process \"%1\" did not end within %2 seconds").arg(process).arg(timeoutSeconds),
                     {},
                     tr("Give it more time with --timeout.")};
    if (outcome.signal > 0)
        return Error{ErrorKind::Failed,
                     tr("process \"%1\" was ended by signal %2").arg(process).arg(outcome.signal)};
    if (outcome.exitCode != 0)
        return Error{ErrorKind::Failed, tr("process \"%1\" did not complete successfully: exit code: %2")
                                            .arg(process)
                                            .arg(outcome.exitCode)};
    return std::nullopt;
}

} // namespace cooperage::build
