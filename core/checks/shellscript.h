#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <optional>

namespace cooperage::checks {

/// A word of a shell command: quotes removed, variables as written.
struct ShellWord
{
    QString text;
    qsizetype begin = 0; ///< Characters [begin, end) of the script.
    qsizetype end = 0;
};

/// A simple command: its assignments, its name and its arguments; redirections are left out.
struct ShellCommand
{
    QList<ShellWord> assignments;
    QList<ShellWord> words;

    [[nodiscard]] QString name() const { return words.isEmpty() ? QString() : words.first().text; }
    /// An argument of exactly that text; nullptr if there is none.
    [[nodiscard]] const ShellWord *argument(QStringView text) const;
    [[nodiscard]] bool has(QStringView text) const { return argument(text) != nullptr; }
};

/// The commands of a shell script, those in subshells and substitutions included, as far as they can be seen
/// without running it. A script that no shell would take gives what was understood of it.
struct ShellScript
{
    QList<ShellCommand> commands;
    std::optional<qsizetype> firstPipe; ///< Where the first `|` between two commands stands.

    [[nodiscard]] static ShellScript read(QStringView text);
};

} // namespace cooperage::checks
