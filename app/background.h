#pragma once

#include <QFutureWatcher>
#include <QtConcurrentRun>

namespace cooperage::gui {

/// Does `work` on another thread and then calls `then` with its result on this one: never from inside this
/// call, and not at all once `context` is gone.
template <typename Work, typename Then>
void inBackground(QObject *context, Work work, Then then)
{
    using Watcher = QFutureWatcher<std::invoke_result_t<Work>>;
    auto *watcher = new Watcher(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then] {
        watcher->deleteLater();
        then(watcher->result());
    });
    watcher->setFuture(QtConcurrent::run(std::move(work)));
}

} // namespace cooperage::gui
