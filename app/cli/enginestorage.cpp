#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

// `cooperage engine df`, `cooperage engine gc` and `cooperage rmi`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

const QString s_use = u"engine df"_s;
const QString s_collect = u"engine gc"_s;

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

} // namespace

static QString useTable(const engine::StorageReport &report)
{
    QList<QStringList> rows{{Texts::tr("IMAGE"), Texts::tr("TOTAL"), Texts::tr("SHARED"), Texts::tr("UNIQUE"),
                             Texts::tr("TAGS")}};
    for (const engine::StorageImage &image : report.images)
        rows.append({image.uuid, sizeText(image.size), sizeText(image.shared), sizeText(image.unique),
                     image.tags.join(u", "_s)});
    const QString sums = Texts::tr("\n%1 images, %2 layers: %3\n%4 uploaded files: %5\n%6 build caches: "
                                   "%7\nwithout an image: %8\nfree on "
                                   "the disk: %9 of %10")
                             .arg(report.images.size())
                             .arg(report.layers)
                             .arg(sizeText(report.layerBytes))
                             .arg(report.files)
                             .arg(sizeText(report.fileBytes))
                             .arg(report.caches)
                             .arg(sizeText(report.cacheBytes), sizeText(report.reclaimable),
                                  sizeText(report.free), sizeText(report.total));
    return tableText(rows, {1, 2, 3}) + sums;
}

