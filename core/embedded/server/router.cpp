#include "core/embedded/server/router.h"

#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <algorithm>
#include <httplib.h>
#include <iterator>

namespace cooperage::embedded {

QString Exchange::parameter(const char *name) const
{
    const auto found = parameters.find(name);
    return found == parameters.end() ? QString() : QString::fromStdString(found->second);
}

std::optional<std::string> Exchange::queryBytes(const char *name) const
{
    const auto found = request.params.find(name);
    if (found == request.params.end())
        return std::nullopt;
    return found->second;
}

std::optional<QString> Exchange::query(const char *name) const
{
    const std::optional<std::string> bytes = queryBytes(name);
    if (!bytes)
        return std::nullopt;
    return QString::fromStdString(*bytes);
}

std::vector<std::string> Exchange::queryAll(const char *name) const
{
    std::vector<std::string> values;
    const auto [first, last] = request.params.equal_range(name);
    std::transform(first, last, std::back_inserter(values), [](const auto &entry) { return entry.second; });
    return values;
}

Result<> Exchange::reject(int status, const QString &text)
{
    sendError(response, status, text);
    return {};
}

static std::vector<std::string> segmentsOf(std::string_view path)
{
    std::vector<std::string> result;
    if (path.starts_with('/'))
        path.remove_prefix(1);
    if (path.ends_with('/'))
        path.remove_suffix(1);
    for (size_t start = 0; start <= path.size();) {
        const size_t end = std::min(path.find('/', start), path.size());
        result.emplace_back(path.substr(start, end - start));
        start = end + 1;
    }
    return result;
}

static bool isParameter(const std::string &segment)
{
    return segment.starts_with('{');
}

void Router::add(const char *method, std::string_view pattern, Handler handler)
{
    m_routes.push_back({method, segmentsOf(pattern), std::move(handler)});
}

static bool matches(const std::vector<std::string> &pattern, const std::vector<std::string> &path)
{
    if (pattern.size() != path.size())
        return false;
    for (size_t i = 0; i < pattern.size(); ++i) {
        if (isParameter(pattern[i]) ? path[i].empty() : pattern[i] != path[i])
            return false;
    }
    return true;
}

const Router::Route *Router::find(Exchange &exchange, std::string &allowed) const
{
    const std::vector<std::string> path = segmentsOf(exchange.request.path);
    const std::string method = exchange.request.method == "HEAD" ? "GET" : exchange.request.method;
    for (const Route &route : m_routes) {
        if (!matches(route.segments, path))
            continue;
        if (route.method != method) {
            allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
            continue;
        }
        for (size_t i = 0; i < path.size(); ++i) {
            if (isParameter(route.segments[i]))
                exchange.parameters[route.segments[i].substr(1, route.segments[i].size() - 2)] = path[i];
        }
        return &route;
    }
    return nullptr;
}

void Router::dispatch(Exchange &exchange) const
{
    std::string allowed;
    const Route *const route = find(exchange, allowed);
    if (route) {
        try {
            if (const Result<> done = route->handler(exchange); !done) {
                if (exchange.body.tooLarge())
                    sendError(exchange.response, 413, done.error().text());
                else
                    sendError(exchange.response, done.error());
            }
        } catch (const std::exception &problem) {
            qWarning("engine: %s %s: %s", exchange.request.method.c_str(), exchange.request.path.c_str(),
                     problem.what());
            sendError(exchange.response, 500,
                      Text::tr("the engine met an error of its own; its log says more"));
        }
    } else if (!allowed.empty()) {
        exchange.response.set_header("Allow", allowed);
        sendError(exchange.response, 405,
                  Text::tr("this resource does not know the method; it knows %1")
                      .arg(QString::fromStdString(allowed)));
    } else {
        sendError(exchange.response, 404, Text::tr("there is no such resource"));
    }
    exchange.body.drain();
}

} // namespace cooperage::embedded
