#include "core/checks/linechecks.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/goquote.h"
#include "core/dockerfile/heredoc.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

// How single instructions are written.
namespace cooperage::checks {

using dockerfile::Word;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

static bool isLower(const QString &text)
{
    return text == text.toLower();
}

/// The flag and the white space behind it gone.
static Fix withoutFlag(const Instruction &instruction, const dockerfile::Flag &flag)
{
    const bool last = &flag == &instruction.flags.last();
    const qsizetype next = last ? instruction.words.first().range.begin : (&flag + 1)->range.begin;
    return {tr("Remove the flag"), {{flag.range.begin, next, {}}}};
}

static void checkPlatform(const Instruction &from, const dockerfile::Flag &flag,
                          QList<Diagnostic> &diagnostics)
{
    const QString &value = *flag.value;
    if (value == "$TARGETPLATFORM"_L1 || value == "${TARGETPLATFORM}"_L1)
        addFinding(
            diagnostics, u"RedundantTargetPlatform"_s, flag.range,
            u"Setting platform to predefined %1 in FROM is redundant as this is the default behavior"_s.arg(
                value),
            {withoutFlag(from, flag)});
}

void checkFromLine(const Instruction &from, QList<Diagnostic> &diagnostics)
{
    for (const dockerfile::Flag &flag : from.flags) {
        if (flag.name == "platform"_L1 && flag.value)
            checkPlatform(from, flag, diagnostics);
    }
    if (from.words.size() != 3)
        return;
    const Word &as = from.words[1];
    const Word &name = from.words[2];
    if (!isLower(name.text))
        addFinding(diagnostics, u"StageNameCasing"_s, name.range,
                   u"Stage name '%1' should be lowercase"_s.arg(name.text),
                   {replacement(tr("Change to lower case"), name.range, name.text.toLower())});
    const QString &keyword = from.keywordText;
    const bool lower = isLower(keyword);
    const QString wanted = lower ? as.text.toLower() : as.text.toUpper();
    if ((lower || keyword == keyword.toUpper()) && as.text != wanted)
        addFinding(diagnostics, u"FromAsCasing"_s, as.range,
                   u"'%1' and '%2' keywords' casing do not match"_s.arg(as.text, keyword),
                   {replacement(tr("Write %1").arg(wanted), as.range, wanted)});
    const QString stage = name.text.toLower();
    if (stage == "scratch"_L1 || stage == "context"_L1)
        addFinding(diagnostics, u"ReservedStageName"_s, name.range,
                   u"Stage name should not use the same name as reserved stage "_s +
                       dockerfile::goQuoted(stage));
}

/// `key value` as `key=value`, in quotes where it has to be; nothing where that is not simply the same.
static QList<Fix> asPair(const dockerfile::KeyValue &pair)
{
    const QString &value = pair.value.text;
    if (value.contains(u'"') || value.contains(u'\\') || value.contains(u'\''))
        return {};
    const bool spaced = std::ranges::any_of(value, [](QChar c) { return c.isSpace(); });
    const QString written = spaced ? u'"' + value + u'"' : value;
    return {Fix{tr("Write an equals sign"), {{pair.key.range.end, pair.value.range.end, u'=' + written}}}};
}

void checkOldForms(const Instruction &instruction, QList<Diagnostic> &diagnostics)
{
    if (instruction.keyword == Keyword::Maintainer) {
        const QString name = instruction.words.value(0).text;
        const QString label = u"LABEL org.opencontainers.image.authors="_s + dockerfile::goQuoted(name);
        const SourceRange all{instruction.keywordRange.begin, instruction.range.end, 0, 0};
        addFinding(diagnostics, u"MaintainerDeprecated"_s, instruction.keywordRange,
                   u"Maintainer instruction is deprecated in favor of using label"_s,
                   {replacement(tr("Write a label"), all, label)});
    }
    const bool hasPairs = instruction.keyword == Keyword::Env || instruction.keyword == Keyword::Label;
    if (hasPairs && !instruction.pairs.isEmpty() && instruction.pairs.first().separator.isEmpty()) {
        const dockerfile::KeyValue &pair = instruction.pairs.first();
        addFinding(diagnostics, u"LegacyKeyValueFormat"_s,
                   {pair.key.range.begin, std::max(pair.key.range.end, pair.value.range.end),
                    pair.key.range.firstLine, pair.value.range.lastLine},
                   u"\"%1 key=value\" should be used instead of legacy \"%1 key value\" format"_s.arg(
                       instruction.keywordText),
                   asPair(pair));
    }
}

std::optional<QString> jsonForm(const QString &command)
{
    static const QString special = u"$&|;<>()[]{}*?~#!\"'\\`=\n"_s;
    if (command.isEmpty() || std::ranges::any_of(command, [](QChar c) { return special.contains(c); }))
        return std::nullopt;
    QStringList words;
    for (const QString &word : command.split(u' ', Qt::SkipEmptyParts))
        words.append(u'"' + word + u'"');
    return u'[' + words.join(u", "_s) + u']';
}

void checkCommandForm(const Instruction &instruction, QList<Diagnostic> &diagnostics)
{
    const bool health = instruction.keyword == Keyword::Healthcheck;
    const qsizetype first = health ? 1 : 0;
    if (instruction.isJson() || instruction.words.size() <= first)
        return;
    if (health && instruction.words.first().text.compare("cmd"_L1, Qt::CaseInsensitive) != 0)
        return;
    const Word &command = instruction.words[first];
    QList<Fix> fixes;
    if (const auto json = jsonForm(command.text))
        fixes.append(replacement(tr("Write a JSON array"), command.range, *json));
    addFinding(diagnostics, u"DL3025"_s, command.range,
               tr("The command runs through a shell; a JSON array runs it directly"), fixes);
}

static bool isArchiveName(const QString &name)
{
    static const QStringList endings{u".tar"_s,  u".gz"_s,  u".bz2"_s,  u".xz"_s,  u".zip"_s,  u".tgz"_s,
                                     u".tb2"_s,  u".tbz"_s, u".tbz2"_s, u".txz"_s, u".tlz"_s,  u".lz"_s,
                                     u".lzma"_s, u".Z"_s,   u".tZ"_s,   u".zst"_s, u".tzst"_s, u".tpz"_s};
    return std::ranges::any_of(endings, [&](const QString &ending) { return name.endsWith(ending); });
}

static bool isRemote(const QString &source)
{
    return source.contains("://"_L1) || source.startsWith("git@"_L1);
}

void checkCopyForm(const Instruction &copy, QList<Diagnostic> &diagnostics)
{
    const QList<Word> sources = copy.words.first(copy.words.size() - 1);
    const Word &destination = copy.words.last();
    const auto isPlain = [](const Word &source) {
        return !isRemote(source.text) && !isArchiveName(source.text) && !source.text.contains(u'$') &&
               !dockerfile::heredocOf(source.text);
    };
    if (copy.keyword == Keyword::Add) {
        if (const auto plain = std::ranges::find_if(sources, isPlain); plain != sources.end())
            addFinding(diagnostics, u"DL3020"_s, copy.keywordRange,
                       tr("COPY does for \"%1\"; ADD is for archives and addresses").arg(plain->text),
                       std::ranges::all_of(sources, isPlain) && copy.flags.isEmpty()
                           ? QList<Fix>{replacement(tr("Write COPY"), copy.keywordRange, u"COPY"_s)}
                           : QList<Fix>());
        return;
    }
    const bool isFolder = destination.text.endsWith(u'/') || destination.text == "."_L1 ||
                          destination.text == ".."_L1 || destination.text.contains(u'$');
    if (sources.size() > 1 && !isFolder)
        addFinding(diagnostics, u"DL3021"_s, destination.range,
                   tr("Several sources need a folder: end the destination with /"),
                   copy.isJson()
                       ? QList<Fix>()
                       : QList<Fix>{replacement(tr("Add /"), destination.range, destination.text + u'/')});
}

void checkSelfReference(const Instruction &env, QChar escape, QList<Diagnostic> &diagnostics)
{
    QSet<QString> names;
    for (const dockerfile::KeyValue &pair : env.pairs)
        names.insert(pair.key.text);
    for (const dockerfile::KeyValue &pair : env.pairs) {
        if (!pair.value.text.contains(u'$') || env.pairs.size() < 2)
            continue;
        const auto expansion = dockerfile::expand(pair.value.text, {}, {.escape = escape});
        if (!expansion)
            continue;
        for (const QString &used : expansion->unmatched) {
            // `PATH=$PATH:/x` adds to the value from before, which is meant.
            if (names.contains(used) && used != pair.key.text)
                addFinding(
                    diagnostics, u"DL3044"_s, variableRange(pair.value, used),
                    tr("$%1 has its value from before this ENV here; set it in an ENV of its own above")
                        .arg(used));
        }
    }
}

void checkBlankLines(const Instruction &instruction, const QString &text, QList<Diagnostic> &diagnostics)
{
    Fix fix{tr("Remove the blank lines"), {}};
    SourceRange first{};
    // The last line of the instruction may be blank itself; here-documents are no part of the matter.
    const qsizetype end = instruction.heredocs.isEmpty() ? instruction.range.end + 1
                                                         : instruction.heredocs.first().bodyRange.begin;
    qsizetype begin = text.indexOf(u'\n', instruction.range.begin) + 1;
    while (begin > 0 && begin < end) {
        const qsizetype feed = text.indexOf(u'\n', begin);
        const qsizetype next = feed < 0 ? text.size() : feed + 1;
        if (QStringView(text).sliced(begin, next - begin).trimmed().isEmpty()) {
            if (fix.edits.isEmpty())
                first = {begin, next, 0, 0};
            fix.edits.append({begin, next, {}});
        }
        begin = feed < 0 ? 0 : next;
    }
    addFinding(diagnostics, u"NoEmptyContinuation"_s, first, u"Empty continuation line"_s, {fix});
}

} // namespace cooperage::checks
