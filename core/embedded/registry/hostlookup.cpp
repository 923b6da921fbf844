#include "core/embedded/registry/hostlookup.h"

#include "core/embedded/archive/bytestream.h"

#include <QCoreApplication>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <thread>

namespace cooperage::embedded {

namespace {

struct LookupText
{
    Q_DECLARE_TR_FUNCTIONS(HostLookup)
};

struct Lookup
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<int> code;
};

int lookUp(const std::string &host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (code == 0)
        ::freeaddrinfo(found);
    return code;
}

} // namespace

Result<> checkHost(const std::string &host, std::stop_token stop)
{
    const auto lookup = std::make_shared<Lookup>();
    // The thread outlives a stop: nothing can interrupt getaddrinfo, so that it owns all it touches.
    std::thread([lookup, host] {
        const int code = lookUp(host);
        const std::lock_guard lock(lookup->mutex);
        lookup->code = code;
        lookup->changed.notify_all();
    }).detach();
    std::unique_lock lock(lookup->mutex);
    lookup->changed.wait_for(lock, stop, std::chrono::seconds(20), [&] { return lookup->code.has_value(); });
    const QString where = QString::fromStdString(host);
    if (stop.stop_requested())
        return std::unexpected(cancelledError());
    if (lookup->code == 0)
        return {};
    if (lookup->code == EAI_NONAME)
        return failure(
            ErrorKind::Unreachable, LookupText::tr("There is no host of this name"), where,
            LookupText::tr("Check the registry's name for typing mistakes, and the network connection."));
    return failure(ErrorKind::Unreachable, LookupText::tr("Names cannot be looked up at the moment"), where,
                   LookupText::tr("Check the network connection and try again."));
}

} // namespace cooperage::embedded
