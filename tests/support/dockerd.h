#pragma once

#include "tests/support/processes.h"

namespace cooperage::test {

/// A real Docker daemon with folders and a socket of its own, without networks; ends with this object, and
/// with this process.
class Dockerd
{
public:
    ~Dockerd();
    /// The error says why there can be none here.
    [[nodiscard]] Result<> start();
    /// Runs `docker` with this daemon; its standard output. `input` is a file for its standard input.
    [[nodiscard]] Result<QByteArray>
    docker(const QStringList &arguments, const QString &input = {},
           const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment()) const;

private:
    [[nodiscard]] QString address() const;

    QTemporaryDir m_folder;
    ServiceProcess m_process;
};

} // namespace cooperage::test
