#include "core/embedded/server/context.h"
#include "core/embedded/server/imagegrep.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

static constexpr auto longestSearch = 30s;

static Result<LineMatcher::Case> caseOf(const Exchange &exchange)
{
    const QString word = exchange.query("case").value_or(u"sensitive"_s);
    if (word == "sensitive"_L1 || word.isEmpty())
        return LineMatcher::Case::Sensitive;
    if (word == "insensitive"_L1)
        return LineMatcher::Case::Insensitive;
    if (word == "smart"_L1)
        return LineMatcher::Case::Smart;
    return failure(ErrorKind::BadInput, Text::tr("case must be one of sensitive, insensitive, smart"));
}

static QStringList patternsOf(const Exchange &exchange)
{
    QStringList patterns;
    for (const std::string &pattern : exchange.queryAll("pattern"))
        patterns.append(QString::fromStdString(pattern));
    return patterns;
}

static Result<> readNumbers(const Exchange &exchange, GrepOptions &options)
{
    struct Number
    {
        const char *name;
        int &value;
        int fallback;
        int least;
        int most;
    };
    const Number numbers[] = {{"before", options.before, 0, 0, 100},
                              {"after", options.after, 0, 0, 100},
                              {"max_count", options.maxPerFile, 0, 1, INT_MAX},
                              {"max_total", options.maxTotal, 1000, 1, 10'000}};
    for (const Number &number : numbers) {
        const Result<int> value = numberOf(exchange, number.name, number.fallback, number.least, number.most);
        if (!value)
            return std::unexpected(value.error());
        number.value = *value;
    }
    return {};
}

static Result<GrepOptions> optionsOf(const Exchange &exchange)
{
    const Result<LineMatcher::Case> sensitivity = caseOf(exchange);
    if (!sensitivity)
        return std::unexpected(sensitivity.error());
    const Result<LineMatcher> matcher = LineMatcher::compile(patternsOf(exchange), *sensitivity);
    if (!matcher)
        return std::unexpected(matcher.error());
    const Result<PathGlobs> globs = PathGlobs::compile(exchange.queryAll("glob"));
    if (!globs)
        return std::unexpected(globs.error());
    GrepOptions options{.matcher = *matcher, .globs = *globs};
    options.deadline = std::chrono::steady_clock::now() + longestSearch;
    options.isAbandoned = exchange.request.is_connection_closed;
    if (const Result<> read = readNumbers(exchange, options); !read)
        return std::unexpected(read.error());
    return options;
}

static Result<> grep(ServerContext &context, Exchange &exchange)
{
    const Result<GrepOptions> options = optionsOf(exchange);
    if (!options)
        return std::unexpected(options.error());
    const Result<std::shared_ptr<ImageView>> view = context.views.view(exchange.parameter("uuid"));
    if (!view)
        return std::unexpected(view.error());
    std::vector<std::string> paths = exchange.queryAll("path");
    if (paths.empty())
        paths.emplace_back("/");
    ImageGrep search(*options);
    for (const std::string &path : paths) {
        const Result<std::string> plain = plainPath('/' + path);
        if (!plain)
            return std::unexpected(plain.error());
        const Result<OpenedPath> start = openImagePath(*view, *plain);
        if (!start)
            return std::unexpected(start.error());
        if (const Result<> done = search.search(*start, plain->substr(1)); !done)
            return done;
    }
    sendJson(exchange.response, 200,
             QJsonObject{{u"path"_s, QString::fromStdString(paths.front())},
                         {u"patterns"_s, QJsonArray::fromStringList(patternsOf(exchange))},
                         {u"matches"_s, search.matches()},
                         {u"truncated"_s, search.truncated()}});
    return {};
}

void addGrep(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/inspect/{uuid}/grep",
               [&context](Exchange &exchange) { return grep(context, exchange); });
}

} // namespace cooperage::embedded
