#include "core/build/buildmeans.h"

#include <QCoreApplication>

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Builder", text);
}

Task<> openMeans(BuildJob *job)
{
    Result<QMap<QString, QByteArray>> secrets = loadSecrets(job->request.secrets);
    if (!secrets)
        co_return std::unexpected(secrets.error());
    job->secrets = *std::move(secrets);
    if (job->request.agents.isEmpty())
        co_return {};
    job->keptAgents = std::make_unique<SshAgents>();
    Result<QMap<QString, QString>> agents = co_await job->keptAgents->open(job->request.agents);
    if (!agents)
        co_return std::unexpected(agents.error());
    job->agents = *std::move(agents);
    co_return {};
}

Result<> checkMountsPossible(const BuildJob &job)
{
    if (job.info.offers(engine::extension::mounts))
        return {};
    for (const PlannedStage &stage : job.plan.stages) {
        for (const PlannedStep &step : stage.steps) {
            if (job.plan.instruction(step).keyword == dockerfile::Keyword::Run && !step.mounts.isEmpty())
                return failure(
                    ErrorKind::Unsupported,
                    tr("This engine cannot mount anything into a step, as RUN --mount asks for"),
                    job.plan.place(step),
                    tr("Build with the embedded engine, or use COPY for files of the build context "
                       "or of another stage."));
        }
    }
    return {};
}

} // namespace cooperage::build
