#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"

#include <QCoreApplication>

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

static bool isOver(engine::OperationState state)
{
    return state >= engine::OperationState::Success;
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
        if (isOver(operation.state) && !parser.isSet(u"all"_s))
            continue;
        rows.append({operation.uuid, operation.kind, stateText(operation.state),
                     operation.createdAt.toLocalTime().toString(u"yyyy-MM-dd hh:mm:ss"_s),
                     QString::number(operation.durationSeconds, 'f', 1), operation.resultImage});
    }
    print(tableText(rows, {4}));
    return Success;
}

} // namespace cooperage::cli
