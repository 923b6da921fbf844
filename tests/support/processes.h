#pragma once

#include "core/base/error.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace cooperage::test {

/// A child program that dies with this object. `start` waits until `ready` returns true or ten seconds have
/// passed.
class ServiceProcess
{
public:
    ~ServiceProcess();
    [[nodiscard]] Result<>
    start(const QString &program, const QStringList &arguments, const std::function<bool()> &ready,
          const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());
    void kill();
    /// Asks it to end, and kills it only after ten seconds.
    void terminate();
    [[nodiscard]] QByteArray output();
    /// Output up to some text, for which it waits ten seconds at most.
    [[nodiscard]] QByteArray outputUpTo(const QByteArray &text);
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    QProcess m_process;
};

/// A loopback TCP port that was free a moment ago.
[[nodiscard]] quint16 freePort();
/// Whether something accepts connections there.
[[nodiscard]] bool accepts(quint16 port, const QString &address = QStringLiteral("127.0.0.1"));

/// XDG folders of their own below one temporary folder, set in this process and its children: engine, store
/// and settings of a test never meet those of the user.
class PrivateHome
{
public:
    PrivateHome();
    ~PrivateHome();
    [[nodiscard]] QString path(const QString &below = {}) const;

private:
    QTemporaryDir m_folder;
};

/// A real docker-registry on loopback; with a user, behind htpasswd.
class Registry
{
public:
    [[nodiscard]] Result<> start(const QString &user = {}, const QString &password = {});
    /// Speaks https only; `tls` is more of the configuration's `http.tls`: "certificate: /x, key: /y".
    void useTls(const QString &tls) { m_tls = tls; }
    /// Another address of this machine than 127.0.0.1.
    void listenOn(const QString &address) { m_address = address; }
    /// What it has logged since the last call, with a line for each request answered until now.
    [[nodiscard]] QByteArray log();
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString reference(const QString &name) const; ///< "127.0.0.1:port/name"

private:
    QTemporaryDir m_folder;
    ServiceProcess m_process;
    QString m_tls;
    QString m_address = QStringLiteral("127.0.0.1");
    quint16 m_port = 0;
    int m_marks = 0;
};

} // namespace cooperage::test
