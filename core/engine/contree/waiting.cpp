#include "core/engine/contree/waiting.h"

#include <qcorotimer.h>
#include <QTimer>

namespace cooperage::engine::contree {

QCoro::Task<> sleepFor(std::chrono::milliseconds time, std::stop_token stop, std::stop_token other)
{
    QTimer timer;
    timer.setSingleShot(true);
    timer.setTimerType(Qt::PreciseTimer); // Others may fire early; Retry-After means "not before".
    timer.start(time);
    // The token may be triggered by any thread: the timer is only touched from its own.
    const auto wake = [&timer] {
        QMetaObject::invokeMethod(&timer, [&timer] { timer.start(0); }, Qt::QueuedConnection);
    };
    const std::stop_callback onStop(stop, wake);
    const std::stop_callback onOther(other, wake);
    co_await qCoro(timer).waitForTimeout();
}

void ReplyActivity::await_suspend(std::coroutine_handle<> waiting)
{
    const auto resume = [this, waiting] {
        QObject::disconnect(m_reply, nullptr, &m_context, nullptr);
        waiting.resume();
    };
    QObject::connect(m_reply, &QIODevice::readyRead, &m_context, resume);
    QObject::connect(m_reply, &QNetworkReply::finished, &m_context, resume);
}

} // namespace cooperage::engine::contree
