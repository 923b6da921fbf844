#pragma once

#include "core/base/error.h"
#include "core/embedded/runtime/run.h"
#include "core/embedded/store/store.h"

#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace cooperage::embedded {

struct ServerOptions
{
    QString socketPath;   ///< Unix socket; its folder is made 0700, the socket 0600.
    QString listenHost{}; ///< With a port: a TCP listener beside the socket.
    int listenPort = 0;
    QByteArray token{};                 ///< Bearer token of the TCP listener; required there.
    std::chrono::seconds idleExit{600}; ///< Gone after so long without request or operation; 0: never.
    bool extensions = true;             ///< Off: plain v1 only.
    std::chrono::milliseconds patience{30'000}; ///< With clients that send or take nothing.
};

/// The HTTP server over a store: one file per resource in this folder.
class Server
{
public:
    /// `runtime` is the runtime or the reason why there is none: RUN then fails with that reason.
    Server(Store &store, Result<RuntimeChoice> runtime, ServerOptions options);
    ~Server();

    /// Serves until `stop`, a signal or the idle time; blocks. The error says why it could not listen.
    [[nodiscard]] Result<> serve();
    /// From any thread: running operations are cancelled, then `serve` returns.
    void stop();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cooperage::embedded
