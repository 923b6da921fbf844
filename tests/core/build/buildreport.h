#pragma once

#include "core/build/buildevent.h"

#include <QMap>

namespace cooperage::test {

/// What one build did.
struct BuildReport
{
    Result<build::BuildResult> result = build::BuildResult{};
    QList<build::StepInfo> steps{};
    QMap<int, build::StepFinished> finished{};
    QMap<int, QByteArray> output{};
    QStringList messages{};
    QList<int> messageSteps{}; ///< The steps that they are about.
    QStringList order{};       ///< "+3" when step 3 starts, "-3" when it ends.

    void add(const build::BuildEvent &event)
    {
        if (const auto *plan = std::get_if<build::PlanReady>(&event))
            steps = plan->steps;
        else if (const auto *printed = std::get_if<build::StepOutput>(&event))
            output[printed->step] += printed->bytes;
        else if (const auto *started = std::get_if<build::StepStarted>(&event))
            order << QStringLiteral("+%1").arg(started->step);
        else if (const auto *step = std::get_if<build::StepFinished>(&event)) {
            finished[step->step] = *step;
            order << QStringLiteral("-%1").arg(step->step);
        } else if (const auto *message = std::get_if<build::BuildMessage>(&event)) {
            messages << message->text;
            messageSteps << message->step;
        }
    }

    /// One letter per step: Cached, Done, Failed, X for cancelled, Skipped, ? for not reported.
    [[nodiscard]] QString states() const
    {
        static const QString letters = QStringLiteral("??CDFXS");
        QString result;
        for (const build::StepInfo &step : steps)
            result += finished.contains(step.index) ? letters[int(finished[step.index].state)] : u'?';
        return result;
    }
    [[nodiscard]] QByteArray allOutput() const { return QByteArrayList(output.begin(), output.end()).join(); }
    /// Of a failed build; empty for a good one.
    [[nodiscard]] QString error() const { return result ? QString() : result.error().text(); }
};

} // namespace cooperage::test
