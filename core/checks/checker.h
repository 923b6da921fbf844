#pragma once

#include "core/checks/checksettings.h"

#include <QList>

#include <memory>

namespace cooperage::checks {

struct CheckResult
{
    /// Syntax errors and findings, in the order of the text.
    QList<dockerfile::Diagnostic> diagnostics;
    /// BuildKit's rules that were violated although the file says `error=true`: BuildKit refuses to build.
    QStringList fatalRules;

    [[nodiscard]] bool hasErrors() const;
};

/// Checks a Dockerfile's text, and checks it again quickly after each change.
///
/// What follows from the lines of an instruction alone (its parse, its findings, the shell commands in it,
/// the values without variables) is kept with those lines. At the next check all lines before the first
/// changed character keep theirs, and so do all behind the last one, only moved: no place in them is touched
/// until it is told. Only what is between is read anew, up to where an instruction begins on an old boundary.
/// What depends on several lines (stages, variables, case) is computed anew from those facts, in one pass.
class Checker
{
public:
    explicit Checker(CheckSettings settings = {});
    ~Checker();

    void setSettings(CheckSettings settings);
    [[nodiscard]] CheckResult check(const QString &text);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A text with the edits of a fix made.
[[nodiscard]] QString applied(const QString &text, const dockerfile::Fix &fix);

/// Edits that silence a rule for the instruction at `position`, or for the whole file: they add it to a
/// `# check=skip=` (`# hadolint ignore=` for hadolint's), or write one. The rule must be a known one.
[[nodiscard]] dockerfile::Fix ignoreHere(const QString &text, const QString &rule, qsizetype position);
[[nodiscard]] dockerfile::Fix ignoreInFile(const QString &text, const QString &rule);

} // namespace cooperage::checks
