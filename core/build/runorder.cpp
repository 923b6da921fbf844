#include "core/build/prepare.h"

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

RunOrder runOrder(const Instruction &instruction, const StageState &state, const QString &fileText)
{
    RunOrder order;
    order.networking = instruction.flag(u"network").value_or(QString()) != "none"_L1;
    order.text.networking = order.networking;
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
    if (isHeredocAlone(instruction, script, fileText)) {
        script = instruction.heredocs.first().content();
        if (script.startsWith("#!"_L1))
            order.script = script.toUtf8();
    } else {
        for (const Heredoc &heredoc : instruction.heredocs)
            script += u'\n' + heredoc.body + heredoc.delimiter;
    }
    order.commandLine = state.shell() + QStringList{script};
    return order;
}

} // namespace cooperage::build
