#include "app/cli/verbparser.h"

#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

static const QString engineOption = u"engine"_s;

// The others are about engines themselves, and must work where the chosen one does not.
static bool usesEngine(const QString &verb)
{
    return verb != verb::engine && verb != verb::connections;
}

VerbParser::VerbParser(const QString &verb, const QString &synopsis, const QString &description,
                       const QStringList &examples)
    : m_verb(verb), m_synopsis(synopsis), m_description(description), m_examples(examples)
{
    addOption({{u"h"_s, u"help"_s}, QCoreApplication::translate("Cli", "Show this help.")});
    if (usesEngine(verb))
        addOption({engineOption,
                   QCoreApplication::translate("Cli", "Work with the connection <name>; see `cooperage "
                                                      "connections list`."),
                   u"name"_s});
}

QString VerbParser::help() const
{
    // Qt's text begins with a usage line that knows nothing of verbs.
    const QString generated = helpText();
    const QString options = generated.sliced(generated.indexOf(u'\n') + 1).trimmed();
    return QCoreApplication::translate("Cli",
                                       "Usage: cooperage %1 [options] %2\n\n%3\n\n%4\n\nExamples:\n  %5")
        .arg(m_verb, m_synopsis, m_description, options, m_examples.join(u"\n  "_s));
}

std::optional<int> VerbParser::parse(const QStringList &arguments, qsizetype fewest, qsizetype most)
{
    if (!QCommandLineParser::parse(QStringList{m_verb} + arguments))
        return usageError(m_verb, errorText());
    if (isSet(u"help"_s)) {
        print(help());
        return Success;
    }
    const qsizetype count = positionalArguments().size();
    if (count < fewest)
        return usageError(m_verb, QCoreApplication::translate("Cli", "something is missing: cooperage %1 %2")
                                      .arg(m_verb, m_synopsis));
    if (count > most)
        return usageError(m_verb, QCoreApplication::translate("Cli", "unexpected argument: %1")
                                      .arg(positionalArguments().at(most)));
    if (usesEngine(m_verb)) {
        if (const auto found = chooseEngine(value(engineOption)); !found)
            return fail(found.error());
    }
    return std::nullopt;
}

std::optional<int> VerbParser::seconds(const QString &option) const
{
    bool isNumber = false;
    const int result = value(option).toInt(&isNumber);
    if (isNumber && result > 0)
        return result;
    (void)usageError(m_verb,
                     QCoreApplication::translate("Cli", "--%1 wants a number of seconds").arg(option));
    return std::nullopt;
}

} // namespace cooperage::cli
