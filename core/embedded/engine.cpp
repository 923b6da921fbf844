#include "core/embedded/engine.h"

#include "core/embedded/runtime/busyboximage.h"
#include "core/embedded/server/server.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>
#include <csignal>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {
struct EngineText
{
    Q_DECLARE_TR_FUNCTIONS(Engine)
};

// Removed with the object, also after a failure.
class PidFile
{
public:
    Result<> write(const QString &path)
    {
        QSaveFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(QByteArray::number(::getpid()) + '\n') < 0 ||
            !file.commit())
            return failure(ErrorKind::Failed,
                           EngineText::tr("Cannot write the pid file: %1").arg(file.errorString()), path);
        m_path = path;
        return {};
    }
    ~PidFile()
    {
        if (!m_path.isEmpty())
            QFile::remove(m_path);
    }

private:
    QString m_path;
};

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

// Waits for a signal in a thread of its own: nothing has to be safe within a signal handler.
class SignalWatch
{
public:
    explicit SignalWatch(Server &server)
        : m_thread([&server] {
              const sigset_t signals = stopSignals();
              int signal = 0;
              sigwait(&signals, &signal);
              server.stop();
          })
    {
    }
    ~SignalWatch()
    {
        pthread_kill(m_thread.native_handle(), SIGTERM); // Serving has ended by itself: so does the wait.
        m_thread.join();
    }

private:
    std::thread m_thread;
};

Result<QByteArray> readToken(const QString &path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return failure(ErrorKind::BadInput,
                       EngineText::tr("Cannot read the token file: %1").arg(file.errorString()), path);
    QByteArray token = file.read(64 * 1024).trimmed();
    if (token.isEmpty())
        return failure(ErrorKind::BadInput, EngineText::tr("The token file is empty"), path,
                       EngineText::tr("Write a long random word into it."));
    return token;
}

Result<> makePrivateFolder(const QString &folder)
{
    if (QFileInfo::exists(folder))
        return {}; // The server closes it to others.
    if (!QDir().mkpath(QFileInfo(folder).path()) || ::mkdir(QFile::encodeName(folder).constData(), 0700) != 0)
        return failure(ErrorKind::Failed, EngineText::tr("Cannot make the folder for the socket"), folder);
    return {};
}
} // namespace

static Result<> checkListen(const EngineWords &words, EngineOptions &options)
{
    if (words.listen.isEmpty())
        return {};
    const qsizetype colon = words.listen.lastIndexOf(u':');
    bool isNumber = false;
    options.listenPort = words.listen.mid(colon + 1).toInt(&isNumber);
    options.listenHost = words.listen.left(colon);
    if (options.listenHost.startsWith(u'[') && options.listenHost.endsWith(u']'))
        options.listenHost = options.listenHost.sliced(1, options.listenHost.size() - 2);
    if (colon <= 0 || !isNumber || options.listenPort < 1 || options.listenPort > 65535)
        return failure(ErrorKind::BadInput, EngineText::tr("--listen takes HOST:PORT"), words.listen);
    if (words.tokenFile.isEmpty())
        return failure(
            ErrorKind::BadInput, EngineText::tr("--listen needs --token-file"), words.listen,
            EngineText::tr("Anybody on this machine can reach a TCP port: write a token into a file."));
    const Result<QByteArray> token = readToken(words.tokenFile);
    if (!token)
        return std::unexpected(token.error());
    options.token = *token;
    return {};
}

Result<EngineOptions> checkedOptions(const EngineWords &words)
{
    EngineOptions options;
    if (words.socket.isEmpty() || words.store.isEmpty())
        return failure(ErrorKind::BadInput, EngineText::tr("--socket and --store are needed"), {},
                       EngineText::tr("See --help."));
    options.socketPath = QDir::current().absoluteFilePath(words.socket);
    options.storeFolder = QDir::current().absoluteFilePath(words.store);
    bool isNumber = false;
    const int seconds = words.idleExit.toInt(&isNumber);
    if (!isNumber || seconds < 0)
        return failure(ErrorKind::BadInput, EngineText::tr("--idle-exit takes a number of seconds"),
                       words.idleExit);
    options.idleExit = std::chrono::seconds(seconds);
    options.extensions = words.extensions;
    if (Result<> checked = checkListen(words, options); !checked)
        return std::unexpected(checked.error());
    return options;
}

void blockStopSignals()
{
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

static void warn(const Error &error)
{
    std::fprintf(stderr, "cooperage-engine: %s\n", qUtf8Printable(error.text()));
}

// A connection takes three descriptors, with its part of the database; the usual limit of 1,024 is below what
// 512 connections need.
static void raiseDescriptorLimit()
{
    static constexpr rlim_t wanted = 16 * 1024;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit); // Where it cannot be raised, connections wait for one another.
}

static void provideBusybox(Store &store)
{
    const QString busybox = staticBusybox();
    if (busybox.isEmpty())
        return;
    if (const Result<> made = ensureBusyboxImage(store, busybox); !made)
        warn(made.error()); // The engine is of use without it.
}

Result<> serveEngine(const EngineOptions &options)
{
    ::umask(022); // What is made in images has exactly the modes asked for; the store itself is closed by its
                  // folder.
    raiseDescriptorLimit();
    ::mallopt(M_ARENA_MAX, 4); // Hundreds of threads come and go; arenas of their own would stay.
    Result<std::unique_ptr<Store>> store = Store::open(options.storeFolder);
    if (!store)
        return std::unexpected(store.error());
    const QString folder = QFileInfo(options.socketPath).path();
    if (Result<> made = makePrivateFolder(folder); !made)
        return made;
    PidFile pid;
    if (Result<> written = pid.write(folder + u"/engine.pid"_s); !written)
        return written;
    provideBusybox(**store);
    Result<RuntimeChoice> runtime = probeRuntime((*store)->folder() + "/tmp");
    if (!runtime)
        warn(runtime.error());
    Server server(**store, std::move(runtime),
                  {options.socketPath, options.listenHost, options.listenPort, options.token,
                   options.idleExit, options.extensions});
    const SignalWatch watch(server);
    return server.serve();
}

} // namespace cooperage::embedded
