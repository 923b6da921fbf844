#include "core/embedded/server/context.h"
#include "core/embedded/server/imagepath.h"
#include "core/embedded/server/namesearch.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"

#include <queue>

#include <fcntl.h>
#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using context::NamePattern;

static Result<NamePattern> patternOf(const Exchange &exchange)
{
    const QString pattern = exchange.query("pattern").value_or(QString());
    if (pattern.isEmpty())
        return failure(ErrorKind::BadInput, Text::tr("pattern is required"));
    const QString sensitivity = exchange.query("case").value_or(u"insensitive"_s);
    if (sensitivity != "sensitive"_L1 && sensitivity != "insensitive"_L1)
        return failure(ErrorKind::BadInput, Text::tr("case must be one of sensitive, insensitive"));
    const std::optional<NamePattern> compiled = NamePattern::compile(pattern, sensitivity == "sensitive"_L1);
    if (!compiled)
        return failure(ErrorKind::BadInput, Text::tr("\"%1\" is not a pattern for names").arg(pattern));
    return *compiled;
}

static Result<> find(ServerContext &context, Exchange &exchange)
{
    const Result<int> limit = numberOf(exchange, "limit", 1000, 1, 100'000);
    const Result<std::string> path = plainPath('/' + exchange.queryBytes("path").value_or("/"));
    if (!limit || !path)
        return std::unexpected(limit ? path.error() : limit.error());
    const Result<NamePattern> pattern = patternOf(exchange);
    if (!pattern)
        return std::unexpected(pattern.error());
    const Result<OpenedPath> start =
        context.views.view(exchange.parameter("uuid")).and_then([&](const auto &view) {
            return openImagePath(view, *path);
        });
    if (!start)
        return std::unexpected(start.error());
    if (!S_ISDIR(start->info.st_mode))
        return exchange.reject(422, Text::tr("%1 is not a folder").arg(QString::fromStdString(*path)));
    NameSearch search(*pattern, *limit);
    const Result<> done = search.search(start->fd, *path == "/" ? std::string() : *path,
                                        ClientWatch(exchange.request.is_connection_closed));
    if (!done)
        return done;
    sendJson(exchange.response, 200,
             QJsonObject{{u"files"_s, search.files()}, {u"truncated"_s, search.truncated()}});
    return {};
}

void addFind(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/inspect/{uuid}/find",
               [&context](Exchange &exchange) { return find(context, exchange); });
}

} // namespace cooperage::embedded
