#include "app/cli/cli.h"

#include "app/cli/buildcommand.h"
#include "app/cli/support.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QNetworkProxyFactory>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Verb
{
    QString name;
    int (*run)(const QStringList &arguments);
    const char *summary;
};

} // namespace

static const QList<Verb> &verbs()
{
    static const QList<Verb> table{
        {verb::build, runBuild, QT_TRANSLATE_NOOP("Cli", "Build an image from a Dockerfile")},
        {verb::check, runCheck, QT_TRANSLATE_NOOP("Cli", "Say what is wrong with a Dockerfile")},
        {verb::images, runImages, QT_TRANSLATE_NOOP("Cli", "List images")},
        {verb::tag, runTag, QT_TRANSLATE_NOOP("Cli", "Give an image a tag, or take it away")},
        {verb::import, runImport, QT_TRANSLATE_NOOP("Cli", "Import an image from a registry or an archive")},
        {verb::exportImage, runExport, QT_TRANSLATE_NOOP("Cli", "Write an image into a file or folder")},
        {verb::push, runPush, QT_TRANSLATE_NOOP("Cli", "Push an image to a registry")},
        {verb::run, runRun, QT_TRANSLATE_NOOP("Cli", "Run a command in an image")},
        {verb::list, runList, QT_TRANSLATE_NOOP("Cli", "List a folder of an image")},
        {verb::print, runPrint, QT_TRANSLATE_NOOP("Cli", "Print a file of an image")},
        {verb::copy, runCopy, QT_TRANSLATE_NOOP("Cli", "Copy a file or folder out of an image")},
        {verb::diff, runDiff, QT_TRANSLATE_NOOP("Cli", "List in what two images differ")},
        {verb::grep, runGrep, QT_TRANSLATE_NOOP("Cli", "Search the files of an image")},
        {verb::find, runFind, QT_TRANSLATE_NOOP("Cli", "Find files of an image by name")},
        {verb::waste, runWaste, QT_TRANSLATE_NOOP("Cli", "List files that layers of an image hide")},
        {verb::operations, runOperations, QT_TRANSLATE_NOOP("Cli", "List what the engine is doing")},
        {verb::removeImage, runRemoveImage, QT_TRANSLATE_NOOP("Cli", "Remove images")},
        {verb::show, runShow, QT_TRANSLATE_NOOP("Cli", "Show an operation and what it printed")},
        {verb::kill, runKill, QT_TRANSLATE_NOOP("Cli", "Cancel operations")},
        {verb::session, runSession,
         QT_TRANSLATE_NOOP("Cli", "Work step by step in an image, with a history")},
        {verb::connections, runConnections,
         QT_TRANSLATE_NOOP("Cli", "List the engines that can be used, and test them")},
        {verb::engine, runEngine,
         QT_TRANSLATE_NOOP("Cli", "Start, stop or look at the engine on this computer, and free its space")},
    };
    return table;
}

static const Verb *findVerb(const QString &name)
{
    const auto found = std::ranges::find(verbs(), name, &Verb::name);
    return found == verbs().end() ? nullptr : &*found;
}

static bool asksForHelp(const QString &argument)
{
    return argument == "--help"_L1 || argument == "-h"_L1 || argument == "help"_L1;
}

static bool asksForVersion(const QString &argument)
{
    return argument == "--version"_L1 || argument == "-v"_L1;
}

bool isVerb(const QString &argument)
{
    return findVerb(argument) || asksForHelp(argument) || asksForVersion(argument);
}

static QString help()
{
    QString lines;
    for (const Verb &entry : verbs())
        lines += u"  %1  %2\n"_s.arg(entry.name, -11).arg(QCoreApplication::translate("Cli", entry.summary));
    return QCoreApplication::translate("Cli", "Usage: cooperage [FILE...]           open the window\n"
                                              "       cooperage COMMAND [options]   work without it\n\n"
                                              "Commands:\n%1\n"
                                              "`cooperage COMMAND --help` says more about a command.\n\n"
                                              "Examples:\n"
                                              "  cooperage build . -t myapp:1.0\n"
                                              "  cooperage run myapp:1.0 -- ls -l /app\n\n"
                                              "--engine NAME or COOPERAGE_ENGINE_PROFILE choose a connection "
                                              "of the settings; COOPERAGE_URL and\n"
                                              "COOPERAGE_TOKEN name a ConTree engine that is none of them.")
        .arg(lines);
}

int run(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const QStringList arguments = application.arguments().sliced(1);
    const QString first = arguments.value(0);
    if (asksForVersion(first)) {
        print(u"cooperage %1"_s.arg(QCoreApplication::applicationVersion()));
        return Success;
    }
    if (const Verb *found = findVerb(first)) {
        (void)interrupted(); // From here on Ctrl-C is caught.
        return found->run(arguments.sliced(1));
    }
    if (asksForHelp(first)) {
        print(help());
        return Success;
    }
    printError(
        QCoreApplication::translate("Cli", "cooperage: there is no command \"%1\" (see `cooperage --help`)")
            .arg(first));
    return Usage;
}

} // namespace cooperage::cli
