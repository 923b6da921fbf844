#include "core/checks/linechecks.h"
#include "core/checks/stagewalker.h"
#include "core/dockerfile/goquote.h"
#include "core/dockerfile/heredoc.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

// COPY, ADD and EXPOSE, whose arguments are looked at with their variables replaced.
namespace cooperage::checks {

using dockerfile::Word;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

static QString withoutHost(const QString &port)
{
    const qsizetype bracket = port.lastIndexOf(u']');
    return port.sliced(port.lastIndexOf(u':') + 1 > bracket ? port.lastIndexOf(u':') + 1 : 0);
}

void StageWalker::checkExpose()
{
    const QList<Word> &words = m_checked->instruction.words;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const Word &word = words[i];
        for (const QString &port : value(i, word).split(u' ', Qt::SkipEmptyParts)) {
            const bool asWritten = port == word.text;
            const QString protocol = port.contains(u'/') ? port.section(u'/', 1) : QString();
            if (protocol != protocol.toLower())
                m_findings.add(m_line, u"ExposeProtoCasing"_s, word.range,
                               u"Defined protocol '%1' in EXPOSE instruction should be lowercase"_s.arg(port),
                               asWritten ? QList<Fix>{replacement(tr("Change to lower case"), word.range,
                                                                  port.toLower())}
                                         : QList<Fix>());
            const QString bare = withoutHost(port);
            const QStringView host = QStringView(port).chopped(bare.size());
            if (std::ranges::all_of(host, [](QChar c) { return c == u':'; }))
                continue;
            m_findings.add(
                m_line, u"ExposeInvalidFormat"_s, word.range,
                u"EXPOSE instruction should not define an IP address or host-port mapping, found '%1'"_s.arg(
                    port),
                asWritten ? QList<Fix>{replacement(tr("Write %1").arg(bare), word.range, bare)}
                          : QList<Fix>());
        }
    }
}

static QString ruleText(const context::IgnoreRule &rule)
{
    return rule.line > 0 ? tr("%1, line %2: %3").arg(rule.source).arg(rule.line).arg(rule.pattern)
                         : tr("built-in: %1").arg(rule.pattern);
}

static bool isPath(const QString &source)
{
    return !source.isEmpty() && !source.contains("://"_L1) && !source.startsWith("git@"_L1);
}

void StageWalker::checkCopy()
{
    const Instruction &copy = m_checked->instruction;
    checkHeredocs();
    for (qsizetype i = 0; i < copy.words.size(); ++i) {
        const Word &word = copy.words[i];
        if (dockerfile::heredocOf(word.text))
            continue;
        const QString source = value(i, word);
        const bool isSource = i + 1 < copy.words.size() && isPath(source) && !copy.flag(u"from");
        if (!isSource || !m_file.settings.sources)
            continue;
        if (const auto rule = m_file.settings.sources->ignoring(source))
            m_findings.add(
                m_line, u"CopyIgnoredFile"_s, word.range,
                u"Attempting to %1 file %2 that is excluded by .dockerignore"_s.arg(
                    copy.keyword == Keyword::Add ? u"Add"_s : u"Copy"_s, dockerfile::goQuoted(source)),
                {}, ruleText(*rule));
        const auto trouble = m_file.settings.sources->troubleOf(source);
        if (!trouble)
            continue;
        const QString &similar = trouble->similar;
        switch (trouble->kind) {
        case SourceTrouble::Kind::Missing:
            m_findings.add(m_line, u"CopySourceMissing"_s, word.range,
                           tr("\"%1\" is not in the build context").arg(source) +
                               (similar.isEmpty() ? QString() : tr(" (did you mean %1?)").arg(similar)),
                           similar.isEmpty() || word.text != source
                               ? QList<Fix>()
                               : QList<Fix>{replacement(tr("Write %1").arg(similar), word.range, similar)},
                           tr("Paths are relative to the folder that is given to the build."));
            break;
        case SourceTrouble::Kind::Ignored:
            m_findings.add(m_line, u"CopySourceIgnored"_s, word.range,
                           tr("\"%1\" is excluded from the build context").arg(source), {},
                           ruleText(trouble->rule));
            break;
        case SourceTrouble::Kind::BuiltIn:
            m_findings.add(
                m_line, u"CopySourceExcluded"_s, word.range,
                tr("\"%1\" is left out by the built-in rule %2").arg(source, trouble->rule.pattern), {},
                tr("Add !%1 to .dockerignore, or build with --no-default-excludes.").arg(source));
            break;
        }
    }
}

static StageSoFar stateOfBase(const CheckFile &file, const CheckedStage &stage)
{
    static const QString path = u"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"_s;
    StageSoFar state{.scope = Scope(file)};
    const bool isScratch = stage.baseName == "scratch"_L1;
    const std::optional<KnownImage> image =
        isScratch || !file.settings.image ? std::nullopt : file.settings.image(stage.baseName);
    state.baseKnown = isScratch || image;
    if (image) {
        state.shellSet = image->hasShell;
        for (const QString &assignment : image->env)
            state.scope.setEnv(assignment.section(u'=', 0, 0), assignment.section(u'=', 1));
    }
    if (!state.scope.value(u"PATH"_s))
        state.scope.setEnv(u"PATH"_s, path);
    return state;
}

void checkStates(const CheckFile &file, Findings &findings)
{
    QSet<int> continued; // Only their states have to be kept.
    for (const CheckedStage &stage : file.stages)
        continued.insert(stage.base);
    QHash<int, StageSoFar> states;
    Suggestions suggestions;
    StageWalker walker(file, suggestions, findings);
    for (int i = 0; i < file.stages.size(); ++i) {
        const CheckedStage &stage = file.stages[i];
        if (!stage.reached)
            continue;
        StageSoFar before = stage.base >= 0 ? states.value(stage.base) : stateOfBase(file, stage);
        StageSoFar after = walker.walk(stage, std::move(before));
        if (continued.contains(i))
            states.insert(i, std::move(after));
    }
}

} // namespace cooperage::checks
