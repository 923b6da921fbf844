#include "app/cli/cli.h"
#include "app/cli/runoutput.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/engine/operationdetails.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

static constexpr int listedOperations = 1000;

static QString stateText(engine::OperationState state)
{
    using enum engine::OperationState;
    switch (state) {
    case Pending:
        return Texts::tr("pending");
    case Assigned:
        return Texts::tr("assigned");
    case Executing:
        return Texts::tr("running");
    case Success:
        return Texts::tr("done");
    case Failed:
        return Texts::tr("failed");
    case Cancelled:
        return Texts::tr("cancelled");
    }
    return {};
}

static QString timeText(const engine::OperationRecord &operation)
{
    return operation.createdAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm:ss"_s);
}

int runOperations(const QStringList &arguments)
{
    VerbParser parser(verb::operations, u""_s, Texts::tr("Lists what the engine is doing."),
                      {u"cooperage ps"_s, u"cooperage ps --all"_s});
    parser.addOption({{u"a"_s, u"all"_s}, Texts::tr("What has ended too.")});
    if (const auto done = parser.parse(arguments, 0, 0))
        return *done;
    const auto engine = openEngine();
    const auto operations = await(engine->operations(listedOperations, interrupted()));
    if (!operations)
        return fail(operations.error());
    QList<QStringList> rows{{Texts::tr("OPERATION"), Texts::tr("KIND"), Texts::tr("STATE"),
                             Texts::tr("CREATED"), Texts::tr("SECONDS"), Texts::tr("RESULT")}};
    for (const engine::OperationRecord &operation : *operations) {
        if (engine::isOver(operation.state) && !parser.isSet(u"all"_s))
            continue;
        rows.append({operation.uuid, operation.kind, stateText(operation.state), timeText(operation),
                     QString::number(operation.durationSeconds, 'f', 1), operation.resultImage});
    }
    print(tableText(rows, {4}));
    return Success;
}

static QString toJson(const engine::OperationRecord &operation, const engine::OperationDetails &details)
{
    const auto orNull = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    const QJsonObject object{
        {u"operation"_s, operation.uuid},
        {u"kind"_s, operation.kind},
        {u"state"_s, stateText(operation.state)},
        {u"subject"_s, details.subject},
        {u"created_at"_s, operation.createdAt.toString(Qt::ISODateWithMs)},
        {u"seconds"_s, operation.durationSeconds},
        {u"image"_s, orNull(operation.image)},
        {u"result"_s, orNull(operation.resultImage)},
        {u"error"_s, orNull(operation.error)},
        {u"exit_code"_s, details.exitCode ? QJsonValue(*details.exitCode) : QJsonValue()},
        {u"timed_out"_s, details.timedOut},
        {u"truncated"_s, details.truncated},
        {u"stdout"_s, QString::fromUtf8(details.output)},
        {u"stderr"_s, QString::fromUtf8(details.errors)}};
    return QString::fromUtf8(QJsonDocument(object).toJson()).trimmed();
}

static QString describe(const engine::OperationRecord &operation, const engine::OperationDetails &details)
{
    QList<QStringList> rows{{Texts::tr("operation"), operation.uuid},
                            {Texts::tr("kind"), operation.kind},
                            {Texts::tr("state"), stateText(operation.state)},
                            {Texts::tr("what"), details.subject},
                            {Texts::tr("created"), timeText(operation)},
                            {Texts::tr("seconds"), QString::number(operation.durationSeconds, 'f', 1)}};
    if (details.exitCode)
        rows.append({Texts::tr("exit code"), QString::number(*details.exitCode)});
    if (details.timedOut)
        rows.append({Texts::tr("ended"), Texts::tr("its time was up")});
    for (const auto &[title, value] : {std::pair{Texts::tr("image"), operation.image},
                                       std::pair{Texts::tr("result"), operation.resultImage},
                                       std::pair{Texts::tr("error"), operation.error}}) {
        if (!value.isEmpty())
            rows.append({title, value});
    }
    return tableText(rows);
}

int runShow(const QStringList &arguments)
{
    VerbParser parser(verb::show, u"OPERATION"_s,
                      Texts::tr("Shows an operation: what it is and was, and below that what it printed."),
                      {u"cooperage show 0199e5a0-0000-7000-8000-000000000000"_s,
                       u"cooperage show --format json 0199e5a0-0000-7000-8000-000000000000"_s});
    parser.addOption({u"format"_s, Texts::tr("table or json."), u"format"_s, u"table"_s});
    if (const auto done = parser.parse(arguments, 1, 1))
        return *done;
    const QString format = parser.value(u"format"_s);
    if (format != "table"_L1 && format != "json"_L1)
        return usageError(verb::show, Texts::tr("there is no format \"%1\"").arg(format));
    const auto engine = openEngine();
    const auto operation = await(engine->operation(parser.positionalArguments().first(), interrupted()));
    if (!operation)
        return fail(operation.error());
    const engine::OperationDetails details = engine::detailsOf(*operation);
    if (format == "json"_L1) {
        print(toJson(*operation, details));
        return Success;
    }
    print(describe(*operation, details));
    writeRaw(engine::Stream::Stdout, details.output);
    writeRaw(engine::Stream::Stderr, details.errors);
    if (details.truncated)
        printError(Texts::tr("cooperage: the output was too long; the engine kept only part of it"));
    return Success;
}

static Result<QStringList> runningOperations(engine::Engine &engine)
{
    const auto operations = await(engine.operations(listedOperations, interrupted()));
    if (!operations)
        return std::unexpected(operations.error());
    QStringList uuids;
    for (const engine::OperationRecord &operation : *operations) {
        if (!engine::isOver(operation.state))
            uuids.append(operation.uuid);
    }
    return uuids;
}

int runKill(const QStringList &arguments)
{
    VerbParser parser(verb::kill, u"[OPERATION...]"_s,
                      Texts::tr("Cancels operations. One that has ended already stays as it is."),
                      {u"cooperage kill 0199e5a0-0000-7000-8000-000000000000"_s, u"cooperage kill --all"_s});
    parser.addOption({{u"a"_s, u"all"_s}, Texts::tr("Everything that the engine is doing.")});
    if (const auto done = parser.parse(arguments, 0, std::numeric_limits<qsizetype>::max()))
        return *done;
    QStringList uuids = parser.positionalArguments();
    if (uuids.isEmpty() != parser.isSet(u"all"_s))
        return usageError(verb::kill, Texts::tr("name operations, or give --all"));
    const auto engine = openEngine();
    if (parser.isSet(u"all"_s)) {
        const auto running = runningOperations(*engine);
        if (!running)
            return fail(running.error());
        uuids = *running;
    }
    int exitCode = Success;
    for (const QString &uuid : std::as_const(uuids)) {
        const auto cancelled = await(engine->cancel(uuid));
        if (cancelled)
            print(uuid);
        else
            exitCode = fail(cancelled.error());
    }
    return exitCode;
}

} // namespace cooperage::cli
