#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace cooperage::embedded {

/// The words of the command line, as they were given.
struct EngineWords
{
    QString socket;
    QString store;
    QString listen;
    QString tokenFile;
    QString idleExit;
    bool extensions = true;
};

struct EngineOptions
{
    QString socketPath;
    QString storeFolder;
    QString listenHost;
    int listenPort = 0; ///< 0: no TCP.
    QByteArray token;
    std::chrono::seconds idleExit{600};
    bool extensions = true;
};

/// BadInput names the option that is missing or wrong.
[[nodiscard]] Result<EngineOptions> checkedOptions(const EngineWords &words);

/// Blocks SIGTERM and SIGINT in this thread and all that it will start: serveEngine() waits for them.
void blockStopSignals();

/// Opens the store, makes the base image, tries the runtime and serves until a signal or the idle time.
/// Beside the socket stands engine.pid for as long.
[[nodiscard]] Result<> serveEngine(const EngineOptions &options);

} // namespace cooperage::embedded
