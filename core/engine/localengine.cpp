#include "core/engine/localengine.h"

#include "core/engine/launcher.h"

namespace cooperage::engine {

static Task<> startWith(Result<LocalPaths> paths, std::stop_token stop)
{
    if (!paths)
        co_return std::unexpected(paths.error());
    co_return co_await startLocalEngine(*paths, std::move(stop));
}

// Without usable paths the socket stays a name that nobody listens on, and every call says what is wrong.
static contree::Endpoint localEndpoint()
{
    const auto paths = LocalPaths::standard();
    contree::Endpoint endpoint;
    endpoint.socketPath = paths ? paths->socket : QStringLiteral("/nonexistent");
    endpoint.start = [paths](std::stop_token stop) { return startWith(paths, std::move(stop)); };
    return endpoint;
}

LocalEngine::LocalEngine(QObject *parent) : ContreeEngine(localEndpoint(), parent) {}

} // namespace cooperage::engine
