#include "core/build/prepare.h"
#include "core/context/pathnames.h"

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Heredoc;
using dockerfile::Instruction;

static bool isHeredocAlone(const Instruction &instruction, const QString &command, const QString &fileText)
{
    if (instruction.heredocs.size() != 1)
        return false;
    const dockerfile::SourceRange &opener = instruction.heredocs.first().opener;
    return command.trimmed() ==
           QStringView(fileText).sliced(opener.begin, opener.end - opener.begin).trimmed();
}

// A heredoc alone: a script for the shell, or a file with an interpreter of its own (spec 1.9).
static QString readHeredoc(const Heredoc &heredoc, RunOrder *order)
{
    if (!heredoc.body.startsWith("#!"_L1))
        return heredoc.content();
    order->script = heredoc.content().toUtf8();
    return context::cleanPath(u"/dev/pipes/"_s + heredoc.delimiter);
}

RunOrder runOrder(const BuildPlan &plan, const PlannedStep &step, const StageState &state)
{
    const Instruction &instruction = plan.instruction(step);
    RunOrder order;
    const QString network = instruction.flag(u"network").value_or(u"default"_s);
    order.text.network = network == "default"_L1 ? plan.options.network : network;
    order.text.hostname = plan.options.buildArgs.value(u"BUILDKIT_SANDBOX_HOSTNAME"_s);
    order.text.shell = !instruction.isJson();
    for (const dockerfile::Word &word : instruction.words)
        order.text.parts << word.text;
    if (instruction.isJson()) {
        order.commandLine = order.text.parts;
        return order;
    }
    if (!state.hasDefaultShell())
        order.text.interpreter = state.shell();
    QString script = order.text.parts.value(0);
    for (const Heredoc &heredoc : instruction.heredocs)
        order.text.parts << heredoc.body;
    if (isHeredocAlone(instruction, script, plan.text(step))) {
        script = readHeredoc(instruction.heredocs.first(), &order);
    } else {
        for (const Heredoc &heredoc : instruction.heredocs)
            script += u'\n' + heredoc.body + heredoc.delimiter;
    }
    order.commandLine = state.shell() + QStringList{script};
    return order;
}

} // namespace cooperage::build
