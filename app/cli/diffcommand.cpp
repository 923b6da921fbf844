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

// `cooperage diff`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

using Kind = engine::ImageChange::Kind;

static constexpr int defaultLimit = 10'000;

// The letters that `docker diff` uses.
static QString changeLines(const engine::ImageDiff &diff)
{
    QStringList lines;
    for (const engine::ImageChange &change : diff.changes) {
        const QChar letter = change.kind == Kind::Added ? u'A' : change.kind == Kind::Removed ? u'D' : u'C';
        lines.append(letter + u' ' + printable(change.path));
    }
    return lines.join(u'\n');
}

static QJsonObject changeJson(const engine::ImageChange &change)
{
    QJsonObject object{{u"path"_s, change.path}};
    if (change.kind != Kind::Removed) {
        object[u"size"_s] = change.size;
        object[u"mode"_s] = static_cast<qint64>(change.mode);
    }
    if (change.kind != Kind::Added) {
        object[u"base_size"_s] = change.baseSize;
        object[u"base_mode"_s] = static_cast<qint64>(change.baseMode);
    }
    if (change.kind == Kind::Changed)
        object[u"content"_s] = change.content;
    object[u"change"_s] = change.kind == Kind::Added     ? u"added"_s
                          : change.kind == Kind::Removed ? u"removed"_s
                                                         : u"changed"_s;
    return object;
}

static QString diffJson(const engine::ImageDiff &diff)
{
    QJsonArray changes;
    for (const engine::ImageChange &change : diff.changes)
        changes.append(changeJson(change));
    const QJsonObject object{{u"changes"_s, changes},
                             {u"added"_s, diff.added},
                             {u"changed"_s, diff.changed},
                             {u"removed"_s, diff.removed},
                             {u"truncated"_s, diff.truncated}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

static Result<engine::ImageDiff> compare(engine::Engine &engine, const QStringList &names,
                                         const QString &path, int limit)
{
    QStringList uuids;
    for (const QString &name : names) {
        const auto image = await(engine.resolve(name, interrupted()));
        if (!image)
            return std::unexpected(image.error());
        uuids.append(image->uuid);
    }
    return await(engine.diff(uuids[0], uuids.value(1), path, limit, interrupted()));
}

int runDiff(const QStringList &arguments)
{
    VerbParser parser(
        verb::diff, u"IMAGE [BASE]"_s,
        Texts::tr("Lists the paths in which an image differs from another one (without it: from "
                  "an empty file system): A added, C changed, D removed."),
        {u"cooperage diff myapp:1.1 myapp:1.0"_s,
         u"cooperage diff myapp:1.0 debian:13 --path /etc --format json"_s});
    parser.addOptions(
        {{u"path"_s, Texts::tr("Only what is below <folder>."), u"folder"_s, u"/"_s},
         {u"limit"_s, Texts::tr("At most <count> paths."), u"count"_s, QString::number(defaultLimit)},
         {u"format"_s, Texts::tr("text or json."), u"format"_s, u"text"_s}});
    if (const auto done = parser.parse(arguments, 1, 2))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "text"_L1 && format != "json"_L1)
        return usageError(verb::diff, Texts::tr("there is no format \"%1\"").arg(format));
    const int limit = parser.value(u"limit"_s).toInt();
    if (limit <= 0)
        return usageError(verb::diff, Texts::tr("--limit must be a number above 0"));
    const auto engine = openEngine();
    const auto diff =
        compare(*engine, parser.positionalArguments(), absoluteImagePath(parser.value(u"path"_s)), limit);
    if (!diff)
        return fail(diff.error());
    if (format == "json"_L1)
        print(diffJson(*diff));
    else if (!diff->changes.isEmpty())
        print(changeLines(*diff));
    if (diff->truncated)
        printError(Texts::tr("cooperage: only the first %1 of %2 paths are shown; see --limit")
                       .arg(diff->changes.size())
                       .arg(diff->added + diff->changed + diff->removed));
    return Success;
}

} // namespace cooperage::cli
