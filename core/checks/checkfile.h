#pragma once

#include "core/checks/checkedline.h"
#include "core/checks/checksettings.h"
#include "core/dockerfile/tree.h"

#include <QSet>

#include <utility>

namespace cooperage::checks {

/// A stage, by the numbers of its lines.
struct CheckedStage
{
    QString name; ///< Lower case; empty if unnamed.
    qsizetype from = 0;
    QList<qsizetype> body;
    int base = -1;       ///< The stage that it continues; -1: an image, or nothing.
    QString baseName;    ///< What FROM names, variables replaced; empty where that is not known.
    bool reached = true; ///< The target needs it.
};

/// What the checks of a whole file look at. Lines with errors of their own are among `lines`, but in no
/// stage.
struct CheckFile
{
    const CheckSettings &settings;
    dockerfile::Directives directives;
    QList<const CheckedLine *> lines;
    QList<qsizetype> globalArgs;
    QHash<QString, QString> globals; ///< Global and platform ARGs that have a value.
    QSet<QString> globalNames;       ///< Those that are declared.
    QList<CheckedStage> stages;

    [[nodiscard]] const Instruction &instruction(qsizetype line) const { return lines[line]->instruction; }
};

/// Something found on a line. Its places are those of the instruction as it was read.
struct Finding
{
    qsizetype line = 0;
    Diagnostic diagnostic;
};

/// Takes what the rules find.
class Findings
{
public:
    /// `rule` gives the severity.
    void add(qsizetype line, const QString &rule, const SourceRange &range, const QString &message,
             const QList<Fix> &fixes = {}, const QString &detail = {});
    [[nodiscard]] QList<Finding> take() { return std::exchange(m_findings, {}); }

private:
    QList<Finding> m_findings;
};

/// Finds the stages, the global ARGs and which stage continues or needs which.
[[nodiscard]] CheckFile makeCheckFile(const CheckSettings &settings, const dockerfile::Directives &directives,
                                      const QList<const CheckedLine *> &lines);

// The checks that need more than one line. Each takes time proportional to the file.
void checkCasing(const CheckFile &file, Findings &findings);
void checkStageNames(const CheckFile &file, Findings &findings);
void checkBases(const CheckFile &file, Findings &findings);
void checkDescriptions(const CheckFile &file, Findings &findings);
void checkStageStyle(const CheckFile &file, Findings &findings);
/// What takes the values of variables: goes through each stage as the builder would.
void checkStates(const CheckFile &file, Findings &findings);

} // namespace cooperage::checks
