#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"

#include <QString>

namespace cooperage::embedded {

/// The place of the Unix socket: a folder of mode 0700 and a lock, so that exactly one engine serves a path,
/// and only it may remove what a crashed one left there.
class SocketFile
{
public:
    /// Makes the folder, takes the lock, removes a stale socket.
    [[nodiscard]] static Result<SocketFile> claim(const QString &path);
    ~SocketFile();
    SocketFile(SocketFile &&) noexcept = default;
    SocketFile &operator=(SocketFile &&) = delete;

    /// 0600, after something listens there.
    [[nodiscard]] Result<> protect() const;

private:
    SocketFile(QString path, Fd lock) : m_path(std::move(path)), m_lock(std::move(lock)) {}

    QString m_path;
    Fd m_lock;
};

} // namespace cooperage::embedded
