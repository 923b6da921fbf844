#include "core/build/prepare.h"

#include "core/build/copykey.h"
#include "core/build/copyorder.h"
#include "core/build/mountorder.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Keyword;

QString urlFileName(const QString &url)
{
    const QString name = QUrl(url).fileName();
    return name.isEmpty() ? u"__unnamed__"_s : name;
}

// What a step after these WORKDIRs stands on. A RUN makes the folder that it starts in by itself.
static QJsonArray withFolders(const StepPosition &position, const QString &startFolder = {})
{
    QJsonArray pending = position.pending;
    for (const QString &folder : position.folders) {
        if (!(startFolder + u'/').startsWith(folder + u'/'))
            pending.append(QJsonObject{{u"path"_s, folder}, {u"type"_s, u"folder"_s}});
    }
    return pending;
}

QByteArray trailingKey(const StepPosition &position)
{
    const RunText nothing{true, {u":"_s}};
    return runKey(position.key, position.state.keyState(), nothing, withFolders(position));
}

static Result<> prepareRun(const Preparation &preparation, const PlannedStep &planned,
                           QList<MountOrder> mounts, StepPosition *position, PreparedStep *step)
{
    step->run = runOrder(*preparation.plan, planned, position->state);
    if (step->run->commandLine.isEmpty())
        return failure(ErrorKind::BadInput,
                       QCoreApplication::translate("BuildPlan", "arguments are required"));
    step->run->text.mounts = mountContributions(mounts);
    step->run->mounts = std::move(mounts);
    step->key = runKey(position->key, position->state.keyState(), step->run->text,
                       withFolders(*position, position->state.workdir()));
    step->history = u"RUN "_s + position->state.variables().historyPrefix() +
                    step->run->commandLine.join(u' ') + u" # buildkit"_s;
    position->pending = {};
    position->folders.clear();
    return {};
}

static void prepareCopy(const Preparation &preparation, const Instruction &instruction, CopyOrder order,
                        StepPosition *position, PreparedStep *step)
{
    const QJsonArray files = stagedFiles(order);
    step->history = copyHistory(instruction, position->state);
    bool isMore = order.origin.has_value(); // Not all of it stands among the files.
    for (const CopySource &source : std::as_const(order.sources)) {
        if (const auto *url = std::get_if<AddedUrl>(&source); url && !url->note.isEmpty())
            step->note = url->note;
        isMore = isMore || std::holds_alternative<AddedGit>(source);
    }
    if (preparation.commits && order.link) {
        step->layerKey = copyKey({}, copyContribution(order), files);
        step->key = linkedKey(position->key, *step->layerKey);
    } else if (preparation.commits) {
        step->key = copyKey(position->key, copyContribution(order), files);
    } else {
        for (const QJsonValue file : files)
            position->pending.append(file);
        if (isMore)
            position->pending.append(copyContribution(order));
    }
    step->copy = std::move(order);
}

engine::Task<PreparedStep> prepareStep(const Preparation *preparation, PlannedStep step,
                                       StepPosition *position)
{
    const Instruction &instruction = preparation->plan->instruction(step);
    PreparedStep prepared{position->state};
    switch (instruction.keyword) {
    case Keyword::Run: {
        Result<QList<MountOrder>> mounts = co_await mountOrders(preparation, step, position->state);
        if (!mounts)
            co_return std::unexpected(preparation->plan->placed(mounts.error(), step));
        const Result<> run = prepareRun(*preparation, step, std::move(*mounts), position, &prepared);
        if (!run)
            co_return std::unexpected(preparation->plan->placed(run.error(), step));
        break;
    }
    case Keyword::Copy:
    case Keyword::Add: {
        Result<CopyOrder> order = co_await copyOrder(preparation, step, position->state);
        if (!order)
            co_return std::unexpected(preparation->plan->placed(order.error(), step));
        prepareCopy(*preparation, instruction, std::move(*order), position, &prepared);
        break;
    }
    default:
        if (const Result<> applied = prepared.after.apply(instruction); !applied)
            co_return std::unexpected(preparation->plan->placed(applied.error(), step));
        if (instruction.keyword != Keyword::Workdir)
            break;
        prepared.folder = context::cleanPath(prepared.after.workdir());
        prepared.history = u"WORKDIR "_s + prepared.after.workdir();
        if (prepared.folder == "/"_L1)
            break;
        if (preparation->commits)
            prepared.key = workdirKey(position->key, position->state.user(), prepared.folder);
        else
            position->folders << prepared.folder;
    }
    co_return prepared;
}

} // namespace cooperage::build
