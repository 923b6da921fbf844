#pragma once

#include "core/checks/scope.h"
#include "core/checks/suggestions.h"

namespace cooperage::checks {

/// What a stage has set up to one of its lines.
struct StageSoFar
{
    Scope scope{};
    bool baseKnown = true; ///< The variables of the base image are in the scope.
    bool workdirSet = false;
    bool shellSet = false;
};

/// Goes through a stage line by line and reports what depends on the values of variables and on the lines
/// before.
class StageWalker
{
public:
    StageWalker(const CheckFile &file, Suggestions &suggestions, Findings &findings);

    /// `before`: the state of the stage that this one continues, or of its base image.
    [[nodiscard]] StageSoFar walk(const CheckedStage &stage, StageSoFar before);

private:
    void visit();
    void applyArg();
    void applyEnv();
    void applyWorkdir();
    void checkExpose();
    void checkCopy();
    void checkCommand(qsizetype &earlier);
    void checkFlags();
    void checkHeredocs();
    void checkPips();
    void checkEngine();
    void reportDifference(const QString &name, const SourceRange &range);

    /// The value of argument `index` (see LineFacts::constants); undefined variables in it are reported.
    [[nodiscard]] QString value(qsizetype index, const dockerfile::Word &word);
    [[nodiscard]] QString expand(const dockerfile::Word &word, bool keepQuotes = false);
    /// BuildKit does not look at EXPOSE's.
    [[nodiscard]] bool reportsUndefined() const;
    void reportUndefined(const QSet<QString> &names, const dockerfile::Word &word);

    const CheckFile &m_file;
    Suggestions &m_suggestions;
    Findings &m_findings;
    StageSoFar m_state;
    dockerfile::VariableLookup m_lookup;
    QSet<QString> m_reportedDifferences;
    qsizetype m_line = 0;
    const CheckedLine *m_checked = nullptr;
    qsizetype m_cmd = -1; ///< The line of the stage's CMD so far.
    qsizetype m_entrypoint = -1;
    qsizetype m_healthcheck = -1;
};

} // namespace cooperage::checks
