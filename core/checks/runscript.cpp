#include "core/checks/runscript.h"

#include "core/checks/linechecks.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

/// Adds the commands of a script whose character `i` stands at `place(i)` of the source.
static void addScript(RunScript &result, QStringView text, const std::function<qsizetype(qsizetype)> &place)
{
    ShellScript script = ShellScript::read(text);
    const auto move = [&](ShellWord &word) {
        const qsizetype last = word.end > word.begin ? place(word.end - 1) + 1 : place(word.begin);
        word.begin = place(word.begin);
        word.end = last;
    };
    for (ShellCommand &command : script.commands) {
        for (ShellWord &word : command.words)
            move(word);
        for (ShellWord &word : command.assignments)
            move(word);
    }
    result.commands += script.commands;
    if (script.firstPipe && !result.firstPipe) {
        const qsizetype at = place(*script.firstPipe);
        result.firstPipe = SourceRange{at, at + 1, 0, 0};
    }
}

RunScript RunScript::of(const Instruction &run)
{
    RunScript result;
    if (run.isJson()) {
        ShellCommand command;
        for (const dockerfile::Word &word : run.words)
            command.words.append({word.text, word.range.begin, word.range.end});
        if (!command.words.isEmpty())
            result.commands.append(command);
        return result;
    }
    if (!run.words.isEmpty()) {
        const QString &text = run.words.first().text;
        const qsizetype offset = run.original.lastIndexOf(text);
        if (offset >= 0 && !run.pieces.isEmpty())
            addScript(result, text, [&run, offset](qsizetype i) {
                return dockerfile::sourcePosition(run.pieces, offset + i);
            });
    }
    for (const dockerfile::Heredoc &heredoc : run.heredocs)
        addScript(result, heredoc.body, [&heredoc](qsizetype i) { return heredoc.bodyRange.begin + i; });
    return result;
}

SourceRange rangeOf(const ShellWord &word)
{
    return {word.begin, word.end, 0, 0};
}

void checkFolderChanges(const RunScript &script, QList<Diagnostic> &diagnostics)
{
    for (const ShellCommand &command : script.commands) {
        if (command.name() == "cd"_L1)
            addFinding(diagnostics, u"DL3003"_s, rangeOf(command.words.first()),
                       QCoreApplication::translate("Checks", "cd changes the folder of this RUN only; "
                                                             "WORKDIR sets it for all that follows"));
    }
}

bool mountsOver(const Instruction &run, QStringView folder)
{
    for (const dockerfile::Flag &flag : run.flags) {
        if (flag.name != "mount"_L1 || !flag.value)
            continue;
        bool keeps = false;
        bool over = false;
        for (const QString &field : flag.value->split(u',')) {
            const QString key = field.section(u'=', 0, 0).trimmed().toLower();
            QString value = field.section(u'=', 1);
            if (key == "type"_L1)
                keeps = value == "cache"_L1 || value == "tmpfs"_L1;
            while (value.endsWith(u'/'))
                value.chop(1);
            if ((key == "target"_L1 || key == "dst"_L1 || key == "destination"_L1) && !value.isEmpty())
                over = over || value.endsWith(folder) || folder.startsWith(value + u'/');
        }
        if (keeps && over)
            return true;
    }
    return false;
}

} // namespace cooperage::checks
