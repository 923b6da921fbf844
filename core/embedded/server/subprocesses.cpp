#include "core/embedded/runtime/init/channel.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/instanceprocesses.h"
#include "core/embedded/server/instancerequest.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/signalname.h"
#include "core/embedded/server/text.h"

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// Processes of a running instance (contract 2.7). The main process, number 1, takes the same requests. While
// the container is not up, which a client cannot tell from EXECUTING alone, the answer is 425; so it is for
// PENDING.

static Result<> tooEarly(Exchange &exchange)
{
    exchange.response.set_header("Retry-After", "1");
    return exchange.reject(425, Text::tr("the instance is not ready yet"));
}

static Result<> refuse(Exchange &exchange, Refusal refusal)
{
    switch (refusal) {
    case Refusal::NotReady:
        return tooEarly(exchange);
    case Refusal::Unknown:
        return exchange.reject(404, Text::tr("there is no such process"));
    case Refusal::Busy:
        exchange.response.set_header("Retry-After", "1");
        return exchange.reject(429, Text::tr("too many processes, or too much input that was not read yet"));
    case Refusal::Ended:
        break;
    }
    return exchange.reject(409, Text::tr("the process, its input or the instance has ended already"));
}

static std::optional<int> spidOf(const Exchange &exchange)
{
    bool good = false;
    const int spid = exchange.parameter("spid").toInt(&good);
    return good && spid >= mainSpid ? std::optional(spid) : std::nullopt;
}

/// Calls `act` with the processes of the running instance that the path names, or answers why not.
template <typename Act>
static Result<> withProcesses(ServerContext &context, Exchange &exchange, const Act &act)
{
    const QString uuid = exchange.parameter("uuid");
    const std::shared_ptr<Operation> operation = context.operations.running(uuid);
    const Result<OperationRow> row = operation ? operation->row() : context.operations.row(uuid);
    if (!row)
        return std::unexpected(row.error());
    if (row->kind != "instance"_L1)
        return exchange.reject(409, Text::tr("this operation has no processes"));
    if (!operation || isTerminal(row->status))
        return refuse(exchange, Refusal::Ended);
    const std::shared_ptr<InstanceProcesses> processes = operation->processes();
    return processes ? act(*processes) : tooEarly(exchange);
}

static Result<> start(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    return withProcesses(context, exchange, [&](InstanceProcesses &processes) -> Result<> {
        JsonFields fields(*body);
        const ExecRequest request = ExecRequest::read(fields);
        if (const Result<> good = fields.verdict(); !good)
            return good;
        const Result<std::expected<int, Refusal>> spid = processes.start(request);
        if (!spid)
            return std::unexpected(spid.error());
        if (!*spid)
            return refuse(exchange, spid->error());
        sendJson(exchange.response, 201, QJsonObject{{u"spid"_s, **spid}});
        return {};
    });
}

static Result<> get(ServerContext &context, Exchange &exchange)
{
    const QString uuid = exchange.parameter("uuid");
    const Result<OperationRow> row = context.operations.row(uuid);
    if (!row)
        return std::unexpected(row.error());
    const std::optional<int> spid = spidOf(exchange);
    const std::optional<QJsonObject> result =
        spid ? context.operations.processResult(row->uuid, *spid) : std::nullopt;
    if (result) {
        sendJson(exchange.response, 200, *result);
        return {};
    }
    if (spid == mainSpid && row->kind == "instance"_L1 && !isTerminal(row->status))
        return tooEarly(exchange);
    return refuse(exchange, Refusal::Unknown);
}

static Result<> feed(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    return withProcesses(context, exchange, [&](InstanceProcesses &processes) -> Result<> {
        JsonFields fields(*body);
        const ClosableStream stream = ClosableStream::read(fields, true);
        if (const Result<> good = fields.verdict(); !good)
            return good;
        const auto fed =
            processes.instance().feed(spidOf(exchange).value_or(0), stream.bytes.toStdString(), stream.close);
        if (!fed)
            return refuse(exchange, fed.error());
        exchange.response.status = 204;
        return {};
    });
}

static Result<> kill(ServerContext &context, Exchange &exchange)
{
    const QString text = exchange.query("signal").value_or(QString());
    const std::optional<int> number = signalNumber(text.isEmpty() ? u"TERM"_s : text);
    return withProcesses(context, exchange, [&](InstanceProcesses &processes) -> Result<> {
        if (!number)
            return failure(ErrorKind::BadInput,
                           Text::tr("signal must be the name or the number of a signal, such as TERM"));
        const auto sent = processes.instance().signal(spidOf(exchange).value_or(0), *number);
        if (!sent)
            return refuse(exchange, sent.error());
        exchange.response.status = 204;
        return {};
    });
}

static Result<> resize(ServerContext &context, Exchange &exchange)
{
    const Result<QJsonObject> body = exchange.body.json();
    if (!body)
        return std::unexpected(body.error());
    JsonFields fields(*body);
    const TerminalSize size = readTerminalSize(fields);
    if (const Result<> good = fields.verdict(); !good)
        return good;
    return withProcesses(context, exchange, [&](InstanceProcesses &processes) -> Result<> {
        const auto resized = processes.instance().resize(size);
        if (!resized && resized.error() == Refusal::Unknown)
            return exchange.reject(409, Text::tr("this instance has no terminal"));
        if (!resized)
            return refuse(exchange, resized.error());
        exchange.response.status = 204;
        return {};
    });
}

void addSubprocesses(Router &router, ServerContext &context)
{
    const auto bind = [&context](Result<> (*handler)(ServerContext &, Exchange &)) {
        return [&context, handler](Exchange &exchange) { return handler(context, exchange); };
    };
    const std::string processes = "/v1/operations/{uuid}/subprocesses";
    router.add("POST", processes, bind(start));
    router.add("GET", processes + "/{spid}", bind(get));
    router.add("DELETE", processes + "/{spid}", bind(kill));
    router.add("POST", processes + "/{spid}/stdin", bind(feed));
    if (context.options.extensions)
        router.add("PUT", "/v1/operations/{uuid}/terminal", bind(resize));
}

} // namespace cooperage::embedded
