#include "app/cli/cli.h"
#include "app/cli/progress.h"
#include "app/cli/support.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/build/imageconfigs.h"
#include "core/engine/imagefile.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocale>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

/// What an output's name says about its content.
struct Suffix
{
    QString text;
    QString format;
    QString compression;
};

} // namespace

// Only a root filesystem is compressed as a whole.
static std::optional<Suffix> suffixOf(const QString &output)
{
    if (engine::isFolderName(output))
        return Suffix{u"/"_s, u"oci"_s, {}};
    if (output == "-"_L1)
        return Suffix{{}, u"docker"_s, {}};
    const QList<Suffix> known{{u".tar"_s, u"docker"_s, {}},
                              {u".tar.gz"_s, u"rootfs"_s, u"gzip"_s},
                              {u".tgz"_s, u"rootfs"_s, u"gzip"_s},
                              {u".tar.zst"_s, u"rootfs"_s, u"zstd"_s},
                              {u".tar.bz2"_s, u"rootfs"_s, u"bzip2"_s},
                              {u".tar.xz"_s, u"rootfs"_s, u"xz"_s}};
    for (const Suffix &suffix : known) {
        if (output.endsWith(suffix.text, Qt::CaseInsensitive))
            return suffix;
    }
    return std::nullopt;
}

static Result<> chooseFormat(const VerbParser &parser, const QString &output, engine::ExportRequest &request)
{
    const auto suffix = suffixOf(output);
    const QString format = parser.value(u"format"_s);
    if (format.isEmpty() && !suffix)
        return failure(
            ErrorKind::BadInput,
            Texts::tr("the name does not say what to write: end it in .tar, .tar.gz or /, or use --format"));
    request.format = format.isEmpty() ? suffix->format : format;
    request.compression = parser.value(u"compression"_s);
    const QString whole = suffix ? suffix->compression : QString();
    if (engine::isFolderName(output) && request.format != "oci"_L1)
        return failure(ErrorKind::BadInput, Texts::tr("only --format oci can be a folder"));
    if (!whole.isEmpty() && request.format != "rootfs"_L1)
        return failure(ErrorKind::BadInput,
                       Texts::tr("only --format rootfs is compressed as a whole: name it .tar"));
    if (request.format == "rootfs"_L1 && request.compression.isEmpty())
        request.compression = whole;
    return {};
}

static Result<> chooseEpoch(engine::ExportRequest &request)
{
    const QByteArray text = qgetenv("SOURCE_DATE_EPOCH");
    if (text.isEmpty())
        return {};
    bool isNumber = false;
    request.epoch = text.toLongLong(&isNumber);
    return isNumber && *request.epoch >= 0
               ? Result<>()
               : failure(ErrorKind::BadInput, Texts::tr("SOURCE_DATE_EPOCH is not a number of seconds"));
}

static Result<engine::ExportOutcome> write(engine::Engine &engine, const engine::ExportRequest &request,
                                           const QString &output)
{
    Progress progress;
    Result<engine::ExportOutcome> outcome;
    if (output == "-"_L1) {
        QFile file;
        if (!file.open(stdout, QFile::WriteOnly | QFile::Unbuffered))
            return failure(ErrorKind::Failed, file.errorString());
        outcome = await(engine.exportImage(request, &file, progress.handler(), interrupted()));
    } else {
        outcome = await(engine::exportToFile(&engine, request, output, progress.handler(), interrupted()));
    }
    progress.clear();
    return outcome;
}

int runExport(const QStringList &arguments)
{
    VerbParser parser(
        verb::exportImage, u"IMAGE -o FILE|FOLDER/|-"_s,
        Texts::tr(
            "Writes an image into a file for `docker load` (.tar), into the folder of an OCI layout (a name "
            "that ends in /), or its files alone (.tar.gz). SOURCE_DATE_EPOCH limits all times in it."),
        {u"cooperage export myapp:1.0 -o myapp.tar"_s, u"cooperage export myapp:1.0 -o layout/"_s,
         u"cooperage export myapp:1.0 -o - | docker load"_s,
         u"cooperage export myapp:1.0 --format rootfs -o root.tar"_s});
    parser.addOptions(
        {{{u"o"_s, u"output"_s}, Texts::tr("Write to <file>; - is standard output."), u"file"_s},
         {u"format"_s, Texts::tr("docker, oci or rootfs; otherwise the file's name decides."), u"format"_s},
         {u"compression"_s,
          Texts::tr("none, gzip or zstd for the layers of oci; for rootfs also bzip2 and xz."), u"kind"_s},
         {u"name"_s,
          Texts::tr("Name the image <repository:tag> in it instead of by its own tags; repeatable."),
          u"repository:tag"_s}});
    if (const auto done = parser.parse(arguments, 1, 1))
        return *done;
    const QString output = parser.value(u"output"_s);
    if (output.isEmpty())
        return usageError(verb::exportImage, Texts::tr("-o says where to write to"));
    if (output == "-"_L1 && ::isatty(STDOUT_FILENO) == 1)
        return usageError(verb::exportImage, Texts::tr("an archive is nothing for a terminal: use -o FILE"));
    engine::ExportRequest request;
    request.names = parser.values(u"name"_s);
    if (const auto chosen =
            chooseFormat(parser, output, request).and_then([&] { return chooseEpoch(request); });
        !chosen)
        return usageError(verb::exportImage, chosen.error().what);
    const auto engine = openEngine();
    const auto image = await(engine->resolve(parser.positionalArguments().first(), interrupted()));
    if (!image)
        return fail(image.error());
    request.image = image->uuid;
    request.config = build::ImageConfigs::ofResults().find(image->uuid).value_or(std::nullopt);
    const auto outcome = write(*engine, request, output);
    if (!outcome)
        return fail(outcome.error());
    if (!outcome->warning.isEmpty())
        printError(Texts::tr("cooperage: warning: %1").arg(outcome->warning));
    printError(Texts::tr("Exported %1").arg(QLocale().formattedDataSize(outcome->size)));
    return Success;
}

} // namespace cooperage::cli
