#pragma once

#include <QCommandLineParser>
#include <QStringList>

#include <optional>

namespace cooperage::cli {

/// The command line of one verb. Add options, then call `parse`.
class VerbParser : public QCommandLineParser
{
public:
    /// `synopsis` is what stands behind the verb: "IMAGE TAG"; `examples` whole command lines.
    VerbParser(const QString &verb, const QString &synopsis, const QString &description,
               const QStringList &examples);

    /// Settles the engine too (see `chooseEngine`) for the verbs that work with one.
    /// The exit code where there is nothing more to do: help was asked for, or something is wrong with the
    /// arguments (one line has then been printed). The number of words that are no options must be in the
    /// bounds.
    [[nodiscard]] std::optional<int> parse(const QStringList &arguments, qsizetype fewest, qsizetype most);

    /// A number of seconds above 0; prints what is wrong and returns nothing otherwise.
    [[nodiscard]] std::optional<int> seconds(const QString &option) const;

private:
    [[nodiscard]] QString help() const;

    QString m_verb;
    QString m_synopsis;
    QString m_description;
    QStringList m_examples;
};

} // namespace cooperage::cli
