#include "core/embedded/server/progressevents.h"

#include <QElapsedTimer>

#include <mutex>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

ImportProgress progressTo(EventLog &log)
{
    auto timer = std::make_shared<QElapsedTimer>();
    auto mutex = std::make_shared<std::mutex>(); // Layers arrive on several threads.
    return [&log, timer, mutex](qint64 done, qint64 total) {
        const std::scoped_lock lock(*mutex);
        if (timer->isValid() && timer->elapsed() < 200)
            return;
        timer->start();
        log.append(u"progress"_s, {{u"done"_s, done}, {u"total"_s, total}}, 0);
    };
}

} // namespace cooperage::embedded
