#include "app/cli/cli.h"
#include "app/cli/progress.h"
#include "app/cli/signin.h"
#include "app/cli/support.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

// "x.tar" that exists, or anything that looks like a path, is a file or folder; all else is a reference.
static bool isArchive(const QString &source)
{
    const bool looksLikePath =
        source.startsWith(u'/') || source.startsWith("./"_L1) || source.startsWith("../"_L1);
    return looksLikePath || source.endsWith(u'/') ||
           (source.contains(".tar"_L1) && QFileInfo(source).isFile());
}

int runImport(const QStringList &arguments)
{
    VerbParser parser(verb::import, u"REFERENCE|FILE.tar|FOLDER/"_s,
                      Texts::tr("Brings an image from a registry, or from an archive or OCI layout on this "
                                "computer, into the engine."),
                      {u"cooperage import ubuntu:24.04"_s, u"cooperage import ./image.tar --tag myapp:1.0"_s,
                       u"cooperage import ghcr.io/me/app --username me --password-stdin < token"_s});
    addRegistryOptions(parser);
    parser.addOptions(
        {{u"tag"_s, Texts::tr("File it under <tag> instead of its own name."), u"tag"_s},
         {u"platform"_s, Texts::tr("The image for <platform>, not the one for this machine: linux/arm64."),
          u"platform"_s},
         {u"timeout"_s, Texts::tr("Give up after <seconds>."), u"seconds"_s, u"300"_s}});
    if (const auto done = parser.parse(arguments, 1, 1))
        return *done;
    const auto timeout = parser.seconds(u"timeout"_s);
    if (!timeout)
        return Usage;
    const QString source = parser.positionalArguments().first();
    engine::ImportRequest request{.reference = isArchive(source) ? QString() : source};
    const auto account = signIn(parser, verb::import, request.reference);
    if (!account)
        return account.error();
    if (isArchive(source))
        request.archivePath = QFileInfo(source).absoluteFilePath();
    request.credentials = *account;
    request.plainHttp = parser.isSet(u"plain-http"_s);
    request.tag = parser.value(u"tag"_s);
    request.timeoutSeconds = *timeout;
    request.platform = parser.value(u"platform"_s);
    const auto engine = openEngine();
    Progress progress;
    const auto outcome = await(engine->importImage(request, progress.handler(), interrupted()));
    progress.clear();
    if (!outcome)
        return fail(outcome.error());
    for (const QString &note : outcome->notes)
        printError(note);
    if (!outcome->tag.isEmpty())
        printError(Texts::tr("Imported as %1").arg(outcome->tag));
    print(outcome->image);
    return Success;
}

} // namespace cooperage::cli
