#pragma once

#include "core/engine/background.h"
#include "core/engine/engine.h"

#include <QDBusMessage>
#include <QObject>

#include <stop_token>

class QDBusVariant;

namespace cooperage::credentials {

/// Sends a method call over the session bus; the reply, or why there is none.
[[nodiscard]] engine::Task<QDBusMessage> callBus(QDBusMessage message);

/// Waits for the end of a Secret Service prompt. Must exist before the prompt is shown, or its end may be
/// missed.
class PromptEnd : public QObject
{
    Q_OBJECT

public:
    explicit PromptEnd(const QString &path);

    /// True: the user turned it down, `stop` was triggered, or the service ended.
    [[nodiscard]] QCoro::Task<bool> wait(std::stop_token stop);

private Q_SLOTS:
    void completed(bool dismissed, const QDBusVariant &result);

private:
    void end(bool dismissed);

    QString m_path;
    QPromise<bool> m_promise;
};

} // namespace cooperage::credentials
