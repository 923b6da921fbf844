#include "app/cli/cli.h"
#include "app/cli/rawterminal.h"
#include "app/cli/runoutput.h"
#include "app/cli/support.h"
#include "app/cli/tagging.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/engine/console.h"

#include <QCoreApplication>
#include <QEventLoop>

#include <limits>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static int report(engine::Engine &engine, const engine::RunOutcome &outcome, const QString &tag)
{
    if (outcome.outputTruncated)
        printError(Texts::tr("cooperage: the output was too long; the engine kept only part of it"));
    if (!outcome.image.isEmpty()) {
        printError(Texts::tr("image: %1").arg(outcome.image));
        if (!tag.isEmpty()) {
            const auto tagged = changeTag(engine, tag, {}, outcome.image, u"cooperage run"_s);
            if (!tagged)
                return fail(tagged.error());
        }
    }
    return exitCodeOf(outcome);
}

// The command on a terminal of its own, which the user's shows.
static Result<engine::RunOutcome> runOnTerminal(engine::Engine &engine, const engine::RunRequest &request,
                                                engine::ConsoleKind kind)
{
    const auto own = RawTerminal::take();
    if (!own)
        return std::unexpected(own.error());
    const auto terminal =
        await(engine::openConsole(&engine, kind, {request, RawTerminal::size()}, interrupted()));
    if (!terminal)
        return std::unexpected(terminal.error());
    engine::Terminal &there = **terminal;
    QEventLoop loop;
    QObject::connect(&there, &engine::Terminal::output, &loop,
                     [](const QByteArray &bytes) { writeRaw(engine::Stream::Stdout, bytes); });
    QObject::connect(&there, &engine::Terminal::ended, &loop, &QEventLoop::quit);
    (*own)->onKeys = [&](const QByteArray &keys) { there.write(keys); };
    (*own)->onEnd = [&] { there.hangUp(); };
    (*own)->onResize = [&](engine::TerminalSize size) { there.resize(size); };
    const std::stop_callback stop(interrupted(), [&] { there.cancel(); });
    if (!there.outcome())
        loop.exec();
    return *there.outcome();
}

static void addOptions(VerbParser &parser)
{
    parser.addOptions({{{u"i"_s, u"interactive"_s}, Texts::tr("As -t; usually both are given: -it.")},
                       {{u"t"_s, u"tty"_s},
                        Texts::tr("Run on a terminal that is connected to this one. Without a command: a "
                                  "shell.")},
                       {u"env"_s, Texts::tr("A variable for the command; may be repeated."), u"NAME=VALUE"_s},
                       {u"cwd"_s, Texts::tr("Run in <folder> of the image."), u"folder"_s},
                       {u"disposable"_s, Texts::tr("Keep nothing of what the command changes.")},
                       {u"timeout"_s, Texts::tr("End the command after <seconds>."), u"seconds"_s, u"600"_s},
                       {u"tag"_s, Texts::tr("Give the result <tag>."), u"tag"_s}});
}

int runRun(const QStringList &arguments)
{
    VerbParser parser(
        verb::run, u"[-it] IMAGE -- [COMMAND [ARGUMENT...]]"_s,
        Texts::tr("Runs a command in an image. What it changes becomes a new image, whose id is printed to "
                  "standard error; the exit code is the command's."),
        {u"cooperage run ubuntu:24.04 -- cat /etc/os-release"_s, u"cooperage run -it ubuntu:24.04"_s,
         u"cooperage run myapp:1 --env DEBUG=1 --tag myapp:2 -- sh -c 'make install'"_s});
    addOptions(parser);
    if (const auto done = parser.parse(arguments, 1, std::numeric_limits<qsizetype>::max()))
        return *done;
    const bool onTerminal = parser.isSet(u"interactive"_s) || parser.isSet(u"tty"_s);
    if (!onTerminal && parser.positionalArguments().size() < 2)
        return usageError(verb::run, Texts::tr("which command? -it without one opens a shell"));
    const auto timeout = parser.seconds(u"timeout"_s);
    if (!timeout)
        return Usage;
    if (parser.isSet(u"disposable"_s) && parser.isSet(u"tag"_s))
        return usageError(verb::run, Texts::tr("--disposable leaves nothing to tag"));
    const auto environment = variables(parser.values(u"env"_s));
    if (!environment)
        return usageError(verb::run, environment.error().text());
    QStringList words = parser.positionalArguments();
    const auto engine = openEngine();
    const auto image = await(engine->resolve(words.takeFirst(), interrupted()));
    if (!image)
        return fail(image.error());
    engine::RunRequest request{.image = image->uuid, .command = engine::shellCommand()};
    const auto kind = words.isEmpty() ? engine::ConsoleKind::Shell : engine::ConsoleKind::Command;
    request.shell = words.isEmpty();
    if (!words.isEmpty())
        request.command = words.takeFirst();
    request.args = words;
    request.env = *environment;
    request.cwd = parser.value(u"cwd"_s);
    request.timeoutSeconds = *timeout;
    request.disposable = parser.isSet(u"disposable"_s);
    const auto outcome = onTerminal ? runOnTerminal(*engine, request, kind)
                                    : await(engine->run(request, writeRaw, interrupted()));
    if (!outcome)
        return fail(outcome.error());
    return report(*engine, *outcome, parser.value(u"tag"_s));
}

} // namespace cooperage::cli
