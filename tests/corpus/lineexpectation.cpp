#include "tests/corpus/lineexpectation.h"

#include <QRegularExpression>
#include <QStringList>

namespace cooperage::corpus {

using namespace Qt::StringLiterals;

QString LineExpectation::text(const LineExpectation &known) const
{
    QStringList lines;
    if (known.tree)
        lines.append(u"tree: "_s + tree.value_or(QString()));
    if (known.instructions)
        lines.append(u"instructions: "_s + instructions.value_or(QString()));
    if (known.warnings)
        lines.append(u"warnings: "_s + warnings.value_or(QString()));
    return lines.join(u'\n');
}

LineExpectation readLineExpectation(const QString &text)
{
    static const QRegularExpression tree(u"first line (\\d+), last line (\\d+)"_s);
    static const QRegularExpression instructions(u"Instructions: (\\d+[\\d, –-]*)"_s);
    static const QRegularExpression warnings(u"warnings?\\b[^\\n]*at lines? (\\d+(?:, \\d+)*)"_s);
    LineExpectation result;
    if (const auto match = tree.match(text); match.hasMatch())
        result.tree = match.captured(1) + u'-' + match.captured(2);
    if (const auto match = instructions.match(text); match.hasMatch())
        result.instructions = match.captured(1).replace(u'–', u'-').trimmed();
    if (const auto match = warnings.match(text); match.hasMatch())
        result.warnings = match.captured(1);
    return result;
}

LineExpectation linesOf(const dockerfile::Dockerfile &file)
{
    LineExpectation result;
    if (!file.instructions.isEmpty())
        result.tree = u"%1-%2"_s.arg(file.instructions.first().range.firstLine)
                          .arg(file.instructions.last().range.lastLine);
    QStringList instructions;
    for (const dockerfile::Instruction &instruction : file.instructions)
        instructions.append(u"%1-%2"_s.arg(instruction.range.firstLine).arg(instruction.range.lastLine));
    result.instructions = instructions.join(u", "_s);
    QStringList warnings;
    for (const dockerfile::Diagnostic &diagnostic : file.diagnostics) {
        if (diagnostic.severity == dockerfile::Severity::Warning)
            warnings.append(QString::number(diagnostic.range.firstLine));
    }
    result.warnings = warnings.join(u", "_s);
    return result;
}

} // namespace cooperage::corpus
