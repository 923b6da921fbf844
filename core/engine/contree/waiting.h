#pragma once

#include "core/engine/background.h"

#include <qcorotask.h>
#include <QNetworkReply>
#include <QObject>

#include <chrono>
#include <coroutine>
#include <stop_token>

/// What coroutines of this folder wait for.
namespace cooperage::engine::contree {

/// Until the time has passed or one of the tokens is triggered.
[[nodiscard]] QCoro::Task<> sleepFor(std::chrono::milliseconds time, std::stop_token stop,
                                     std::stop_token other = {});

/// `co_await ReplyActivity(reply)`: until there are unread bytes or the reply has ended.
class ReplyActivity
{
public:
    explicit ReplyActivity(QNetworkReply *reply) : m_reply(reply) {}

    [[nodiscard]] bool await_ready() const { return m_reply->isFinished() || m_reply->bytesAvailable() > 0; }
    void await_suspend(std::coroutine_handle<> waiting);
    void await_resume() const {}

private:
    QNetworkReply *m_reply;
    QObject m_context;
};

} // namespace cooperage::engine::contree
