#include "app/buildpane/steplogs.h"

using namespace Qt::StringLiterals;

namespace cooperage::gui {

void StepLogs::clear()
{
    m_logs.clear();
    Q_EMIT cleared();
}

void StepLogs::apply(const build::BuildEvent &event)
{
    if (const auto *output = std::get_if<build::StepOutput>(&event)) {
        Log &log = m_logs[output->step];
        append(output->step,
               (output->stream == engine::Stream::Stdout ? log.output : log.errors).feed(output->bytes));
    } else if (const auto *message = std::get_if<build::BuildMessage>(&event);
               message && message->step >= 0) {
        append(message->step,
               (message->level == build::BuildMessage::Level::Warning ? tr("Warning: %1") : tr("Note: %1"))
                       .arg(message->text) +
                   u'\n');
    } else if (const auto *finished = std::get_if<build::StepFinished>(&event)) {
        if (!finished->note.isEmpty())
            append(finished->step, finished->note + u'\n');
        if (finished->state == build::StepState::Cached)
            append(finished->step, tr("Reused from an earlier build; nothing was run.") + u'\n');
        if (finished->error)
            append(finished->step, finished->error->text() + u'\n');
    }
}

void StepLogs::append(int step, const QString &text)
{
    if (text.isEmpty())
        return;
    Log &log = m_logs[step];
    log.text += text;
    if (log.text.size() > Limit) {
        log.text = log.text.last(Limit / 2);
        log.cut = true;
    }
    Q_EMIT appended(step, text);
}

QString StepLogs::text(int step) const
{
    const auto found = m_logs.find(step);
    if (found == m_logs.end())
        return {};
    return found->second.cut ? tr("(The beginning of this log was dropped.)\n") + found->second.text
                             : found->second.text;
}

QStringList StepLogs::lastLines(int step, int count) const
{
    const auto found = m_logs.find(step);
    if (found == m_logs.end())
        return {};
    const QStringList lines = found->second.text.last(qMin(found->second.text.size(), qsizetype(8192)))
                                  .split(u'\n', Qt::SkipEmptyParts);
    return lines.last(qMin(lines.size(), qsizetype(count)));
}

} // namespace cooperage::gui
