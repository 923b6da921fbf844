// The text form of a tree (spec 1.10).

#include "core/dockerfile/goquote.h"
#include "core/dockerfile/tree.h"

namespace cooperage::dockerfile {

static QString instructionText(const Instruction &instruction)
{
    QString result = u'(' + instruction.keywordText.toLower();
    if (!instruction.flags.isEmpty()) {
        QStringList flags;
        for (const Flag &flag : instruction.flags)
            flags.append(goQuoted(flag.text()));
        result += QStringLiteral(" [") + flags.join(u' ') + u']';
    }
    for (const Word &word : instruction.words)
        result += u' ' + goQuoted(word.text);
    for (const KeyValue &pair : instruction.pairs)
        result += u' ' + goQuoted(pair.key.text) + u' ' + goQuoted(pair.value.text) + u' ' +
                  goQuoted(pair.separator);
    if (instruction.trigger)
        result += u' ' + instructionText(*instruction.trigger);
    return result + u')';
}

QString Dockerfile::treeText() const
{
    QString result;
    for (const Instruction &instruction : instructions)
        result += instructionText(instruction) + u'\n';
    return result;
}

} // namespace cooperage::dockerfile
