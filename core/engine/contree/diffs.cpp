#include "core/engine/contree/diffs.h"

#include "core/engine/contree/json.h"

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static ImageChange toChange(const QJsonValue &value)
{
    const QString kind = value["change"_L1].toString();
    return {.kind = kind == "added"_L1     ? ImageChange::Kind::Added
                    : kind == "removed"_L1 ? ImageChange::Kind::Removed
                                           : ImageChange::Kind::Changed,
            .path = value["path"_L1].toString(),
            .content = value["content"_L1].toBool(),
            .size = value["size"_L1].toInteger(),
            .mode = static_cast<quint32>(value["mode"_L1].toInteger()),
            .baseSize = value["base_size"_L1].toInteger(),
            .baseMode = static_cast<quint32>(value["base_mode"_L1].toInteger())};
}

Task<ImageDiff> readDiff(TransportPtr transport, QString image, QString base, QString path, int limit,
                         std::stop_token stop)
{
    Query query{{"path", path}, {"limit", QString::number(limit)}};
    if (!base.isEmpty())
        query.append({"base", base});
    const auto response =
        co_await send(transport, {.path = "/v1/images/" + segment(image) + "/diff", .query = query}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    ImageDiff diff{.added = (*object)["added"_L1].toInteger(),
                   .changed = (*object)["changed"_L1].toInteger(),
                   .removed = (*object)["removed"_L1].toInteger(),
                   .truncated = (*object)["truncated"_L1].toBool()};
    for (const QJsonValue &change : (*object)["changes"_L1].toArray())
        diff.changes.append(toChange(change));
    co_return diff;
}

static Query grepQuery(const GrepRequest &request)
{
    Query query;
    const std::pair<const char *, QStringList> lists[] = {
        {"pattern", request.patterns}, {"path", request.paths}, {"glob", request.globs}};
    for (const auto &[name, values] : lists) {
        for (const QString &value : values)
            query.append({name, value});
    }
    static constexpr const char *cases[] = {"sensitive", "insensitive", "smart"};
    query.append({"case", QString::fromLatin1(cases[static_cast<int>(request.caseMode)])});
    const std::pair<const char *, int> numbers[] = {{"before", request.before},
                                                    {"after", request.after},
                                                    {"max_count", request.maxPerFile},
                                                    {"max_total", request.maxTotal}};
    for (const auto &[name, value] : numbers) {
        if (value > 0)
            query.append({name, QString::number(value)});
    }
    return query;
}

Task<GrepOutcome> searchImage(TransportPtr transport, GrepRequest request, std::stop_token stop)
{
    const auto response = co_await send(
        transport, {.path = "/v1/inspect/" + segment(request.image) + "/grep", .query = grepQuery(request)},
        stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    GrepOutcome outcome{.truncated = (*object)["truncated"_L1].toBool()};
    for (const QJsonValue &match : (*object)["matches"_L1].toArray())
        outcome.lines.append({.path = match["path"_L1].toString(),
                              .number = match["line_number"_L1].toInteger(),
                              .text = match["line_text"_L1].toString(),
                              .isContext = match["type"_L1].toString() == "context"_L1});
    co_return outcome;
}

} // namespace cooperage::engine::contree
