#pragma once

#include "core/dockerfile/checkerror.h"
#include "core/dockerfile/readinstruction.h"

#include <QHash>
#include <QStringList>

#include <memory>
#include <optional>

namespace cooperage::checks {

using dockerfile::Diagnostic;
using dockerfile::Fix;
using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::SourceRange;

/// What an instruction tells the checks that look at whole stages. It follows from its lines alone.
struct LineFacts
{
    QStringList skipped;         ///< Rules that the comments above switch off; "all" for every one.
    QStringList experimental;    ///< Rules that they switch on.
    QStringList globallyIgnored; ///< `# hadolint global ignore=`: for the whole file.
    bool isUpper = true;         ///< The keyword is written in upper case.
    bool isLower = false;
    bool hasVariables = false;              ///< There is a dollar sign in what the builder expands.
    int commandCount = 0;                   ///< RUN: commands in its text.
    std::optional<SourceRange> pipe{};      ///< RUN: the first pipe, where nothing sets pipefail.
    std::optional<SourceRange> aptUpdate{}; ///< RUN: lists are fetched and not removed.
    QList<SourceRange> cachingPips{};       ///< RUN: the word `install` of a pip that leaves its cache.
    /// The values of arguments that hold no variable, quotes removed, in the order of `words`, or of `pairs`
    /// (key, value, key...). Null where a variable has to be looked up.
    QStringList constants{};
};

/// An instruction with all that can be said of it without looking at the rest of the file.
struct CheckedLine
{
    Instruction instruction;
    QList<Diagnostic> syntax{}; ///< Syntax errors, as the parser reports them.
    bool broken = false;        ///< One of them ends all talk about this instruction.
    std::optional<dockerfile::CheckError> error{};
    QList<Diagnostic> diagnostics{};
    LineFacts facts{};

    [[nodiscard]] bool isUsable() const { return !broken && !error; }
};

/// Everything that follows from the lines of one instruction; `text` is the file that they stand in.
[[nodiscard]] std::shared_ptr<const CheckedLine>
checkLine(dockerfile::ReadInstruction read, const dockerfile::Directives &directives, const QString &text);

} // namespace cooperage::checks
