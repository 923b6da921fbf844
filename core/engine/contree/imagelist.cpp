#include "core/engine/contree/imagelist.h"

#include "core/engine/contree/images.h"
#include "core/engine/contree/json.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static QString showText(ImageListQuery::Show show)
{
    static const QString words[] = {u"all"_s, u"tagged"_s, u"untagged"_s, u"own"_s, u"public"_s};
    return words[static_cast<int>(show)];
}

static QString orderText(ImageListQuery::Order order)
{
    static const QString words[] = {u"created"_s, u"tag"_s, u"size"_s};
    return words[static_cast<int>(order)];
}

static QString groupingText(ImageGrouping by)
{
    static const QString words[] = {u"repository"_s, u"registry"_s, u"image"_s};
    return words[static_cast<int>(by)];
}

static Query listQuery(const ImageListQuery &query)
{
    Query result{{"limit", QString::number(query.limit)},
                 {"offset", QString::number(query.offset)},
                 {"show", showText(query.show)},
                 {"sort", orderText(query.order)},
                 {"order", query.descending ? u"desc"_s : u"asc"_s}};
    const std::pair<QByteArray, QString> texts[] = {{"text", query.text},
                                                    {"tag", query.tagPrefix},
                                                    {"uuid", query.uuid},
                                                    {"since", query.since},
                                                    {"until", query.until}};
    for (const auto &[name, value] : texts) {
        if (!value.isEmpty())
            result.append({name, value});
    }
    if (query.repository)
        result.append({"repository", *query.repository});
    if (query.registry)
        result.append({"registry", *query.registry});
    return result;
}

static ImageListRow rowOf(const QJsonObject &object)
{
    const QJsonObject origin = object["origin"_L1].toObject();
    ImageListRow row{.image = toImage(object)};
    row.isPublic = object["public"_L1].toBool();
    row.hidesPublic = object["hides_public"_L1].toBool();
    row.isHidden = object["hidden"_L1].toBool();
    row.tagCount = object["tags"_L1].toInt(-1);
    row.size = object["size"_L1].toInteger(-1);
    row.unique = object["unique"_L1].toInteger(-1);
    row.originKind = origin["kind"_L1].toString();
    row.originText = origin["text"_L1].toString();
    return row;
}

// GET /v1/images knows no total: what is known is that there are these rows, and another one if the page is
// full.
static Task<ImagePage> plainPage(TransportPtr transport, EngineInfo info, ImageListQuery query,
                                 std::stop_token stop)
{
    using Show = ImageListQuery::Show;
    if (!query.text.isEmpty() || query.repository || query.registry || query.show == Show::Untagged ||
        query.show == Show::Public || query.order != ImageListQuery::Order::Created || !query.descending)
        co_return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate(
                "Engine", "This engine lists images newest first only, by the beginning of the tag"),
            info.name);
    const ImageQuery plain{.limit = query.limit,
                           .offset = query.offset,
                           .tagPrefix = query.tagPrefix,
                           .uuidPrefix = query.uuid,
                           .taggedOnly = query.show == Show::Tagged,
                           .since = query.since,
                           .until = query.until};
    const auto images = co_await listImages(transport, plain, stop);
    if (!images)
        co_return std::unexpected(images.error());
    ImagePage page{
        .total = query.offset + images->size(), .isExact = images->size() < query.limit, .rows = {}};
    if (!page.isExact)
        ++page.total;
    for (const ImageRecord &image : *images)
        page.rows.append({.image = image});
    co_return page;
}

Task<ImagePage> browseImages(TransportPtr transport, EngineInfo info, ImageListQuery query,
                             std::stop_token stop)
{
    if (!info.offers(extension::imageList))
        co_return co_await plainPage(transport, info, query, stop);
    const auto response =
        co_await send(transport, {.path = "/v1/images/list", .query = listQuery(query)}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    ImagePage page{.total = (*object)["total"_L1].toInteger(), .rows = {}};
    for (const QJsonValue &value : (*object)["images"_L1].toArray())
        page.rows.append(rowOf(value.toObject()));
    co_return page;
}

Task<QList<ImageGroup>> groupImages(TransportPtr transport, EngineInfo info, ImageGrouping by,
                                    ImageListQuery query, std::stop_token stop)
{
    if (!info.offers(extension::imageList))
        co_return failure(ErrorKind::Unsupported,
                          QCoreApplication::translate("Engine", "This engine cannot group images"),
                          info.name);
    Query parameters = listQuery(query);
    parameters.append({"by", groupingText(by)});
    const auto response = co_await send(transport, {.path = "/v1/images/groups", .query = parameters}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto array = arrayOf(transport->endpoint(), *response, "groups"_L1);
    if (!array)
        co_return std::unexpected(array.error());
    QList<ImageGroup> groups;
    for (const QJsonValue &value : *array)
        groups.append({value["name"_L1].toString(), value["images"_L1].toInteger()});
    co_return groups;
}

} // namespace cooperage::engine::contree
