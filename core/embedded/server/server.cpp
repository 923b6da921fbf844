#include "core/embedded/server/server.h"

#include "core/embedded/server/context.h"
#include "core/embedded/server/httplistener.h"
#include "core/embedded/server/socketfile.h"
#include "core/embedded/server/wakeup.h"
#include "core/embedded/store/database.h"

#include <csignal>
#include <malloc.h>

namespace cooperage::embedded {

using namespace std::chrono_literals;

// The threads of connections have ended then.
static constexpr auto quietTime = 8s;

struct Server::Private
{
    Private(Store &store, Result<RuntimeChoice> choice, ServerOptions given)
        : runtime(std::move(choice)),
          options(std::move(given)),
          operations(store),
          views(store),
          context{store, runtime, options, operations, views}
    {
        addRoutes();
    }

    void addRoutes();
    [[nodiscard]] Result<> listen(const SocketFile &socket);
    void waitForEnd();
    [[nodiscard]] bool isQuiet() const;
    [[nodiscard]] bool isIdle();
    void close();

    const Result<RuntimeChoice> runtime;
    const ServerOptions options;
    OperationRunner operations;
    ImageViews views;
    ServerContext context;
    Router router;
    Activity activity;
    WakeUp wakeUp;
    std::unique_ptr<HttpListener> local;
    std::unique_ptr<HttpListener> tcp;
};

void Server::Private::addRoutes()
{
    addWhoami(router, context);
    addImages(router, context);
    addImports(router, context);
    addFiles(router, context);
    addInstances(router, context);
    addSubprocesses(router, context);
    addOperations(router, context);
    addEvents(router, context);
    addInspect(router, context);
    addGrep(router, context);
    addArchive(router, context);
    if (options.extensions) {
        addCommits(router, context);
        addImageConfig(router, context);
        addImageList(router, context);
        addImageDiff(router, context);
        addLayerImages(router, context);
        addFind(router, context);
        addExports(router, context);
        addPushes(router, context);
        addStorage(router, context);
    }
}

Result<> Server::Private::listen(const SocketFile &socket)
{
    local = std::make_unique<HttpListener>(router, activity, options.patience);
    if (const Result<> listening = local->listenOnSocket(options.socketPath); !listening)
        return listening;
    if (const Result<> safe = socket.protect(); !safe)
        return safe;
    if (options.listenPort == 0)
        return {};
    tcp = std::make_unique<HttpListener>(router, activity, options.patience, options.token);
    return tcp->listenOnPort(options.listenHost, options.listenPort);
}

bool Server::Private::isIdle()
{
    const auto since = activity.idleSince();
    return since && options.idleExit > 0s && operations.counts().empty() &&
           std::chrono::steady_clock::now() - *since >= options.idleExit &&
           std::chrono::steady_clock::now() - operations.lastEnd() >= options.idleExit;
}

bool Server::Private::isQuiet() const
{
    const auto since = activity.idleSince();
    return since && std::chrono::steady_clock::now() - *since >= quietTime;
}

void Server::Private::waitForEnd()
{
    context.store.database().disconnect();
    bool tidy = true;
    while (!wakeUp.wait(500ms)) {
        if (isIdle())
            return;
        const bool quiet = isQuiet();
        if (quiet && !tidy)
            ::malloc_trim(0); // What a crowd of clients needed goes back to the machine.
        tidy = quiet;
    }
}

// Operations first: their followers then see them end.
void Server::Private::close()
{
    operations.shutDown();
    local.reset();
    tcp.reset();
    views.clear();
}

Server::Server(Store &store, Result<RuntimeChoice> runtime, ServerOptions options)
    : d(std::make_unique<Private>(store, std::move(runtime), std::move(options)))
{
}

Server::~Server() = default;

Result<> Server::serve()
{
    // A client that goes away must not take the engine along.
    std::signal(SIGPIPE, SIG_IGN);
    const Result<SocketFile> socket = SocketFile::claim(d->options.socketPath);
    if (!socket)
        return std::unexpected(socket.error());
    d->wakeUp.catchSignals();
    const Result<> listening = d->listen(*socket);
    if (listening)
        d->waitForEnd();
    d->close();
    return listening;
}

void Server::stop()
{
    d->wakeUp.notify();
}

} // namespace cooperage::embedded
