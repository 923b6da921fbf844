#pragma once

#include "core/engine/background.h"
#include "core/engine/engine.h"

#include <QPromise>

#include <optional>

namespace cooperage::build {

/// A result that one coroutine produces and any number of others await.
template <typename T>
class SharedResult
{
public:
    SharedResult() { m_promise.start(); }

    void set(Result<T> result)
    {
        m_result = std::move(result);
        m_promise.finish();
    }

    [[nodiscard]] engine::Task<T> get()
    {
        co_await FutureEnd<void>(m_promise.future());
        co_return Result<T>(*m_result); // A copy: QCoro moves out of what is returned.
    }

private:
    QPromise<void> m_promise;
    std::optional<Result<T>> m_result;
};

} // namespace cooperage::build
