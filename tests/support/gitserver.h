#pragma once

#include "tests/support/processes.h"

#include <QTemporaryDir>

namespace cooperage::test {

/// Repositories served by a real `git daemon` on loopback: each folder made by `repository` is one.
class GitServer
{
public:
    [[nodiscard]] static bool isPossible();
    [[nodiscard]] Result<> start();

    /// Makes an empty repository with the branch "main"; returns its folder.
    QString repository(const QString &name);
    /// Runs git there and returns what it prints; a failure ends up in the test.
    QString git(const QString &name, const QStringList &arguments) const;
    void write(const QString &name, const QString &path, const QByteArray &content) const;
    /// Commits everything; returns the commit's id.
    QString commit(const QString &name, const QString &message = QStringLiteral("more"));

    [[nodiscard]] QString url(const QString &name) const; ///< "git://127.0.0.1:port/name"

private:
    QTemporaryDir m_folder;
    ServiceProcess m_daemon;
    quint16 m_port = 0;
};

} // namespace cooperage::test
