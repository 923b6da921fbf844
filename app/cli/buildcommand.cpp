#include "app/cli/buildcommand.h"

#include "app/cli/buildoutput.h"
#include "app/cli/cli.h"
#include "app/cli/signin.h"
#include "app/cli/support.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/build/builder.h"
#include "core/images/reference.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>

#include <stop_token>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static void addOptions(VerbParser &parser)
{
    parser.addOptions(
        {{{u"f"_s, u"dockerfile"_s}, Texts::tr("The Dockerfile; CONTEXT/Dockerfile by default."), u"file"_s},
         {{u"t"_s, u"tag"_s}, Texts::tr("Tag the image; may be repeated."), u"NAME[:TAG]"_s},
         {u"build-arg"_s, Texts::tr("Value of an ARG; NAME alone takes the environment's. May be repeated."),
          u"NAME=VALUE"_s},
         {u"label"_s, Texts::tr("A label of the image, over those of the Dockerfile. May be repeated."),
          u"NAME=VALUE"_s},
         {u"platform"_s, Texts::tr("The platform to build for; only this machine's can be built."),
          u"OS/ARCH"_s},
         {u"target"_s, Texts::tr("Build this stage instead of the last one."), u"stage"_s},
         {u"secret"_s,
          Texts::tr("For RUN --mount=type=secret: a file or a variable of the environment. May be repeated."),
          u"id=NAME,src=FILE|env=VARIABLE"_s},
         {u"ssh"_s,
          Texts::tr("For RUN --mount=type=ssh: your SSH agent, or files with keys. May be repeated."),
          u"default|ID=SOCKET|KEY"_s},
         {u"network"_s,
          Texts::tr("Network of RUN: default, none, or host, which also allows RUN --network=host."),
          u"mode"_s, u"default"_s},
         {u"no-cache"_s, Texts::tr("Reuse nothing of earlier builds.")},
         {u"timeout"_s, Texts::tr("End a RUN after <seconds>."), u"seconds"_s, u"600"_s},
         {u"no-default-excludes"_s,
          Texts::tr("Send .git, node_modules, build... too, unless .dockerignore names them.")},
         {u"progress"_s, Texts::tr("How to report: plain, json or quiet."), u"form"_s, u"plain"_s}});
}

Result<QMap<QString, QString>> buildArgsOf(const QStringList &words)
{
    QMap<QString, QString> result;
    for (const QString &word : words) {
        const qsizetype equals = word.indexOf(u'=');
        const QString name = equals < 0 ? word : word.first(equals);
        if (name.isEmpty())
            return failure(ErrorKind::BadInput,
                           Texts::tr("--build-arg wants NAME=VALUE, not \"%1\"").arg(word));
        const QByteArray variable = name.toLocal8Bit();
        if (equals >= 0)
            result.insert(name, word.sliced(equals + 1));
        else if (qEnvironmentVariableIsSet(variable.constData()))
            result.insert(name, qEnvironmentVariable(variable.constData()));
    }
    return result;
}

// "K=V"; a name alone is a label without a value.
static Result<QMap<QString, QString>> labels(const QStringList &words)
{
    QMap<QString, QString> result;
    for (const QString &word : words) {
        const QString name = word.section(u'=', 0, 0);
        if (name.isEmpty())
            return failure(ErrorKind::BadInput, Texts::tr("--label wants NAME=VALUE, not \"%1\"").arg(word));
        result.insert(name, word.section(u'=', 1));
    }
    return result;
}

static Result<> readSecretOptions(const VerbParser &parser, build::BuildRequest *request)
{
    for (const QString &word : parser.values(u"secret"_s)) {
        const auto source = build::readSecretSource(word);
        if (!source)
            return std::unexpected(source.error());
        request->secrets << *source;
    }
    for (const QString &word : parser.values(u"ssh"_s)) {
        const auto source = build::readAgentSource(word);
        if (!source)
            return std::unexpected(source.error());
        request->agents << *source;
    }
    request->network = parser.value(u"network"_s);
    if (!QStringList{u"default"_s, u"none"_s, u"host"_s}.contains(request->network))
        return failure(ErrorKind::BadInput,
                       Texts::tr("--network is default, none or host, not \"%1\"").arg(request->network));
    return {};
}

static int build(const build::BuildRequest &request, BuildProgress progress)
{
    const auto sessions = sessions::SessionStore::open(sessions::SessionStore::defaultFile(), engineScope());
    if (!sessions)
        return fail(sessions.error());
    const auto engine = openEngine();
    const auto output = BuildOutput::make(progress);
    build::Builder builder(engine.get(), sessions->get());
    QObject::connect(&builder, &build::Builder::event, &builder,
                     [&output](const build::BuildEvent &event) { output->show(event); });
    const std::stop_callback onInterrupt(interrupted(), [&builder] { builder.stop(); });
    const auto result = await(builder.build(request));
    return result ? Success : fail(result.error());
}

int runBuild(const QStringList &arguments)
{
    VerbParser parser(
        verb::build, u"[CONTEXT]"_s,
        Texts::tr("Builds an image from a Dockerfile and the files of the folder CONTEXT (the current one by "
                  "default). What earlier builds of the same folder have made is reused."),
        {u"cooperage build . -t myapp:1.0"_s,
         u"cooperage build service -f service/Dockerfile.prod --build-arg VERSION=2 --target runtime"_s});
    addOptions(parser);
    if (const auto done = parser.parse(arguments, 0, 1))
        return *done;
    const auto timeout = parser.seconds(u"timeout"_s);
    if (!timeout)
        return Usage;
    const auto progress = BuildOutput::progressNamed(parser.value(u"progress"_s));
    if (!progress)
        return usageError(
            verb::build,
            Texts::tr("--progress is plain, json or quiet, not \"%1\"").arg(parser.value(u"progress"_s)));
    const auto given = buildArgsOf(parser.values(u"build-arg"_s));
    if (!given)
        return usageError(verb::build, given.error().text());
    const auto labelled = labels(parser.values(u"label"_s));
    if (!labelled)
        return usageError(verb::build, labelled.error().text());
    for (const QString &tag : parser.values(u"tag"_s)) {
        if (const auto fine = images::checkTag(tag); !fine)
            return usageError(verb::build, fine.error().text());
    }
    build::BuildRequest request;
    if (const auto read = readSecretOptions(parser, &request); !read)
        return usageError(verb::build, read.error().text());
    request.contextFolder = parser.positionalArguments().value(0, u"."_s);
    request.dockerfilePath = parser.value(u"dockerfile"_s);
    request.tags = parser.values(u"tag"_s);
    request.buildArgs = *given;
    if (const QString epoch = qEnvironmentVariable("SOURCE_DATE_EPOCH");
        !epoch.isEmpty() && !request.buildArgs.contains(u"SOURCE_DATE_EPOCH"_s))
        request.buildArgs[u"SOURCE_DATE_EPOCH"_s] = epoch;
    request.labels = *labelled;
    request.platform = parser.value(u"platform"_s);
    request.target = parser.value(u"target"_s);
    request.noCache = parser.isSet(u"no-cache"_s);
    request.timeoutSeconds = *timeout;
    request.builtInExcludes = !parser.isSet(u"no-default-excludes"_s);
    request.credentials = storedCredentials();
    return build(request, *progress);
}

} // namespace cooperage::cli
