#include "core/engine/console.h"

#include "core/engine/lineterminal.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine {

static constexpr int secondsAlone = 120; // A client that lost its connection comes back within them.

QString shellCommand()
{
    return u"if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi"_s;
}

Task<std::shared_ptr<Terminal>> openConsole(Engine *engine, ConsoleKind kind, TerminalRequest request,
                                            std::stop_token stop)
{
    const QPointer<Engine> alive(engine);
    const auto info = co_await alive->info(stop);
    if (!info)
        co_return std::unexpected(info.error());
    if (!alive)
        co_return failure(ErrorKind::Cancelled,
                          QCoreApplication::translate("Engine", "The program was closed"));
    if (info->offers(extension::terminal)) {
        request.run.timeoutSeconds = std::min(request.run.timeoutSeconds, secondsAlone);
        co_return co_await alive->openTerminal(request, stop);
    }
    co_return std::shared_ptr<Terminal>(new LineTerminal(alive, kind, request.run),
                                        [](Terminal *terminal) { terminal->deleteLater(); });
}

} // namespace cooperage::engine
