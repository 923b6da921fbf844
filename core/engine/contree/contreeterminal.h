#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/engine.h"

#include <QPointer>

namespace cooperage::engine::contree {

/// Follows an instance and sends it keys and sizes, one request at a time, so that they arrive in order; keys
/// that are pressed meanwhile go together.
class ContreeTerminal : public Terminal
{
    Q_OBJECT

public:
    ContreeTerminal(TransportPtr transport, QString operation, bool disposable);
    ~ContreeTerminal() override;

    [[nodiscard]] QString operation() const override { return m_operation; }
    [[nodiscard]] std::optional<Result<RunOutcome>> outcome() const override { return m_outcome; }
    void write(const QByteArray &keys) override;
    void resize(TerminalSize size) override;
    void hangUp() override;
    void cancel() override;

private:
    void take(const Result<QJsonObject> &record);
    void send();
    [[nodiscard]] bool hasWork() const;
    [[nodiscard]] Request nextRequest();
    [[nodiscard]] static QCoro::Task<> sendAll(QPointer<ContreeTerminal> self, TransportPtr transport,
                                               std::stop_token stop);

    TransportPtr m_transport;
    const QString m_operation;
    const bool m_disposable;
    QByteArray m_keys{};
    std::optional<TerminalSize> m_size{};
    bool m_hangUp = false;
    bool m_sending = false;
    std::optional<Result<RunOutcome>> m_outcome{};
    std::stop_source m_stop;
};

/// An instance with `terminal` (docs/engine-protocol.md).
[[nodiscard]] Task<std::shared_ptr<Terminal>> openTerminal(TransportPtr transport, TerminalRequest request,
                                                           std::stop_token stop);

} // namespace cooperage::engine::contree
