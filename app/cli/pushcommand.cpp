#include "app/cli/cli.h"
#include "app/cli/progress.h"
#include "app/cli/signin.h"
#include "app/cli/support.h"
#include "app/cli/verbs.h"
#include "core/images/reference.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static int push(const QString &image, const engine::PushRequest &order)
{
    const auto engine = openEngine();
    const auto record = await(engine->resolve(image, interrupted()));
    if (!record)
        return fail(record.error());
    engine::PushRequest request = order;
    request.image = record->uuid;
    Progress progress;
    const auto outcome = await(engine->pushImage(request, progress.handler(), interrupted()));
    progress.clear();
    if (!outcome)
        return fail(outcome.error());
    for (const QString &note : outcome->notes)
        printError(note);
    printError(Texts::tr("Pushed to %1").arg(request.reference));
    print(outcome->digest);
    return Success;
}

int runPush(const QStringList &arguments)
{
    VerbParser parser(
        verb::push, u"IMAGE [REFERENCE]"_s,
        Texts::tr("Sends an image to a registry, under REFERENCE or under the image's own name, and "
                  "prints the digest that it has there."),
        {u"cooperage push myapp:1.0 ghcr.io/me/myapp:1.0"_s, u"cooperage push localhost:5000/myapp:1.0"_s});
    addRegistryOptions(parser);
    parser.addOptions(
        {{u"compression"_s, Texts::tr("Compress new layers with gzip or zstd."), u"form"_s, u"gzip"_s},
         {u"timeout"_s, Texts::tr("Give up after <seconds>."), u"seconds"_s, u"3600"_s}});
    if (const auto done = parser.parse(arguments, 1, 2))
        return *done;
    const auto timeout = parser.seconds(u"timeout"_s);
    if (!timeout)
        return Usage;
    const QString compression = parser.value(u"compression"_s);
    if (compression != "gzip"_L1 && compression != "zstd"_L1)
        return usageError(verb::push,
                          Texts::tr("--compression is gzip or zstd, not \"%1\"").arg(compression));
    const QString image = parser.positionalArguments().first();
    QString name = parser.positionalArguments().value(1, image);
    if (name == image && name.startsWith("tag:"_L1))
        name.remove(0, 4);
    if (images::isUuid(name))
        return usageError(verb::push,
                          Texts::tr("an image without a name wants a REFERENCE to be pushed under"));
    const auto reference = images::Reference::parse(name);
    if (!reference)
        return usageError(verb::push, reference.error().text());
    const auto account = signIn(parser, verb::push, name);
    if (!account)
        return account.error();
    return push(image, {.image = {},
                        .reference = reference->toString(),
                        .credentials = *account,
                        .plainHttp = parser.isSet(u"plain-http"_s),
                        .compression = compression,
                        .timeoutSeconds = *timeout});
}

} // namespace cooperage::cli
