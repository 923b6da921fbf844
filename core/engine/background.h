#pragma once

#include <qcorotask.h>
#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <coroutine>
#include <memory>
#include <type_traits>
#include <utility>

namespace cooperage {

/// `co_await FutureEnd(future)`: until the future is finished, on this thread again, with its result taken
/// out of it. (QCoro's own awaiter connects without a context, which this project does not allow.)
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
    T await_resume()
    {
        if constexpr (!std::is_void_v<T>)
            return m_future.takeResult();
    }

private:
    QFuture<T> m_future;
};

/// Runs `work` on a pool thread and continues on this one: for hashing and reading files, which would hold up
/// the event loop. `work` must own all that it uses.
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
    co_return co_await FutureEnd(std::move(future));
}

} // namespace cooperage
