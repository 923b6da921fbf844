#include "app/cli/buildcommand.h"
#include "app/cli/checkreport.h"
#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/build/buildchecks.h"
#include "core/dockerfile/parser.h"
#include "core/dockerfile/stages.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

// `cooperage check`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

/// The file, and the folder that COPY takes from.
struct CheckedPlaces
{
    QString file;
    QString folder;
};

} // namespace

static void addOptions(VerbParser &parser)
{
    parser.addOptions(
        {{{u"f"_s, u"file"_s}, Texts::tr("The Dockerfile; PATH/Dockerfile by default."), u"file"_s},
         {u"target"_s, Texts::tr("Check the stages that this one needs; all by default."), u"stage"_s},
         {u"build-arg"_s, Texts::tr("Value of an ARG; NAME alone takes the environment's. May be repeated."),
          u"NAME=VALUE"_s},
         {u"no-default-excludes"_s,
          Texts::tr("As in the build: .git, node_modules, build... are not left out.")},
         {u"format"_s, Texts::tr("How to report: text, json or sarif."), u"form"_s, u"text"_s}});
}

static Result<CheckedPlaces> placesOf(const QString &path, const QString &file)
{
    const QFileInfo named(path);
    if (named.isFile() && file.isEmpty())
        return CheckedPlaces{path, named.path()};
    if (!named.isDir())
        return failure(ErrorKind::NotFound, Texts::tr("There is no such folder or file"), path,
                       Texts::tr("Name the folder that holds the Dockerfile, or the Dockerfile itself."));
    const QString own = path == "."_L1 ? u"Dockerfile"_s : QDir::cleanPath(path + u"/Dockerfile"_s);
    return CheckedPlaces{file.isEmpty() ? own : file, path};
}

static Result<QString> readText(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(file.exists() ? ErrorKind::Denied : ErrorKind::NotFound,
                       Texts::tr("Cannot read the Dockerfile: %1").arg(file.errorString()), path,
                       Texts::tr("Create it, or name another file with --file."));
    return QString::fromUtf8(file.readAll());
}

/// A stage that is not there is a mistake of the command line, not of the file.
static Result<> checkTarget(const QString &text, const QString &target)
{
    if (target.isEmpty() || dockerfile::stagesOf(dockerfile::parse(text)).find(target))
        return {};
    return failure(ErrorKind::NotFound, Texts::tr("target stage \"%1\" could not be found").arg(target), {},
                   Texts::tr("Name a stage that a FROM ... AS gives, or leave out --target."));
}

static void printReport(const CheckReport &report, const QString &format)
{
    if (format == "text"_L1) {
        print(checkText(report));
        return;
    }
    const QJsonObject object = format == "json"_L1 ? checkJson(report) : checkSarif(report);
    print(QString::fromUtf8(QJsonDocument(object).toJson()).trimmed());
}

static int check(const CheckedPlaces &places, const build::CheckRequest &request, bool builtInExcludes,
                 const QString &format)
{
    const auto text = readText(places.file);
    if (!text)
        return fail(text.error());
    if (const auto known = checkTarget(*text, request.target); !known)
        return fail(known.error());
    checks::CheckSettings settings = build::checkSettings(request);
    const auto sources =
        checks::CopySources::open(places.folder, QFileInfo(places.file).absoluteFilePath(), builtInExcludes);
    if (!sources)
        return fail(sources.error());
    settings.sources = *sources;
    // What earlier builds have learnt of base images helps; without it nothing is lost but that.
    std::unique_ptr<sessions::SessionStore> store;
    if (const QString file = sessions::SessionStore::defaultFile(); QFile::exists(file))
        store = sessions::SessionStore::open(file, engineScope()).value_or(nullptr);
    if (store)
        settings.image = [&store](const QString &reference) { return build::knownImage(*store, reference); };
    const CheckReport report{places.file, *text, checks::Checker(settings).check(*text)};
    printReport(report, format);
    if (!report.result.fatalRules.isEmpty()) {
        printError(
            Texts::tr("cooperage: %1: lint violation found for rules: %2. Mend what is said of them, or "
                      "take error=true out of the \"# check=\" line.")
                .arg(places.file, report.result.fatalRules.join(u", "_s)));
        return Failure;
    }
    return report.result.hasErrors() ? Failure : Success;
}

int runCheck(const QStringList &arguments)
{
    VerbParser parser(
        verb::check, u"[PATH]"_s,
        Texts::tr("Says what is wrong with a Dockerfile, by the rules of BuildKit and hadolint and our own, "
                  "without building it. PATH is the folder that a build would get (the current one by "
                  "default), or the file. The exit code is 1 where an error was found, or a warning in a "
                  "file that says \"# check=error=true\". \"# check=skip=RULE\" and \"# hadolint "
                  "ignore=RULE\" silence a rule; docs/checks.md lists them all."),
        {u"cooperage check"_s, u"cooperage check service -f service/Dockerfile.prod --target runtime"_s,
         u"cooperage check --format sarif > dockerfile.sarif"_s});
    addOptions(parser);
    if (const auto done = parser.parse(arguments, 0, 1))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (!QStringList{u"text"_s, u"json"_s, u"sarif"_s}.contains(format))
        return usageError(verb::check, Texts::tr("--format is text, json or sarif, not \"%1\"").arg(format));
    const auto given = buildArgsOf(parser.values(u"build-arg"_s));
    if (!given)
        return usageError(verb::check, given.error().text());
    const auto places = placesOf(parser.positionalArguments().value(0, u"."_s), parser.value(u"file"_s));
    if (!places)
        return fail(places.error());
    const QString target = parser.value(u"target"_s);
    return check(*places,
                 {.buildArgs = *given,
                  .target = target,
                  .reachedOnly = !target.isEmpty(),
                  .engineKeepsConfig = isEmbeddedChosen()},
                 !parser.isSet(u"no-default-excludes"_s), format);
}

} // namespace cooperage::cli
