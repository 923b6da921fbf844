#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/engine/launcher.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static int status(const engine::LocalPaths &paths)
{
    const auto status = await(engine::localEngineStatus(paths, interrupted()));
    if (!status)
        return fail(status.error());
    if (!status->running) {
        print(Texts::tr("not running"));
        return Failure;
    }
    QStringList extensions = status->info.extensions.values();
    extensions.sort();
    print(Texts::tr("running, process %1\nsocket: %2\nstore: %3\nlog: %4\nextensions: %5")
              .arg(status->processId)
              .arg(paths.socket, paths.store, paths.log, extensions.join(u", "_s)));
    return Success;
}

static int stop(const engine::LocalPaths &paths)
{
    const auto stopped = await(engine::stopLocalEngine(paths, interrupted()));
    if (!stopped)
        return fail(stopped.error());
    printError(*stopped ? Texts::tr("The engine has ended.") : Texts::tr("The engine was not running."));
    return Success;
}

static int start(const engine::LocalPaths &paths)
{
    const auto started = await(engine::startLocalEngine(paths, interrupted()));
    return started ? Success : fail(started.error());
}

// Becomes the engine: its output, its signals and its exit code are then those of this process.
static int serve(const engine::LocalPaths &paths, const VerbParser &parser)
{
    const auto program = engine::engineProgram();
    if (!program)
        return fail(program.error());
    if (auto made = paths.makeFolders(); !made)
        return fail(made.error());
    QStringList words{*program,     u"serve"_s,  u"--socket"_s,    paths.socket,
                      u"--store"_s, paths.store, u"--idle-exit"_s, u"0"_s};
    if (parser.isSet(u"listen"_s))
        words += {u"--listen"_s, parser.value(u"listen"_s), u"--token-file"_s, parser.value(u"token-file"_s)};
    std::vector<QByteArray> encoded;
    for (const QString &word : words)
        encoded.push_back(QFile::encodeName(word));
    std::vector<char *> argv;
    for (QByteArray &word : encoded)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv.front(), argv.data());
    return fail(systemError(errno, Texts::tr("Cannot start the engine"), *program));
}

int runEngine(const QStringList &arguments)
{
    if (arguments.value(0) == "df"_L1)
        return runEngineUse(arguments.sliced(1));
    if (arguments.value(0) == "gc"_L1)
        return runEngineCollect(arguments.sliced(1));
    VerbParser parser(
        verb::engine, u"start|stop|status|serve|df|gc"_s,
        Texts::tr("The engine on this computer. It starts by itself when it is needed and ends when it has "
                  "had nothing to do for a while; `serve` runs it in the foreground until Ctrl-C, also for "
                  "other programs. `df` shows what takes space and `gc` frees it: see their --help."),
        {u"cooperage engine status"_s,
         u"cooperage engine serve --listen 127.0.0.1:8090 --token-file ~/.config/cooperage/token"_s});
    parser.addOptions(
        {{u"listen"_s, Texts::tr("With serve: accept connections at <host:port> too."), u"host:port"_s},
         {u"token-file"_s, Texts::tr("With --listen: clients must know the token in <file>."), u"file"_s}});
    if (const auto done = parser.parse(arguments, 1, 1))
        return *done;
    if (parser.isSet(u"listen"_s) != parser.isSet(u"token-file"_s))
        return usageError(verb::engine, Texts::tr("--listen and --token-file go together"));
    const auto paths = engine::LocalPaths::standard();
    if (!paths)
        return fail(paths.error());
    const QString action = parser.positionalArguments().first();
    if (action == "serve"_L1)
        return serve(*paths, parser);
    if (parser.isSet(u"listen"_s))
        return usageError(verb::engine, Texts::tr("--listen belongs to serve"));
    if (action == "start"_L1)
        return start(*paths);
    if (action == "stop"_L1)
        return stop(*paths);
    if (action == "status"_L1)
        return status(*paths);
    return usageError(verb::engine, Texts::tr("there is no \"engine %1\"").arg(action));
}

} // namespace cooperage::cli
