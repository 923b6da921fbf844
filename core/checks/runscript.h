#pragma once

#include "core/checks/checkedline.h"
#include "core/checks/shellscript.h"

#include <functional>

namespace cooperage::checks {

/// The shell commands of a RUN: its text and its here-documents, or the one command of the JSON form.
struct RunScript
{
    QList<ShellCommand> commands; ///< Places are those in the source.
    std::optional<SourceRange> firstPipe{};

    [[nodiscard]] static RunScript of(const Instruction &run);
};

/// The source of a word.
[[nodiscard]] SourceRange rangeOf(const ShellWord &word);

// What the commands of a RUN do that they had better not.
void checkFolderChanges(const RunScript &script, QList<Diagnostic> &diagnostics);
void checkPackages(const Instruction &run, const RunScript &script, CheckedLine &line);
void checkPip(const Instruction &run, const RunScript &script, CheckedLine &line);

/// Whether a RUN has a mount of type cache or tmpfs whose target ends like that, or lies above it.
[[nodiscard]] bool mountsOver(const Instruction &run, QStringView folder);

} // namespace cooperage::checks
