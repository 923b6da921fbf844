#include "core/engine/operationdetails.h"

#include "core/engine/contree/json.h"

using namespace Qt::StringLiterals;

namespace cooperage::engine {

static QString subjectOf(const QJsonObject &metadata)
{
    const QString url = metadata["registry"_L1]["url"_L1].toString();
    if (!url.isEmpty())
        return url.startsWith("docker://"_L1) ? url.sliced(9) : url;
    QStringList words{metadata["command"_L1].toString()};
    for (const QJsonValue &word : metadata["args"_L1].toArray())
        words.append(word.toString());
    words.removeAll(QString());
    return words.isEmpty() ? metadata["archive"_L1]["path"_L1].toString() : words.join(u' ');
}

OperationDetails detailsOf(const OperationRecord &operation)
{
    const QJsonObject result = operation.metadata["result"_L1].toObject();
    const QJsonObject state = result["state"_L1].toObject();
    const QJsonObject output = result["stdout"_L1].toObject();
    const QJsonObject errors = result["stderr"_L1].toObject();
    OperationDetails details{.subject = subjectOf(operation.metadata),
                             .output = contree::decodeStream(output),
                             .errors = contree::decodeStream(errors),
                             .truncated = output["truncated"_L1].toBool() || errors["truncated"_L1].toBool(),
                             .signal = state["signal"_L1].toInt(-1),
                             .timedOut = state["timed_out"_L1].toBool()};
    if (isOver(operation.state) && state["exit_code"_L1].toInt(-1) >= 0)
        details.exitCode = state["exit_code"_L1].toInt();
    return details;
}

bool isOver(OperationState state)
{
    return contree::isTerminal(state);
}

} // namespace cooperage::engine
