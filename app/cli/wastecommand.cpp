#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

using namespace Qt::StringLiterals;

// `cooperage waste`.
namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

// People count layers from 1, and so does "the image of the first n layers".
static QString wasteTable(const engine::WasteReport &report)
{
    QList<QStringList> rows{
        {Texts::tr("SIZE"), Texts::tr("LAYER"), Texts::tr("GONE IN"), Texts::tr("HOW"), Texts::tr("PATH")}};
    for (const engine::WastedFile &file : report.files)
        rows.append({QLocale().formattedDataSize(file.size, 1), QString::number(file.layer + 1),
                     QString::number(file.hiddenBy + 1),
                     file.removed ? Texts::tr("removed") : Texts::tr("replaced"), file.path});
    const QString sum =
        Texts::tr("%1 files, %2").arg(report.count).arg(QLocale().formattedDataSize(report.bytes, 1));
    return report.files.isEmpty() ? sum : tableText(rows, {0, 1, 2}) + u"\n\n"_s + sum;
}

static QString wasteJson(const engine::WasteReport &report)
{
    QJsonArray files;
    for (const engine::WastedFile &file : report.files)
        files.append(QJsonObject{{u"path"_s, file.path},
                                 {u"size"_s, file.size},
                                 {u"layer"_s, file.layer + 1},
                                 {u"hidden_by"_s, file.hiddenBy + 1},
                                 {u"removed"_s, file.removed}});
    const QJsonObject object{{u"files"_s, files}, {u"bytes"_s, report.bytes}, {u"count"_s, report.count}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

static Result<engine::WasteReport> wasteOf(engine::Engine &engine, const QString &name, int limit)
{
    const auto image = await(engine.resolve(name, interrupted()));
    if (!image)
        return std::unexpected(image.error());
    return await(engine.waste(image->uuid, limit, interrupted()));
}

int runWaste(const QStringList &arguments)
{
    VerbParser parser(verb::waste, u"IMAGE"_s,
                      Texts::tr("Lists the files that a layer of an image adds and a later one replaces or "
                                "removes: they take space and cannot be seen. The biggest come first; layers "
                                "count from the bottom, from 1."),
                      {u"cooperage waste myapp:1.0"_s, u"cooperage waste myapp:1.0 --format json"_s});
    parser.addOptions({{u"limit"_s, Texts::tr("At most <count> files."), u"count"_s, QString::number(100)},
                       {u"format"_s, Texts::tr("table or json."), u"format"_s, u"table"_s}});
    if (const auto done = parser.parse(arguments, 1, 1))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "table"_L1 && format != "json"_L1)
        return usageError(verb::waste, Texts::tr("there is no format \"%1\"").arg(format));
    const int limit = parser.value(u"limit"_s).toInt();
    if (limit <= 0)
        return usageError(verb::waste, Texts::tr("--limit must be a number above 0"));
    const auto engine = openEngine();
    const auto report = wasteOf(*engine, parser.positionalArguments().first(), limit);
    if (!report)
        return fail(report.error());
    print(format == "json"_L1 ? wasteJson(*report) : wasteTable(*report));
    if (report->files.size() < report->count)
        printError(Texts::tr("cooperage: only the biggest %1 of %2 files are shown; see --limit")
                       .arg(report->files.size())
                       .arg(report->count));
    return Success;
}

} // namespace cooperage::cli
