#include "app/cli/buildoutput.h"

#include "app/cli/buildjson.h"
#include "app/cli/progress.h"
#include "app/cli/support.h"
#include "app/cli/table.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonDocument>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

using namespace build;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

class JsonOutput : public BuildOutput
{
public:
    void show(const BuildEvent &event) override
    {
        print(QString::fromUtf8(QJsonDocument(toJson(event)).toJson(QJsonDocument::Compact)));
    }
};

/// Cuts what a step prints into lines and keeps the last of them for the case that it fails.
class StepLines
{
public:
    static constexpr qsizetype keptLines = 20;

    QStringList take(const QByteArray &bytes)
    {
        m_rest += bytes;
        const qsizetype end = m_rest.lastIndexOf('\n');
        if (end < 0)
            return {};
        const QByteArray whole = m_rest.first(end);
        m_rest = m_rest.sliced(end + 1);
        return keep(whole);
    }
    QStringList takeRest()
    {
        const QByteArray rest = std::exchange(m_rest, {});
        return rest.isEmpty() ? QStringList() : keep(rest);
    }
    [[nodiscard]] const QStringList &last() const { return m_last; }

private:
    QStringList keep(const QByteArray &text)
    {
        QStringList lines;
        for (const QByteArray &line : text.split('\n'))
            lines << QString::fromUtf8(line.endsWith('\r') ? line.chopped(1) : line);
        m_last << lines;
        m_last = m_last.last(std::min(m_last.size(), keptLines));
        return lines;
    }

    QByteArray m_rest;
    QStringList m_last;
};

class TextOutput : public BuildOutput
{
public:
    explicit TextOutput(bool quiet) : m_quiet(quiet), m_progress(m_bar.handler())
    {
        m_titleDelay.setSingleShot(true);
        m_titleDelay.setInterval(titleDelay);
        m_titleDelay.callOnTimeout(&m_titleDelay, [this] { tellHeldTitles(); });
    }

    void show(const BuildEvent &event) override
    {
        std::visit([this](const auto &one) { on(one); }, event);
    }

private:
    void on(const PlanReady &event)
    {
        QHash<int, int> totals;
        for (const StepInfo &step : event.steps)
            ++totals[step.stage];
        QHash<int, int> numbers;
        for (const StepInfo &step : event.steps) {
            const QString number = u"%1/%2"_s.arg(++numbers[step.stage]).arg(totals[step.stage]);
            m_prefixes << u"[%1 %2] "_s.arg(step.stageName, number);
            m_titles << printable(step.title);
        }
    }
    // A step that turns out to be cached takes one line, not two: its title waits for a moment.
    void on(const StepStarted &event)
    {
        m_heldTitles << event.step;
        m_titleDelay.start();
    }
    void on(const StepOutput &event)
    {
        for (const QString &line : m_lines[event.step].take(event.bytes))
            tell(event.step, line);
    }
    void on(const StepProgress &event)
    {
        if (!m_quiet)
            m_progress(event.done, event.total, event.what);
    }
    void on(const StepFinished &event)
    {
        for (const QString &line : m_lines[event.step].takeRest())
            tell(event.step, line);
        if (!event.note.isEmpty())
            tell(event.step, event.note);
        else if (event.state != StepState::Cached && event.state != StepState::Skipped)
            releaseTitle(event.step);
        if (event.state == StepState::Cached)
            tellCached(event.step);
        else if (event.state == StepState::Cancelled)
            tell(event.step, Texts::tr("CANCELLED"));
        else if (event.state == StepState::Failed)
            tellFailure(event);
        else if (event.state == StepState::Done && event.durationMs >= 100)
            tell(event.step,
                 Texts::tr("DONE %1 s").arg(static_cast<double>(event.durationMs) / 1000, 0, 'f', 1));
    }
    void on(const BuildMessage &event)
    {
        const bool warning = event.level == BuildMessage::Level::Warning;
        tell(event.step, warning ? Texts::tr("WARNING: %1").arg(event.text) : event.text);
    }
    void on(const BuildFinished &event)
    {
        m_bar.clear();
        if (!event.result)
            return;
        if (m_quiet)
            print(event.result->image);
        else
            print(tableText({{Texts::tr("IMAGE"), Texts::tr("TAG"), Texts::tr("SESSION")},
                             {event.result->image, event.result->tags.join(u','), event.result->session}})
                      .trimmed());
    }

    void tellHeldTitles()
    {
        for (const int step : std::exchange(m_heldTitles, {}))
            tell(step, m_titles.value(step));
    }

    void releaseTitle(int step)
    {
        if (m_heldTitles.removeOne(step))
            tell(step, m_titles.value(step));
    }

    void tellCached(int step)
    {
        const bool titleHeld = m_heldTitles.removeOne(step);
        tell(step, titleHeld ? u"CACHED "_s + m_titles.value(step) : u"CACHED"_s);
    }

    void tell(int step, const QString &text)
    {
        if (m_quiet)
            return;
        releaseTitle(step);
        m_bar.clear();
        printError(m_prefixes.value(step) + text);
    }

    // Also when quiet: what a failed step said last is why it failed.
    void tellFailure(const StepFinished &event)
    {
        tell(event.step, Texts::tr("FAILED"));
        const QStringList &last = m_lines[event.step].last();
        if (last.isEmpty())
            return;
        printError(Texts::tr("The last lines of %1%2:")
                       .arg(m_prefixes.value(event.step), m_titles.value(event.step)));
        for (const QString &line : last)
            printError(u"    "_s + line);
    }

    static constexpr std::chrono::milliseconds titleDelay{100};

    bool m_quiet;
    QTimer m_titleDelay;
    QList<int> m_heldTitles; ///< Steps that have started and of which nothing was said yet.
    Progress m_bar;
    engine::ProgressHandler m_progress;
    QStringList m_prefixes;
    QStringList m_titles;
    QHash<int, StepLines> m_lines;
};

} // namespace

std::unique_ptr<BuildOutput> BuildOutput::make(BuildProgress progress)
{
    if (progress == BuildProgress::Json)
        return std::make_unique<JsonOutput>();
    return std::make_unique<TextOutput>(progress == BuildProgress::Quiet);
}

std::optional<BuildProgress> BuildOutput::progressNamed(const QString &name)
{
    if (name == "plain"_L1)
        return BuildProgress::Plain;
    if (name == "json"_L1)
        return BuildProgress::Json;
    return name == "quiet"_L1 ? std::optional(BuildProgress::Quiet) : std::nullopt;
}

} // namespace cooperage::cli
