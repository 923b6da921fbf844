#pragma once

#include <qcorotask.h>
#include <QFutureWatcher>
#include <QNetworkReply>
#include <QObject>
#include <QPromise>
#include <QThreadPool>

#include <chrono>
#include <coroutine>
#include <memory>
#include <stop_token>
#include <type_traits>

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

/// `co_await FutureEnd(future)`: the future's result, taken out of it.
template <typename T>
class FutureEnd
{
public:
    explicit FutureEnd(QFuture<T> future) : m_future(std::move(future)) {}

    [[nodiscard]] bool await_ready() const { return m_future.isFinished(); }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        auto *watcher = new QFutureWatcher<T>;
        QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, [watcher, waiting] {
            watcher->deleteLater();
            waiting.resume();
        });
        watcher->setFuture(m_future);
    }
    [[nodiscard]] T await_resume() { return m_future.takeResult(); }

private:
    QFuture<T> m_future;
};

/// Runs `work` on a thread of the pool; the coroutine goes on where it was.
template <typename Work>
[[nodiscard]] QCoro::Task<std::invoke_result_t<Work>> inBackground(Work work)
{
    auto promise = std::make_shared<QPromise<std::invoke_result_t<Work>>>();
    promise->start();
    auto future = promise->future();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
        promise->addResult(work());
        promise->finish();
    });
    co_return co_await FutureEnd(future);
}

} // namespace cooperage::engine::contree
