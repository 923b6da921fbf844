#include "core/build/jobchecks.h"

#include "core/build/buildchecks.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QDir>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using engine::Task;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Builder", text);
}

static QMap<QString, std::optional<checks::KnownImage>> knownBases(const BuildJob &job)
{
    QMap<QString, std::optional<checks::KnownImage>> images;
    for (const PlannedStage &stage : job.plan.stages) {
        const auto &from = stage.steps.first().from;
        if (from && from->kind == StageSource::Kind::Image)
            images.insert(from->image, knownImage(*job.sessions, from->image));
    }
    return images;
}

/// Steps by their first lines.
static QMap<int, int> stepsByLine(const BuildPlan &plan)
{
    QMap<int, int> result;
    for (const StepInfo &step : plan.steps())
        result.insert(step.range.firstLine, step.index);
    return result;
}

Task<> checkFile(BuildJob *job)
{
    auto work = [text = job->plan.file->text, request = job->request, root = job->context->root(),
                 images = knownBases(*job)] {
        checks::CheckSettings settings =
            checkSettings({.buildArgs = request.buildArgs, .target = request.target, .reachedOnly = true});
        settings.image = [&images](const QString &reference) { return images.value(reference); };
        const QString path =
            request.dockerfilePath.isEmpty() ? QDir(root).filePath(u"Dockerfile"_s) : request.dockerfilePath;
        settings.sources = checks::CopySources::open(root, path, request.builtInExcludes).value_or(nullptr);
        return buildWarnings(text, settings);
    };
    const BuildWarnings warnings = co_await inBackground(std::move(work));
    const QMap<int, int> steps = stepsByLine(job->plan);
    for (const BuildWarnings::Warning &warning : warnings.warnings) {
        // What stands before the first stage counts as the first step's.
        const auto after = steps.upperBound(warning.line);
        job->warn(after == steps.begin() ? 0 : *std::prev(after), warning.text);
    }
    if (warnings.fatalRules.isEmpty())
        co_return {};
    co_return failure(ErrorKind::BadInput,
                      tr("lint violation found for rules: %1").arg(warnings.fatalRules.join(u", "_s)),
                      job->plan.options.fileName,
                      tr("Mend what the warnings say, or take error=true out of the \"# check=\" line."));
}

} // namespace cooperage::build
