#pragma once

#include "core/base/error.h"

#include <QProcess>
#include <QTemporaryDir>

#include <optional>

namespace cooperage::test {

/// A session bus of the test's own, on which nothing runs and nothing is started by itself: no keychain, and
/// nobody who could ask for its password.
class SessionBus
{
public:
    SessionBus();
    ~SessionBus();

    /// Why the whole program has to be skipped: a program is missing, or the bus did not start.
    [[nodiscard]] std::optional<QString> problem() const { return m_problem; }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    std::optional<QString> m_problem;
};

/// A real gnome-keyring on that bus, with its files in the test's home.
class Keyring
{
public:
    ~Keyring();
    /// Makes the login keyring with this password, or opens it.
    [[nodiscard]] Result<> start(const QByteArray &password);
    [[nodiscard]] bool lock();
    /// As the user's answer to the system's question for the password.
    [[nodiscard]] bool unlock(const QByteArray &password);
    void stop();

private:
    QProcess m_process;
};

} // namespace cooperage::test