static QString useJson(const engine::StorageReport &report)
{
    QJsonArray images;
    for (const engine::StorageImage &image : report.images)
        images.append(QJsonObject{{u"image"_s, image.uuid},
                                  {u"tags"_s, QJsonArray::fromStringList(image.tags)},
                                  {u"created_at"_s, image.createdAt.toString(Qt::ISODateWithMs)},
                                  {u"size"_s, image.size},
                                  {u"shared"_s, image.shared},
                                  {u"unique"_s, image.unique}});
    const QJsonObject object{
        {u"total"_s, report.total},
        {u"free"_s, report.free},
        {u"layers"_s, QJsonObject{{u"count"_s, report.layers}, {u"size"_s, report.layerBytes}}},
        {u"files"_s, QJsonObject{{u"count"_s, report.files}, {u"size"_s, report.fileBytes}}},
        {u"caches"_s, QJsonObject{{u"count"_s, report.caches}, {u"size"_s, report.cacheBytes}}},
        {u"reclaimable"_s, report.reclaimable},
        {u"images"_s, images}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

int runEngineUse(const QStringList &arguments)
{
    VerbParser parser(
        s_use, u""_s,
        Texts::tr("Shows what takes space at the engine: of each image the total, what it shares "
                  "with other images, and what removing it would free."),
        {u"cooperage engine df"_s, u"cooperage engine df --format json"_s});
    parser.addOption({u"format"_s, Texts::tr("table or json."), u"format"_s, u"table"_s});
    if (const auto done = parser.parse(arguments, 0, 0))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "table"_L1 && format != "json"_L1)
        return usageError(s_use, Texts::tr("there is no format \"%1\"").arg(format));
    const auto engine = openEngine();
    const auto report = await(engine->storage(interrupted()));
    if (!report)
        return fail(report.error());
    print(format == "json"_L1 ? useJson(*report) : useTable(*report));
    return Success;
}

// "90s", "30m", "24h", "7d", or plain seconds.
static std::optional<qint64> secondsOf(const QString &text)
{
    static const QRegularExpression form(u"^(\\d{1,9})([smhd]?)$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    const qint64 factor = unit == "d"_L1 ? 86'400 : unit == "h"_L1 ? 3600 : unit == "m"_L1 ? 60 : 1;
    return match.captured(1).toLongLong() * factor;
}

static QString outcomeText(const engine::CollectOutcome &outcome)
{
    return Texts::tr("%1 images, %2 layers, %3 uploaded files, %4 build caches: %5")
        .arg(outcome.images.size())
        .arg(outcome.layers)
        .arg(outcome.files)
        .arg(outcome.caches)
        .arg(sizeText(outcome.freed));
}

static bool userAgrees()
{
    std::fputs(qUtf8Printable(Texts::tr("Remove them? [y/N] ")), stderr);
    std::fflush(stderr);
    char answer[16]{};
    return std::fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

// What would go, then the question, then the deed: that of this moment, which may be a little more or less.
static int collect(engine::Engine &engine, engine::CollectRequest request, bool yes)
{
    const bool dryRun = request.dryRun;
    request.dryRun = true;
    const auto preview = await(engine.collect(request, interrupted()));
    if (!preview)
        return fail(preview.error());
    for (const QString &image : preview->images)
        print(printable(image));
    print(Texts::tr("to be removed: %1").arg(outcomeText(*preview)));
    if (dryRun)
        return Success;
    if (!yes && ::isatty(STDIN_FILENO) != 1)
        return usageError(s_collect, Texts::tr("nobody can be asked here: give --yes or --dry-run"));
    if (!yes && !userAgrees())
        return Failure;
    request.dryRun = false;
    const auto done = await(engine.collect(request, interrupted()));
    if (!done)
        return fail(done.error());
    print(Texts::tr("removed: %1").arg(outcomeText(*done)));
    return Success;
}

int runEngineCollect(const QStringList &arguments)
{
    VerbParser parser(
        s_collect, u""_s,
        Texts::tr("Frees space at the engine: layers that no image has and, when asked, untagged images, "
                  "uploaded files and the caches of RUN --mount=type=cache. Shows what would go and asks "
                  "first. What a running build uses stays. Untagged "
                  "images are also what later builds find cached."),
        {u"cooperage engine gc"_s,
         u"cooperage engine gc --untagged --older-than 7d --files --caches --yes"_s});
    parser.addOptions(
        {{u"untagged"_s, Texts::tr("Images without a tag too.")},
         {u"files"_s, Texts::tr("Uploaded files too.")},
         {u"caches"_s, Texts::tr("Build caches too.")},
         {u"older-than"_s, Texts::tr("Only images made, files and caches used longer than <time> ago."),
          u"time"_s, u"24h"_s},
         {{u"y"_s, u"yes"_s}, Texts::tr("Do not ask.")},
         {{u"n"_s, u"dry-run"_s}, Texts::tr("Only show what would go.")}});
    if (const auto done = parser.parse(arguments, 0, 0))
        return *done;
    const std::optional<qint64> age = secondsOf(parser.value(u"older-than"_s));
    if (!age)
        return usageError(s_collect, Texts::tr("--older-than wants a time such as 24h or 7d"));
    const auto engine = openEngine();
    return collect(*engine,
                   {.dryRun = parser.isSet(u"dry-run"_s),
                    .untaggedImages = parser.isSet(u"untagged"_s),
                    .files = parser.isSet(u"files"_s),
                    .caches = parser.isSet(u"caches"_s),
                    .olderThanSeconds = *age},
                   parser.isSet(u"yes"_s));
}

int runRemoveImage(const QStringList &arguments)
{
    VerbParser parser(
        verb::removeImage, u"IMAGE..."_s,
        Texts::tr("Removes images with all their tags. `cooperage engine gc` then frees the space of "
                  "the layers that no other image has."),
        {u"cooperage rmi myapp:1.0"_s});
    if (const auto done = parser.parse(arguments, 1, arguments.size()))
        return *done;
    const auto engine = openEngine();
    int result = Success;
    for (const QString &name : parser.positionalArguments()) {
        const auto image = await(engine->resolve(name, interrupted()));
        const auto removed = image ? await(engine->removeImage(image->uuid)) : std::unexpected(image.error());
        if (removed)
            print(image->uuid);
        else
            result = fail(removed.error());
    }
    return result;
}

} // namespace cooperage::cli
