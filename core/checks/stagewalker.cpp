#include "core/checks/stagewalker.h"

#include "core/checks/linechecks.h"
#include "core/dockerfile/goquote.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

using dockerfile::Word;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Checks", text);
}

StageWalker::StageWalker(const CheckFile &file, Suggestions &suggestions, Findings &findings)
    : m_file(file),
      m_suggestions(suggestions),
      m_findings(findings),
      m_lookup([this](const QString &name) { return m_state.scope.value(name); })
{
}

StageSoFar StageWalker::walk(const CheckedStage &stage, StageSoFar before)
{
    m_state = std::move(before);
    m_cmd = m_entrypoint = m_healthcheck = -1;
    m_reportedDifferences.clear();
    for (const qsizetype line : stage.body) {
        m_line = line;
        m_checked = m_file.lines[line];
        visit();
    }
    return std::move(m_state);
}

void StageWalker::visit()
{
    const Instruction &instruction = m_checked->instruction;
    const bool hasVariables = m_checked->facts.hasVariables;
    if (hasVariables)
        checkFlags();
    checkEngine();
    switch (instruction.keyword) {
    case Keyword::Arg:
        return applyArg();
    case Keyword::Env:
        return applyEnv();
    case Keyword::Label:
        for (qsizetype i = 0; hasVariables && i < instruction.pairs.size(); ++i) {
            (void)value(2 * i, instruction.pairs[i].key);
            (void)value(2 * i + 1, instruction.pairs[i].value);
        }
        return;
    case Keyword::Workdir:
        return applyWorkdir();
    case Keyword::Expose:
        return checkExpose();
    case Keyword::Copy:
    case Keyword::Add:
        if (hasVariables || m_file.settings.sources)
            checkCopy();
        return;
    case Keyword::User:
    case Keyword::Volume:
    case Keyword::Stopsignal:
        for (qsizetype i = 0; hasVariables && i < instruction.words.size(); ++i)
            (void)value(i, instruction.words[i]);
        return;
    case Keyword::Shell:
        m_state.shellSet = true;
        return;
    case Keyword::Cmd:
        return checkCommand(m_cmd);
    case Keyword::Entrypoint:
        return checkCommand(m_entrypoint);
    case Keyword::Healthcheck:
        return checkCommand(m_healthcheck);
    case Keyword::Run:
        return checkPips();
    default:
        return;
    }
}

QString StageWalker::value(qsizetype index, const Word &word)
{
    const QString known = m_checked->facts.constants.value(index);
    return known.isNull() ? expand(word) : known;
}

/// The name in a word that is nothing but `$NAME`, as most are; empty for any other.
static QString onlyVariable(const QString &text)
{
    const auto isNamePart = [](QChar c) { return c == u'_' || (c < u'\x80' && c.isLetterOrNumber()); };
    const bool only = text.size() > 1 && text[0] == u'$' && !text[1].isDigit() &&
                      std::all_of(text.begin() + 1, text.end(), isNamePart);
    return only ? text.sliced(1) : QString();
}

QString StageWalker::expand(const Word &word, bool keepQuotes)
{
    if (const QString name = onlyVariable(word.text); !name.isEmpty()) {
        if (const auto known = m_state.scope.value(name))
            return *known;
    }
    const QChar escape = keepQuotes ? QChar(u'\\') : m_file.directives.escape;
    const auto result = dockerfile::expand(word.text, m_lookup, {.escape = escape, .keepQuotes = keepQuotes});
    if (!result)
        return {};
    if (!result->unmatched.isEmpty() && reportsUndefined())
        reportUndefined(result->unmatched, word);
    return result->text;
}

bool StageWalker::reportsUndefined() const
{
    return m_checked->instruction.keyword != Keyword::Expose;
}

void StageWalker::reportUndefined(const QSet<QString> &names, const Word &word)
{
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    for (const QString &name : std::as_const(sorted)) {
        if (m_state.scope.isDeclaredArg(name) || name.startsWith("BUILDKIT_SBOM_SCAN_"_L1))
            continue;
        const QString meant =
            m_suggestions.nearest(name, m_state.scope.size(), [this] { return m_state.scope.names(); });
        // A base image of which nothing is known may well set it, unless it is almost a name that is known.
        if (!m_state.baseKnown && meant.isEmpty())
            continue;
        const SourceRange range = variableRange(word, name);
        const QList<Fix> fixes = renamed(range, name, meant);
        m_findings.add(m_line, u"UndefinedVar"_s, range,
                       u"Usage of undefined variable '$%1'"_s.arg(name) +
                           (meant.isEmpty() ? QString() : u" (did you mean $%1?)"_s.arg(meant)),
                       fixes);
    }
}

void StageWalker::applyArg()
{
    const QList<Word> &words = m_checked->instruction.words;
    for (const Word &word : words) {
        const qsizetype equals = word.text.indexOf(u'=');
        const QString name = equals < 0 ? word.text : word.text.first(equals);
        std::optional<QString> defaultValue;
        if (equals >= 0 && !m_state.scope.isGiven(name)) {
            const SourceRange range{std::min(word.range.begin + equals + 1, word.range.end), word.range.end,
                                    word.range.firstLine, word.range.lastLine};
            defaultValue = expand({word.text.sliced(equals + 1), range});
        }
        m_state.scope.declareArg(name, defaultValue);
        reportDifference(name, word.range);
    }
}

