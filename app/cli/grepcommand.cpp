#include "app/cli/cli.h"
#include "app/cli/imagecopy.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

// `cooperage grep`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static QString matchLines(const QList<engine::GrepLine> &matches)
{
    QStringList lines;
    for (const engine::GrepLine &match : matches) {
        const QChar mark = match.isContext ? u'-' : u':';
        lines.append(u'/' + printable(match.path) + mark + QString::number(match.number) + mark +
                     printable(match.text));
    }
    return lines.join(u'\n');
}

static QString matchJson(const engine::GrepOutcome &outcome)
{
    QJsonArray matches;
    for (const engine::GrepLine &match : outcome.lines)
        matches.append(QJsonObject{{u"path"_s, QString(u'/' + match.path)},
                                   {u"line"_s, match.number},
                                   {u"text"_s, match.text},
                                   {u"context"_s, match.isContext}});
    const QJsonObject object{{u"matches"_s, matches}, {u"truncated"_s, outcome.truncated}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

static void addOptions(VerbParser &parser)
{
    parser.addOptions(
        {{{u"i"_s, u"ignore-case"_s}, Texts::tr("Upper and lower case are the same.")},
         {{u"S"_s, u"smart-case"_s}, Texts::tr("The same unless the pattern has upper case.")},
         {{u"e"_s, u"regexp"_s}, Texts::tr("A further pattern."), u"pattern"_s},
         {{u"g"_s, u"glob"_s}, Texts::tr("Only files that match <glob>."), u"glob"_s},
         {{u"A"_s, u"after"_s}, Texts::tr("<count> lines after each match."), u"count"_s, u"0"_s},
         {{u"B"_s, u"before"_s}, Texts::tr("<count> lines before each match."), u"count"_s, u"0"_s},
         {{u"m"_s, u"max-count"_s}, Texts::tr("At most <count> lines of a file."), u"count"_s, u"0"_s},
         {u"format"_s, Texts::tr("text or json."), u"format"_s, u"text"_s}});
}

static engine::GrepRequest requestOf(const VerbParser &parser)
{
    using Case = engine::GrepRequest::Case;
    engine::GrepRequest request;
    request.patterns = parser.values(u"regexp"_s);
    request.globs = parser.values(u"glob"_s);
    const QStringList words = parser.positionalArguments();
    request.patterns.prepend(words[1]);
    for (const QString &path : words.sliced(2))
        request.paths.append(absoluteImagePath(path));
    request.caseMode = parser.isSet(u"i"_s)   ? Case::Insensitive
                       : parser.isSet(u"S"_s) ? Case::Smart
                                              : Case::Sensitive;
    request.before = parser.value(u"before"_s).toInt();
    request.after = parser.value(u"after"_s).toInt();
    request.maxPerFile = parser.value(u"max-count"_s).toInt();
    return request;
}

int runGrep(const QStringList &arguments)
{
    VerbParser parser(verb::grep, u"IMAGE PATTERN [PATH...]"_s,
                      Texts::tr("Searches the files of an image for a regular expression. The exit code is 1 "
                                "if nothing matches."),
                      {u"cooperage grep debian:13 '^root' /etc/passwd"_s,
                       u"cooperage grep myapp:1.0 -i todo /app -g '*.py' -A 2"_s});
    addOptions(parser);
    if (const auto done = parser.parse(arguments, 2, 100))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "text"_L1 && format != "json"_L1)
        return usageError(verb::grep, Texts::tr("there is no format \"%1\"").arg(format));
    const auto engine = openEngine();
    const auto image = await(engine->resolve(parser.positionalArguments().first(), interrupted()));
    if (!image)
        return fail(image.error());
    engine::GrepRequest request = requestOf(parser);
    request.image = image->uuid;
    const auto outcome = await(engine->grep(request, interrupted()));
    if (!outcome)
        return fail(outcome.error());
    if (format == "json"_L1)
        print(matchJson(*outcome));
    else if (!outcome->lines.isEmpty())
        print(matchLines(outcome->lines));
    if (outcome->truncated)
        printError(Texts::tr("cooperage: not every match is shown; search in fewer files"));
    return outcome->lines.isEmpty() ? Failure : Success;
}

} // namespace cooperage::cli
