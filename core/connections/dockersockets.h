#pragma once

#include <QList>
#include <QString>

namespace cooperage::connections {

/// A Docker Engine (or Podman's compatible service) whose socket was found. It is shown, and cannot be
/// chosen: this program does not speak its protocol.
struct DockerSocket
{
    QString name;
    QString path;
    bool permitted = false; ///< This user may connect.

    bool operator==(const DockerSocket &) const = default;
};

/// Looks at $DOCKER_HOST and the usual places; connects to nothing.
[[nodiscard]] QList<DockerSocket> findDockerSockets();

} // namespace cooperage::connections
