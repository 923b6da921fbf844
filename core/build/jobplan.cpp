#include "core/build/jobplan.h"

#include "core/build/imageconfigs.h"
#include "core/build/platforms.h"
#include "core/build/triggers.h"
#include "core/images/reference.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("Builder", text);
}

// The image's time where SOURCE_DATE_EPOCH tells it; empty otherwise.
static Result<QString> toldTime(const VariableMap &buildArgs)
{
    const auto told = buildArgs.constFind(u"SOURCE_DATE_EPOCH"_s);
    if (told == buildArgs.constEnd() || told->isEmpty())
        return QString();
    bool isNumber = false;
    const qint64 seconds = told->toLongLong(&isNumber);
    if (!isNumber)
        return failure(ErrorKind::BadInput, tr("invalid SOURCE_DATE_EPOCH: %1").arg(*told), {},
                       tr("It is a number of seconds since 1970."));
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::UTC).toString(Qt::ISODate);
}

Result<bool> planTriggersAnew(BuildJob *job)
{
    const auto sources = triggerSources(job->plan, [job](const QString &reference) {
        const auto uuid =
            images::isUuid(reference) ? std::optional(reference) : job->sessions->baseImage(reference);
        return uuid ? ImageConfigs().find(*uuid).value_or(std::nullopt) : std::nullopt;
    });
    PlanOptions options = job->plan.options;
    if (sources == options.triggerSources)
        return false;
    options.triggerSources = sources;
    Result<BuildPlan> plan = makePlan(*job->plan.file, options);
    if (!plan)
        return std::unexpected(plan.error());
    job->plan = std::move(*plan);
    return true;
}

Result<> planJob(BuildJob *job, dockerfile::Dockerfile file)
{
    PlanOptions options;
    options.target = job->request.target;
    options.buildArgs = job->request.buildArgs;
    options.labels = job->request.labels;
    options.platform = job->request.platform;
    const Result<QString> created = toldTime(job->request.buildArgs);
    if (!created)
        return std::unexpected(created.error());
    options.created = *created;
    options.network = job->request.network == "default"_L1 ? QString() : job->request.network;
    if (!job->request.dockerfilePath.isEmpty())
        options.fileName = QFileInfo(job->request.dockerfilePath).fileName();
    Result<BuildPlan> plan = makePlan(std::move(file), options);
    if (!plan)
        return std::unexpected(plan.error());
    job->plan = std::move(*plan);
    return planTriggersAnew(job).transform([](bool) {});
}

void warnOfUnusedArgs(const BuildJob &job)
{
    QStringList declared = platformVariables({}).keys();
    declared << u"SOURCE_DATE_EPOCH"_s;
    for (const dockerfile::Instruction &instruction : job.plan.file->instructions) {
        for (const dockerfile::Word &word : instruction.words) {
            if (instruction.keyword == dockerfile::Keyword::Arg)
                declared << word.text.section(u'=', 0, 0);
        }
    }
    for (const QString &name : job.request.buildArgs.keys()) {
        if (!declared.contains(name) && !name.toUpper().endsWith("_PROXY"_L1) &&
            !name.startsWith("BUILDKIT_"_L1))
            job.warn(-1, tr("--build-arg %1 has no effect: the Dockerfile declares no such ARG.").arg(name));
    }
}

} // namespace cooperage::build
