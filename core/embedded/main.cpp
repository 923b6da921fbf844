#include "core/embedded/engine.h"
#include "core/embedded/runtime/namespaces.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

using namespace Qt::StringLiterals;
using namespace cooperage;

static int complain(const Error &error)
{
    std::fprintf(stderr, "cooperage-engine: %s\n", qUtf8Printable(error.text()));
    return 1;
}

static QString tr(const char *text)
{
    return QCoreApplication::translate("Engine", text);
}

static Result<embedded::EngineOptions> parseOptions(const QCoreApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Serves the ConTree v1 protocol over a store of container images."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(u"serve"_s, tr("Serve until told to stop."), u"serve"_s);
    const QCommandLineOption socket(u"socket"_s, tr("Unix socket to listen on."), tr("path"));
    const QCommandLineOption store(u"store"_s, tr("Folder of the images."), tr("folder"));
    const QCommandLineOption listen(u"listen"_s, tr("Also listen on this TCP address."), tr("host:port"));
    const QCommandLineOption token(u"token-file"_s, tr("File with the bearer token that TCP clients need."),
                                   tr("file"));
    const QCommandLineOption idle(u"idle-exit"_s, tr("End after so long without work; 0: never."),
                                  tr("seconds"), u"600"_s);
    const QCommandLineOption plain(u"no-extensions"_s, tr("Plain ConTree v1 only."));
    parser.addOptions({socket, store, listen, token, idle, plain});
    parser.process(app);
    if (parser.positionalArguments() != QStringList{u"serve"_s})
        return failure(ErrorKind::BadInput, tr("The one command is: serve"), {}, tr("See --help."));
    return embedded::checkedOptions({parser.value(socket), parser.value(store), parser.value(listen),
                                     parser.value(token), parser.value(idle), !parser.isSet(plain)});
}

int main(int argc, char **argv)
{
    const bool serves = argc > 1 && std::string_view(argv[1]) == "serve" &&
                        std::none_of(argv, argv + argc, [](const char *word) {
                            return std::strcmp(word, "--help") == 0 || std::strcmp(word, "--version") == 0;
                        });
    if (serves) {
        if (const Result<> entered = embedded::enterNamespaces(argv); !entered)
            return complain(entered.error());
        embedded::blockStopSignals(); // Before the first thread: all inherit it.
    }
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"cooperage-engine"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(COOPERAGE_VERSION));
    const Result<embedded::EngineOptions> options = parseOptions(app);
    if (!options)
        return complain(options.error());
    const Result<> served = embedded::serveEngine(*options);
    return served ? 0 : complain(served.error());
}
