#include "core/engine/launcher.h"

#include "core/engine/contree/errors.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/waiting.h"
#include "core/engine/enginelog.h"
#include "core/engine/processhandle.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QProcess>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine {

using contree::sleepFor;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(LocalEngine)
};

/// An engine process that has been started and may not answer yet.
struct Starting
{
    qint64 processId = 0;
    std::optional<ProcessHandle> process{};
    qint64 logOffset = 0;

    // A process whose number is unknown already has ended before it could be looked at.
    [[nodiscard]] bool hasEnded() const { return !process || process->hasEnded(); }
};

} // namespace

static constexpr auto startTime = 20s;
static constexpr auto stopTime = 20s;
static constexpr auto pause = 50ms;

static contree::TransportPtr probeTransport(const LocalPaths &paths)
{
    return contree::Transport::create({.socketPath = paths.socket, .retry = {.attempts = 1}});
}

static Result<Starting> launch(const LocalPaths &paths)
{
    const auto program = engineProgram();
    if (!program)
        return std::unexpected(program.error());
    rotateLog(paths.log);
    Starting starting{.logOffset = QFileInfo(paths.log).size()};
    QProcess process;
    process.setProgram(*program);
    process.setArguments({u"serve"_s, u"--socket"_s, paths.socket, u"--store"_s, paths.store});
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(paths.log, QIODevice::Append);
    process.setStandardErrorFile(paths.log, QIODevice::Append);
    process.setWorkingDirectory(u"/"_s);
    if (!process.startDetached(&starting.processId))
        return failure(ErrorKind::Failed,
                       Texts::tr("The engine cannot be started: %1").arg(process.errorString()), *program);
    starting.process = ProcessHandle::open(starting.processId);
    return starting;
}

static Error startError(const LocalPaths &paths, const Starting &starting)
{
    const QString said = logTail(paths.log, starting.logOffset);
    const QString what = starting.hasEnded()
                             ? Texts::tr("The engine ended while it was starting")
                             : Texts::tr("The engine has not answered for %1 seconds").arg(startTime.count());
    return {ErrorKind::Unreachable,
            said.isEmpty() ? what : what + u":\n"_s + said + u'\n',
            {},
            Texts::tr("Its log is %1.").arg(paths.log)};
}

// The process of the pid file, if it is the engine of this very socket.
static std::optional<std::pair<qint64, ProcessHandle>> runningEngine(const LocalPaths &paths)
{
    QFile pidFile(paths.pidFile);
    if (!pidFile.open(QFile::ReadOnly))
        return std::nullopt;
    const qint64 pid = pidFile.read(32).trimmed().toLongLong();
    auto process = ProcessHandle::open(pid);
    QFile commandLine(u"/proc/%1/cmdline"_s.arg(pid));
    if (!process || !commandLine.open(QFile::ReadOnly))
        return std::nullopt;
    const QByteArrayList words = commandLine.readAll().split('\0');
    if (!QFileInfo(QFile::decodeName(words.first())).fileName().startsWith("cooperage-engine"_L1) ||
        !words.contains(QFile::encodeName(paths.socket)))
        return std::nullopt;
    return std::pair(pid, *process);
}

static Task<> waitUntilAnswering(LocalPaths paths, contree::TransportPtr probe, Starting starting,
                                 std::stop_token stop)
{
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        // In this order: an engine that has ended since may have made way for somebody else's, which answers.
        const bool ended = starting.hasEnded();
        const auto info = co_await contree::whoami(probe, stop);
        if (info)
            co_return Result<>{};
        if (stop.stop_requested())
            co_return std::unexpected(info.error());
        // Ours may have ended because another one has the store already and is on its way: that of a start
        // that was given up, for example.
        if ((ended && !runningEngine(paths)) || timer.durationElapsed() > startTime)
            co_return std::unexpected(startError(paths, starting));
        co_await sleepFor(pause, stop);
    }
}

Task<> startLocalEngine(LocalPaths paths, std::stop_token stop)
{
    if (auto made = paths.makeFolders(); !made)
        co_return made;
    const contree::TransportPtr probe = probeTransport(paths);
    QLockFile lock(paths.lockFile);
    lock.setStaleLockTime(0ms); // Stale only when its owner is gone.
    QElapsedTimer timer;
    timer.start();
    for (int round = 0;; ++round) {
        const bool locked = round > 0 && lock.tryLock(0ms);
        const auto info = co_await contree::whoami(probe, stop);
        if (info)
            co_return Result<>{};
        if (stop.stop_requested())
            co_return std::unexpected(info.error());
        if (locked)
            break;
        if (timer.durationElapsed() > startTime + pause)
            co_return failure(ErrorKind::Unreachable,
                              Texts::tr("Another program is starting the engine and does not finish"),
                              paths.lockFile);
        if (round > 0)
            co_await sleepFor(pause, stop);
    }
    const auto starting = launch(paths);
    if (!starting)
        co_return std::unexpected(starting.error());
    co_return co_await waitUntilAnswering(paths, probe, *starting, stop);
}

Task<bool> stopLocalEngine(LocalPaths paths, std::stop_token stop)
{
    const auto engine = runningEngine(paths);
    if (!engine) {
        const auto info = co_await contree::whoami(probeTransport(paths), stop);
        if (info)
            co_return failure(ErrorKind::Failed,
                              Texts::tr("The engine answers, but its process is not known"), paths.pidFile,
                              Texts::tr("End the process cooperage-engine yourself."));
        co_return false;
    }
    const auto &[pid, process] = *engine;
    if (!process.sendSignal(SIGTERM) && !process.hasEnded())
        co_return failure(ErrorKind::Denied, Texts::tr("The engine (process %1) cannot be ended").arg(pid));
    QElapsedTimer timer;
    timer.start();
    while (!process.hasEnded()) {
        if (stop.stop_requested())
            co_return std::unexpected(contree::cancelledError());
        if (timer.durationElapsed() > stopTime)
            co_return failure(
                ErrorKind::Failed,
                Texts::tr("The engine (process %1) has been asked to end and still runs").arg(pid), {},
                Texts::tr("Its log is %1.").arg(paths.log));
        co_await sleepFor(pause, stop);
    }
    co_return true;
}

Task<LocalStatus> localEngineStatus(LocalPaths paths, std::stop_token stop)
{
    const auto info = co_await contree::whoami(probeTransport(paths), stop);
    if (!info && info.error().kind == ErrorKind::Unreachable)
        co_return LocalStatus{};
    if (!info)
        co_return std::unexpected(info.error());
    const auto engine = runningEngine(paths);
    co_return LocalStatus{true, engine ? engine->first : 0, *info};
}

} // namespace cooperage::engine
