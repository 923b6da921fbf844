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

// `cooperage find`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static QString pathLines(const engine::FindOutcome &outcome)
{
    QStringList lines;
    for (const engine::FoundFile &file : outcome.files)
        lines.append(printable(file.path));
    return lines.join(u'\n');
}

static QString findJson(const engine::FindOutcome &outcome)
{
    QJsonArray files;
    for (const engine::FoundFile &file : outcome.files)
        files.append(QJsonObject{
            {u"path"_s, file.path}, {u"size"_s, file.size}, {u"mode"_s, static_cast<qint64>(file.mode)}});
    const QJsonObject object{{u"files"_s, files}, {u"truncated"_s, outcome.truncated}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

static Result<engine::FindOutcome> findIn(engine::Engine &engine, const QString &name,
                                          engine::FindRequest request)
{
    const auto image = await(engine.resolve(name, interrupted()));
    if (!image)
        return std::unexpected(image.error());
    request.image = image->uuid;
    return await(engine.find(request, interrupted()));
}

int runFind(const QStringList &arguments)
{
    VerbParser parser(
        verb::find, u"IMAGE PATTERN [PATH]"_s,
        Texts::tr("Searches an image for files by name: a part of the name, or a glob of all of "
                  "it; with a slash, of the path. Upper and lower case are the same. The exit "
                  "code is 1 if nothing is found."),
        {u"cooperage find debian:13 passwd /etc"_s, u"cooperage find myapp:1.0 '*.pyc'"_s,
         u"cooperage find myapp:1.0 '/usr/lib/*.so' --format json"_s});
    parser.addOptions({{{u"s"_s, u"case-sensitive"_s}, Texts::tr("Upper and lower case differ.")},
                       {u"limit"_s, Texts::tr("At most <count> paths."), u"count"_s, QString::number(10'000)},
                       {u"format"_s, Texts::tr("text or json."), u"format"_s, u"text"_s}});
    if (const auto done = parser.parse(arguments, 2, 3))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "text"_L1 && format != "json"_L1)
        return usageError(verb::find, Texts::tr("there is no format \"%1\"").arg(format));
    const int limit = parser.value(u"limit"_s).toInt();
    if (limit <= 0)
        return usageError(verb::find, Texts::tr("--limit must be a number above 0"));
    const QStringList words = parser.positionalArguments();
    const auto engine = openEngine();
    const auto outcome = findIn(*engine, words[0],
                                {.image = {},
                                 .path = absoluteImagePath(words.value(2)),
                                 .pattern = words[1],
                                 .caseSensitive = parser.isSet(u"case-sensitive"_s),
                                 .limit = limit});
    if (!outcome)
        return fail(outcome.error());
    if (format == "json"_L1)
        print(findJson(*outcome));
    else if (!outcome->files.isEmpty())
        print(pathLines(*outcome));
    if (outcome->truncated)
        printError(Texts::tr("cooperage: only the first %1 paths are shown; see --limit")
                       .arg(outcome->files.size()));
    return outcome->files.isEmpty() ? Failure : Success;
}

} // namespace cooperage::cli
