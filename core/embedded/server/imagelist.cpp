#include "core/embedded/server/context.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/imagecatalogue.h"

#include <QJsonDocument>

#include <httplib.h>

// GET /v1/images/list and /v1/images/groups (extension image-list, docs/engine-protocol.md).
namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// One of several words; the first where the parameter is absent.
template <typename T>
static Result<T> choiceOf(const Exchange &exchange, const char *name,
                          std::initializer_list<std::pair<QLatin1StringView, T>> choices)
{
    const std::optional<QString> text = exchange.query(name);
    if (!text || text->isEmpty())
        return choices.begin()->second;
    QStringList words;
    for (const auto &[word, value] : choices) {
        if (*text == word)
            return value;
        words << word;
    }
    return failure(ErrorKind::BadInput,
                   Text::tr("%1 must be one of: %2").arg(QString::fromLatin1(name), words.join(u", "_s)));
}

static Result<CatalogueQuery> catalogueQuery(const Exchange &exchange)
{
    using Query = CatalogueQuery;
    const Result<Page> page = pageOf(exchange);
    if (!page)
        return std::unexpected(page.error());
    const Result<Query::Show> show = choiceOf<Query::Show>(exchange, "show",
                                                           {{"all"_L1, Query::Show::All},
                                                            {"tagged"_L1, Query::Show::Tagged},
                                                            {"untagged"_L1, Query::Show::Untagged},
                                                            {"own"_L1, Query::Show::Own},
                                                            {"public"_L1, Query::Show::Public}});
    if (!show)
        return std::unexpected(show.error());
    const Result<Query::Order> order = choiceOf<Query::Order>(exchange, "sort",
                                                              {{"created"_L1, Query::Order::Created},
                                                               {"tag"_L1, Query::Order::Tag},
                                                               {"size"_L1, Query::Order::Size}});
    if (!order)
        return std::unexpected(order.error());
    const Result<bool> descending = choiceOf<bool>(exchange, "order", {{"desc"_L1, true}, {"asc"_L1, false}});
    if (!descending)
        return std::unexpected(descending.error());
    Query query{.limit = page->limit, .offset = page->offset, .show = *show, .order = *order};
    query.descending = *descending;
    query.text = exchange.query("text").value_or(QString());
    query.tagPrefix = exchange.query("tag").value_or(QString());
    query.repository = exchange.query("repository");
    query.registry = exchange.query("registry");
    query.uuid = exchange.query("uuid").value_or(QString());
    query.since = page->since;
    query.until = page->until;
    return query;
}

// In words what made the image: the reference or path it was imported from, the command that was run.
static QString originText(const CatalogueRow &row)
{
    const QJsonObject metadata =
        QJsonDocument::fromJson(row.originJson).object().value(u"metadata"_s).toObject();
    if (row.originKind == "instance"_L1)
        return metadata.value(u"command"_s).toString();
    const QString url = metadata.value(u"registry"_s).toObject().value(u"url"_s).toString();
    return url.isEmpty() ? metadata.value(u"archive"_s).toObject().value(u"path"_s).toString() : url;
}

static QJsonObject rowJson(const CatalogueRow &row)
{
    QJsonObject json{{u"uuid"_s, row.uuid},
                     {u"tag"_s, textOrNull(row.tag)},
                     {u"created_at"_s, timeValue(row.createdAt)},
                     {u"operation_uuid"_s, textOrNull(row.operation)},
                     {u"public"_s, row.isPublic},
                     {u"tags"_s, row.tagCount},
                     {u"size"_s, row.size},
                     {u"unique"_s, row.unique},
                     {u"hides_public"_s, row.hidesPublic},
                     {u"hidden"_s, row.isHidden}};
    if (!row.originKind.isEmpty())
        json[u"origin"_s] = QJsonObject{{u"kind"_s, row.originKind}, {u"text"_s, originText(row)}};
    return json;
}

static Result<> list(ServerContext &context, Exchange &exchange)
{
    const Result<CatalogueQuery> query = catalogueQuery(exchange);
    if (!query)
        return std::unexpected(query.error());
    ImageCatalogue catalogue(context.store.database());
    const Result<qint64> total = catalogue.count(*query);
    if (!total)
        return std::unexpected(total.error());
    const Result<QList<CatalogueRow>> rows = catalogue.page(*query);
    if (!rows)
        return std::unexpected(rows.error());
    QJsonArray images;
    for (const CatalogueRow &row : *rows)
        images.append(rowJson(row));
    sendJson(exchange.response, 200, QJsonObject{{u"total"_s, *total}, {u"images"_s, images}});
    return {};
}

static Result<> groups(ServerContext &context, Exchange &exchange)
{
    using By = ImageCatalogue::GroupBy;
    const Result<CatalogueQuery> query = catalogueQuery(exchange);
    if (!query)
        return std::unexpected(query.error());
    const Result<By> by = choiceOf<By>(
        exchange, "by",
        {{"repository"_L1, By::Repository}, {"registry"_L1, By::Registry}, {"image"_L1, By::Image}});
    if (!by)
        return std::unexpected(by.error());
    const Result<QList<CatalogueGroup>> found = ImageCatalogue(context.store.database()).groups(*by, *query);
    if (!found)
        return std::unexpected(found.error());
    QJsonArray groups;
    for (const CatalogueGroup &group : *found)
        groups.append(QJsonObject{{u"name"_s, group.name}, {u"images"_s, group.rows}});
    sendJson(exchange.response, 200, QJsonObject{{u"groups"_s, groups}});
    return {};
}

void addImageList(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/images/list", [&context](Exchange &exchange) { return list(context, exchange); });
    router.add("GET", "/v1/images/groups",
               [&context](Exchange &exchange) { return groups(context, exchange); });
}

} // namespace cooperage::embedded
