#include "core/engine/contree/contreeterminal.h"

#include "core/engine/contree/json.h"
#include "core/engine/contree/operations.h"
#include "core/engine/contree/uploads.h"
#include "core/engine/contree/waiting.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

static QJsonObject sizeBody(TerminalSize size)
{
    return {{u"columns"_s, size.columns}, {u"rows"_s, size.rows}};
}

Task<std::shared_ptr<Terminal>> openTerminal(TransportPtr transport, TerminalRequest request,
                                             std::stop_token stop)
{
    const auto uuids = co_await uploadFiles(transport, request.run.files, stop);
    if (!uuids)
        co_return std::unexpected(uuids.error());
    QJsonObject body = instanceBody(request.run, *uuids);
    body.insert(u"terminal"_s, sizeBody(request.size));
    const auto uuid = co_await startOperation(transport, "/v1/instances", body, stop);
    if (!uuid)
        co_return std::unexpected(uuid.error());
    // Deleted later: its owner may let it go in a slot of its signals.
    co_return std::shared_ptr<Terminal>(new ContreeTerminal(transport, *uuid, request.run.disposable),
                                        [](Terminal *terminal) { terminal->deleteLater(); });
}

ContreeTerminal::ContreeTerminal(TransportPtr transport, QString operation, bool disposable)
    : m_transport(std::move(transport)), m_operation(std::move(operation)), m_disposable(disposable)
{
    OperationHandlers handlers{.output = [self = QPointer(this)](Stream, const QByteArray &bytes) {
        if (self)
            Q_EMIT self->output(bytes);
    }};
    QCoro::connect(followOperation(m_transport, m_operation, std::move(handlers), m_stop.get_token()), this,
                   [this](const Result<QJsonObject> &record) { take(record); });
}

ContreeTerminal::~ContreeTerminal()
{
    m_stop.request_stop();
    if (!m_outcome)
        cancel();
}

void ContreeTerminal::take(const Result<QJsonObject> &record)
{
    m_stop.request_stop(); // Nobody is there to take what is still being sent.
    m_outcome = record
                    .and_then([this](const QJsonObject &object) {
                        return judgeOperation(m_transport->endpoint(), object);
                    })
                    .transform(toRunOutcome);
    if (*m_outcome && m_disposable)
        (*m_outcome)->image.clear();
    Q_EMIT ended();
}

void ContreeTerminal::write(const QByteArray &keys)
{
    m_keys += keys;
    send();
}

void ContreeTerminal::resize(TerminalSize size)
{
    m_size = size;
    send();
}

void ContreeTerminal::hangUp()
{
    m_hangUp = true;
    send();
}

void ContreeTerminal::cancel()
{
    // What comes of it is told by the operation's end.
    (void)cancelOperation(m_transport, m_operation);
}

void ContreeTerminal::send()
{
    if (m_outcome || m_sending || !hasWork())
        return;
    m_sending = true;
    QCoro::connect(sendAll(this, m_transport, m_stop.get_token()), this, [this] {
        m_sending = false;
        send();
    });
}

bool ContreeTerminal::hasWork() const
{
    return m_size || m_hangUp || !m_keys.isEmpty();
}

// The size first: a full-screen program that the keys start should find it right.
Request ContreeTerminal::nextRequest()
{
    if (m_size)
        return {.method = "PUT",
                .path = "/v1/operations/" + segment(m_operation) + "/terminal",
                .json = sizeBody(*std::exchange(m_size, std::nullopt)),
                .retry = false};
    QJsonObject body = encodeStream(std::exchange(m_keys, {}));
    body[u"close"_s] = std::exchange(m_hangUp, false);
    return {.method = "POST",
            .path = "/v1/operations/" + segment(m_operation) + "/subprocesses/1/stdin",
            .json = body,
            .retry = false};
}

QCoro::Task<> ContreeTerminal::sendAll(QPointer<ContreeTerminal> self, TransportPtr transport,
                                       std::stop_token stop)
{
    constexpr int tooEarly = 425;
    constexpr int tooMuch = 429;
    while (self && !stop.stop_requested() && self->hasWork()) {
        const Request request = self->nextRequest();
        for (;;) {
            const auto response = co_await exchange(transport, request, {}, stop);
            if (!response || (response->status != tooEarly && response->status != tooMuch))
                break; // Taken; or there is nobody to take it, which the operation's end tells.
            co_await sleepFor(50ms, stop, transport->closing());
        }
    }
}

} // namespace cooperage::engine::contree
