#include "core/checks/checker.h"
#include "core/checks/rules.h"
#include "core/dockerfile/directives.h"
#include "core/dockerfile/readinstruction.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

// Fixes made, and the comments that silence a rule.
namespace cooperage::checks {

using dockerfile::Fix;
using dockerfile::SourceText;
using dockerfile::TextEdit;

QString applied(const QString &text, const Fix &fix)
{
    QList<TextEdit> edits = fix.edits;
    std::ranges::sort(edits, std::ranges::greater(), &TextEdit::begin);
    QString result = text;
    for (const TextEdit &edit : std::as_const(edits))
        result.replace(edit.begin, edit.end - edit.begin, edit.text);
    return result;
}

/// Where `key`'s list of rules ends in the line, or where one could be added behind the options; from the
/// line's begin. Options end at the first space behind `start`.
struct ListEnd
{
    qsizetype at = 0;
    bool hasList = false;
};

static std::optional<ListEnd> listIn(QStringView line, const QString &start, const QString &key)
{
    const qsizetype hash = line.indexOf(u'#');
    if (hash < 0 || !line.first(hash).trimmed().isEmpty() ||
        !line.sliced(hash + 1).trimmed().startsWith(start))
        return std::nullopt;
    const qsizetype options = line.indexOf(start) + start.size();
    qsizetype end = options;
    while (end < line.size() && !line[end].isSpace())
        ++end;
    const qsizetype list = line.first(end).indexOf(key, options);
    if (list < 0)
        return ListEnd{end, false};
    const qsizetype semicolon = line.first(end).indexOf(u';', list);
    return ListEnd{semicolon < 0 ? end : semicolon, true};
}

/// How a comment that silences a rule is written.
struct Comment
{
    QString start; ///< "check="
    QString key;   ///< "skip="
};

static Comment commentFor(const QString &rule, bool wholeFile)
{
    const Rule *known = findRule(rule);
    if (!known || known->family != Family::Hadolint)
        return {u"check="_s, u"skip="_s};
    return {wholeFile ? u"hadolint global "_s : u"hadolint "_s, u"ignore="_s};
}

/// Adds the rule to a comment in the lines [first, last), or writes one of its own at `place`.
static QList<TextEdit> silencing(const SourceText &source, qsizetype first, qsizetype last,
                                 const QString &rule, const Comment &comment, const TextEdit &place)
{
    for (qsizetype i = first; i < last; ++i) {
        const auto list = listIn(source.line(i), comment.start, comment.key);
        if (!list)
            continue;
        const qsizetype at = source.lines()[i].begin + list->at;
        return {{at, at, list->hasList ? u',' + rule : u';' + comment.key + rule}};
    }
    return {{place.begin, place.end, place.text + u"# "_s + comment.start + comment.key + rule + u'\n'}};
}

Fix ignoreHere(const QString &text, const QString &rule, qsizetype position)
{
    const SourceText source(text);
    const dockerfile::DirectiveScan scan = dockerfile::scanDirectives(source);
    dockerfile::LineReader reader(source, scan.directives.escape, scan.lineCount);
    qsizetype line = scan.lineCount;
    while (const auto read = dockerfile::readInstruction(reader, scan.directives.escape)) {
        line = read->instruction.range.firstLine - 1;
        if (position <= read->instruction.range.end)
            break;
    }
    qsizetype first = line;
    while (first > scan.lineCount && source.line(first - 1).trimmed().startsWith(u'#'))
        --first;
    const qsizetype begin = line < source.lines().size() ? source.lines()[line].begin : text.size();
    // At the very top it would be a directive, for the whole file; a blank line before it ends those.
    const bool atTop = line == scan.lineCount;
    return {QCoreApplication::translate("Checks", "Ignore %1 here").arg(rule),
            silencing(source, first, line, rule, commentFor(rule, false),
                      {begin, begin, atTop ? u"\n"_s : QString()})};
}

Fix ignoreInFile(const QString &text, const QString &rule)
{
    const SourceText source(text);
    const qsizetype directives = dockerfile::scanDirectives(source).lineCount;
    const Comment comment = commentFor(rule, true);
    const bool isDirective = comment.start == "check="_L1;
    // A "#!" line comes first; hadolint's comment must not end the directives.
    const bool script = !source.lines().isEmpty() && source.line(0).startsWith(u"#!");
    const qsizetype line = isDirective ? (script ? 1 : 0) : directives;
    const qsizetype place = line < source.lines().size() ? source.lines()[line].begin : text.size();
    const qsizetype last = isDirective ? std::max<qsizetype>(directives, line) : source.lines().size();
    return {QCoreApplication::translate("Checks", "Ignore %1 in this file").arg(rule),
            silencing(source, line, last, rule, comment, {place, place, {}})};
}

} // namespace cooperage::checks
