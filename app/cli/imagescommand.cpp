#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/tagging.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

// `cooperage images` and `cooperage tag`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

// The engine gives at most 1,000 at a time.
static Result<QList<engine::ImageRecord>> allImages(engine::Engine &engine, engine::ImageQuery query)
{
    QList<engine::ImageRecord> all;
    for (;;) {
        query.offset = static_cast<int>(all.size());
        const auto page = await(engine.images(query, interrupted()));
        if (!page)
            return std::unexpected(page.error());
        all += *page;
        if (page->size() < query.limit)
            return all;
    }
}

static QString imagesTable(const QList<engine::ImageRecord> &images)
{
    QList<QStringList> rows{{Texts::tr("IMAGE"), Texts::tr("TAG"), Texts::tr("CREATED")}};
    for (const engine::ImageRecord &image : images)
        rows.append(
            {image.uuid, image.tag, image.createdAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm:ss"_s)});
    return tableText(rows);
}

static QString imagesJson(const QList<engine::ImageRecord> &images)
{
    QJsonArray array;
    for (const engine::ImageRecord &image : images)
        array.append(QJsonObject{{u"image"_s, image.uuid},
                                 {u"tag"_s, image.tag.isEmpty() ? QJsonValue() : QJsonValue(image.tag)},
                                 {u"created_at"_s, image.createdAt.toString(Qt::ISODateWithMs)}});
    return QString::fromUtf8(QJsonDocument(array).toJson()).trimmed();
}

static QString uuidLines(const QList<engine::ImageRecord> &images)
{
    QStringList uuids;
    for (const engine::ImageRecord &image : images)
        uuids.append(image.uuid);
    uuids.removeDuplicates();
    return uuids.join(u'\n');
}

int runImages(const QStringList &arguments)
{
    VerbParser parser(verb::images, u""_s, Texts::tr("Lists the engine's images."),
                      {u"cooperage images --prefix myapp"_s, u"cooperage images -a --since 2h"_s,
                       u"cooperage images -q"_s});
    parser.addOptions(
        {{{u"a"_s, u"all"_s}, Texts::tr("Untagged images too.")},
         {u"prefix"_s, Texts::tr("Only tags that begin with <text>."), u"text"_s},
         {u"since"_s, Texts::tr("Only images made since <time>: 2h, 3d, or an RFC 3339 time."), u"time"_s},
         {u"until"_s, Texts::tr("Only images made before <time>."), u"time"_s},
         {{u"q"_s, u"quiet"_s}, Texts::tr("Only the images' ids.")},
         {u"format"_s, Texts::tr("table or json."), u"format"_s, u"table"_s}});
    if (const auto done = parser.parse(arguments, 0, 0))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "table"_L1 && format != "json"_L1)
        return usageError(verb::images, Texts::tr("there is no format \"%1\"").arg(format));
    engine::ImageQuery query;
    query.tagPrefix = parser.value(u"prefix"_s);
    query.since = parser.value(u"since"_s);
    query.until = parser.value(u"until"_s);
    query.taggedOnly = !parser.isSet(u"all"_s);
    const auto engine = openEngine();
    const auto images = allImages(*engine, query);
    if (!images)
        return fail(images.error());
    if (parser.isSet(u"quiet"_s)) {
        if (!images->isEmpty())
            print(uuidLines(*images));
        return Success;
    }
    print(format == "json"_L1 ? imagesJson(*images) : imagesTable(*images));
    return Success;
}

int runTag(const QStringList &arguments)
{
    VerbParser parser(
        verb::tag, u"IMAGE TAG"_s, Texts::tr("Gives an image a tag, or takes it away."),
        {u"cooperage tag myapp:latest myapp:1.0"_s, u"cooperage tag -d myapp:latest myapp:1.0"_s});
    parser.addOption({{u"d"_s, u"delete"_s}, Texts::tr("Take the tag away.")});
    if (const auto done = parser.parse(arguments, 2, 2))
        return *done;
    const QStringList words = parser.positionalArguments();
    const auto engine = openEngine();
    const auto image = await(engine->resolve(words[0], interrupted()));
    if (!image)
        return fail(image.error());
    if (parser.isSet(u"delete"_s)) {
        const auto removed = changeTag(*engine, words[1], image->uuid, {}, u"cooperage tag -d"_s);
        return removed ? Success : fail(removed.error());
    }
    const auto tagged = changeTag(*engine, words[1], {}, image->uuid, u"cooperage tag"_s);
    if (!tagged)
        return fail(tagged.error());
    print(image->uuid);
    return Success;
}

} // namespace cooperage::cli
