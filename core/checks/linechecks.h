#pragma once

#include "core/checks/checkedline.h"

namespace cooperage::checks {

/// `rule` gives the severity.
void addFinding(QList<Diagnostic> &diagnostics, const QString &rule, const SourceRange &range,
                const QString &message, const QList<Fix> &fixes = {}, const QString &detail = {});

// Checks that need nothing but the instruction.
void checkFromLine(const Instruction &from, QList<Diagnostic> &diagnostics);
void checkOldForms(const Instruction &instruction, QList<Diagnostic> &diagnostics);
void checkCommandForm(const Instruction &instruction, QList<Diagnostic> &diagnostics);
void checkCopyForm(const Instruction &copy, QList<Diagnostic> &diagnostics);
void checkSelfReference(const Instruction &env, QChar escape, QList<Diagnostic> &diagnostics);
void checkSecrets(const Instruction &instruction, QList<Diagnostic> &diagnostics);
/// `text` is the file's.
void checkBlankLines(const Instruction &instruction, const QString &text, QList<Diagnostic> &diagnostics);

/// `["a", "b"]` for a command of plain words; nullopt where a shell has something to do in it.
[[nodiscard]] std::optional<QString> jsonForm(const QString &command);

/// A fix of one edit.
[[nodiscard]] Fix replacement(const QString &title, const SourceRange &range, const QString &text);

/// Where `$name` or `${name` stands in the word, from the dollar sign on; the whole word where that cannot be
/// told.
[[nodiscard]] SourceRange variableRange(const dockerfile::Word &word, const QString &name);

/// The fix that puts the variable `meant` in the place of `name`; none where either is not known.
[[nodiscard]] QList<Fix> renamed(const SourceRange &range, const QString &name, const QString &meant);

} // namespace cooperage::checks
