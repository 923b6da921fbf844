#pragma once

#include "core/base/error.h"
#include "core/embedded/server/requestbody.h"

#include <QString>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace httplib {
struct Response;
}

namespace cooperage::embedded {

/// One request with its reply.
struct Exchange
{
    const httplib::Request &request;
    httplib::Response &response;
    RequestBody &body;
    bool local; ///< Came over the Unix socket, from a process of this user.
    std::map<std::string, std::string, std::less<>> parameters{}; ///< Of the path.

    [[nodiscard]] QString parameter(const char *name) const;
    /// Nothing if the query has no such key; `?key` and `?key=` give an empty text.
    [[nodiscard]] std::optional<QString> query(const char *name) const;
    /// The same, byte for byte (file names).
    [[nodiscard]] std::optional<std::string> queryBytes(const char *name) const;
    /// Every value of a key that may be repeated, in their order.
    [[nodiscard]] std::vector<std::string> queryAll(const char *name) const;
    /// Answers with an error of a status that no ErrorKind stands for.
    [[nodiscard]] Result<> reject(int status, const QString &text);
};

/// A failure becomes the JSON error of its kind.
using Handler = std::function<Result<>(Exchange &)>;

/// Finds the handler of a path; `/a/` and `/a` are the same. Parts in braces are parameters:
/// `/v1/files/{sha256}`.
class Router
{
public:
    void add(const char *method, std::string_view pattern, Handler handler);
    /// Always answers: 404 for an unknown path, 405 for an unknown method, 500 for an exception. HEAD goes to
    /// GET.
    void dispatch(Exchange &exchange) const;

private:
    struct Route
    {
        std::string method;
        std::vector<std::string> segments;
        Handler handler;
    };
    [[nodiscard]] const Route *find(Exchange &exchange, std::string &allowed) const;

    std::vector<Route> m_routes;
};

} // namespace cooperage::embedded
