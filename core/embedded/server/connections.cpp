#include "core/embedded/server/connections.h"

#include <sys/socket.h>

namespace cooperage::embedded {

Connections::Entry::Entry(Connections &all, int socket) : m_all(all), m_socket(socket)
{
    const std::scoped_lock lock(m_all.m_mutex);
    m_all.m_open.insert(socket);
    if (m_all.m_cut)
        ::shutdown(socket, SHUT_RDWR);
}

Connections::Entry::~Entry()
{
    const std::scoped_lock lock(m_all.m_mutex);
    m_all.m_open.erase(m_socket);
    m_all.m_gone.notify_all();
}

void Connections::close(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_gone.wait_for(lock, patience, [this] { return m_open.empty(); });
    m_cut = true;
    for (const int socket : m_open)
        ::shutdown(socket, SHUT_RDWR);
}

} // namespace cooperage::embedded
