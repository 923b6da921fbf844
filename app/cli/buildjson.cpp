#include "app/cli/buildjson.h"

#include "core/dockerfile/parser.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

using namespace build;

static QJsonObject errorJson(const Error &error)
{
    return {{u"what"_s, error.what}, {u"where"_s, error.where}, {u"next"_s, error.next}};
}

static QJsonObject json(const PlanReady &event)
{
    QJsonArray steps;
    for (const StepInfo &step : event.steps) {
        steps.append(QJsonObject{{u"step"_s, step.index},
                                 {u"stage"_s, step.stageName},
                                 {u"instruction"_s, dockerfile::keywordName(step.keyword)},
                                 {u"title"_s, step.title},
                                 {u"line"_s, step.range.firstLine}});
    }
    return {{u"event"_s, u"plan"_s}, {u"steps"_s, steps}};
}

static QJsonObject json(const StepStarted &event)
{
    return {{u"event"_s, u"step-started"_s}, {u"step"_s, event.step}};
}

static QJsonObject json(const StepOutput &event)
{
    return {{u"event"_s, u"output"_s},
            {u"step"_s, event.step},
            {u"stream"_s, event.stream == engine::Stream::Stdout ? u"stdout"_s : u"stderr"_s},
            {u"text"_s, QString::fromUtf8(event.bytes)}};
}

static QJsonObject json(const StepProgress &event)
{
    return {{u"event"_s, u"progress"_s},
            {u"step"_s, event.step},
            {u"done"_s, event.done},
            {u"total"_s, event.total},
            {u"what"_s, event.what}};
}

static QJsonObject json(const StepFinished &event)
{
    QJsonObject result{{u"event"_s, u"step-finished"_s},
                       {u"step"_s, event.step},
                       {u"state"_s, stateName(event.state)},
                       {u"duration_ms"_s, event.durationMs}};
    if (!event.image.isEmpty())
        result[u"image"_s] = event.image;
    if (event.exitCode)
        result[u"exit_code"_s] = *event.exitCode;
    if (event.error)
        result[u"error"_s] = errorJson(*event.error);
    if (!event.note.isEmpty())
        result[u"note"_s] = event.note;
    return result;
}

static QJsonObject json(const BuildMessage &event)
{
    const bool warning = event.level == BuildMessage::Level::Warning;
    QJsonObject result{{u"event"_s, u"message"_s},
                       {u"level"_s, warning ? u"warning"_s : u"info"_s},
                       {u"text"_s, event.text}};
    if (event.step >= 0)
        result[u"step"_s] = event.step;
    return result;
}

static QJsonObject json(const BuildFinished &event)
{
    if (!event.result)
        return {{u"event"_s, u"finished"_s}, {u"error"_s, errorJson(event.result.error())}};
    return {{u"event"_s, u"finished"_s},
            {u"image"_s, event.result->image},
            {u"tags"_s, QJsonArray::fromStringList(event.result->tags)},
            {u"session"_s, event.result->session},
            {u"steps"_s, event.result->steps},
            {u"cached_steps"_s, event.result->cachedSteps},
            {u"duration_ms"_s, event.result->durationMs}};
}

QJsonObject toJson(const BuildEvent &event)
{
    return std::visit([](const auto &one) { return json(one); }, event);
}

} // namespace cooperage::cli