void StageWalker::applyEnv()
{
    const QList<dockerfile::KeyValue> &pairs = m_checked->instruction.pairs;
    QList<std::pair<QString, QString>> values; // All see the state before the instruction (spec 2.4).
    values.reserve(pairs.size());
    for (qsizetype i = 0; i < pairs.size(); ++i)
        values.emplaceBack(value(2 * i, pairs[i].key), value(2 * i + 1, pairs[i].value));
    for (qsizetype i = 0; i < values.size(); ++i) {
        m_state.scope.setEnv(values[i].first, values[i].second);
        reportDifference(values[i].first, pairs[i].key.range);
    }
}

void StageWalker::reportDifference(const QString &name, const SourceRange &range)
{
    if (!m_state.scope.mayDiffer() || !m_state.scope.differs(name) || m_reportedDifferences.contains(name))
        return;
    m_reportedDifferences.insert(name);
    m_findings.add(m_line, u"VariableOrder"_s, range,
                   m_checked->instruction.keyword == Keyword::Env
                       ? tr("Docker gives %1 the value of this ENV from here on; here the --build-arg stays "
                            "in force")
                             .arg(name)
                       : tr("Docker gives %1 the value of this ARG from here on; here the ENV above stays in "
                            "force")
                             .arg(name));
}

void StageWalker::applyWorkdir()
{
    const Word &word = m_checked->instruction.words.first();
    const QString path = value(0, word);
    if (!m_state.workdirSet && !path.startsWith(u'/')) {
        QList<Fix> fixes;
        if (!path.isEmpty() && path == word.text)
            fixes.append({tr("Write /%1").arg(path), {{word.range.begin, word.range.begin, u"/"_s}}});
        m_findings.add(m_line, u"WorkdirRelativePath"_s, word.range,
                       u"Relative workdir %1 can have unexpected results if the base image changes"_s.arg(
                           dockerfile::goQuoted(path)),
                       fixes);
    }
    m_state.workdirSet = true;
}

void StageWalker::checkCommand(qsizetype &earlier)
{
    const Instruction &instruction = m_checked->instruction;
    if (earlier >= 0)
        m_findings.add(earlier, u"MultipleInstructionsDisallowed"_s, m_file.instruction(earlier).keywordRange,
                       u"Multiple %1 instructions should not be used in the same stage because only the last "
                       u"one will be used"_s.arg(instruction.keywordText));
    earlier = m_line;
    if (instruction.keyword == Keyword::Healthcheck || instruction.isJson() || m_state.shellSet)
        return;
    QList<Fix> fixes;
    const bool empty = instruction.words.isEmpty();
    const SourceRange range = empty ? instruction.keywordRange : instruction.words.first().range;
    if (const auto json = empty ? std::nullopt : jsonForm(instruction.words.first().text))
        fixes.append(replacement(tr("Write a JSON array"), range, *json));
    m_findings.add(
        m_line, u"JSONArgsRecommended"_s, range,
        u"JSON arguments recommended for %1 to prevent unintended behavior related to OS signals"_s.arg(
            instruction.keywordText),
        fixes);
}

/// Flags in whose values variables are replaced (spec 2.1).
void StageWalker::checkFlags()
{
    for (const dockerfile::Flag &flag : m_checked->instruction.flags) {
        if (!flag.value || !flag.value->contains(u'$'))
            continue;
        const bool isMount = flag.name == "mount"_L1 && !flag.value->contains("from=$"_L1);
        if (isMount || flag.name == "chown"_L1 || flag.name == "chmod"_L1 || flag.name == "checksum"_L1)
            (void)expand({*flag.value, flag.range});
    }
}

void StageWalker::checkHeredocs()
{
    for (const dockerfile::Heredoc &heredoc : m_checked->instruction.heredocs) {
        if (heredoc.expand)
            (void)expand({heredoc.body, heredoc.bodyRange}, true);
    }
}

void StageWalker::checkPips()
{
    if (m_checked->facts.cachingPips.isEmpty())
        return;
    const QString off = m_state.scope.value(u"PIP_NO_CACHE_DIR"_s).value_or(QString()).toLower();
    const bool switchedOff =
        !off.isEmpty() && !QStringList{u"0"_s, u"false"_s, u"off"_s, u"no"_s}.contains(off);
    if (switchedOff)
        return;
    for (const SourceRange &install : m_checked->facts.cachingPips)
        m_findings.add(m_line, u"DL3042"_s, install, tr("pip keeps what it fetched in the layer"),
                       {{tr("Add --no-cache-dir"), {{install.end, install.end, u" --no-cache-dir"_s}}}});
}

void StageWalker::checkEngine()
{
    if (!m_file.settings.engine)
        return;
    const auto remark = m_file.settings.engine(m_checked->instruction);
    if (remark)
        m_findings.add(m_line, remark->cannot ? u"EngineCannot"_s : u"EngineSkips"_s,
                       m_checked->instruction.keywordRange, remark->message, {}, remark->next);
}

} // namespace cooperage::checks
