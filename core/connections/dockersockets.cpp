#include "core/connections/dockersockets.h"

#include <QFile>
#include <QStandardPaths>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace cooperage::connections {

static bool isSocket(const QString &path)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 && S_ISSOCK(status.st_mode);
}

QList<DockerSocket> findDockerSockets()
{
    const QString docker = u"Docker Engine"_s;
    const QString podman = u"Podman"_s;
    QList<std::pair<QString, QString>> places;
    const QString host = qEnvironmentVariable("DOCKER_HOST");
    if (host.startsWith("unix://"_L1))
        places.append({docker, host.sliced(7)});
    const QString run = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    places.append({docker, u"/var/run/docker.sock"_s});
    places.append({docker, run + u"/docker.sock"_s});
    places.append({podman, run + u"/podman/podman.sock"_s});
    places.append({podman, u"/run/podman/podman.sock"_s});
    QList<DockerSocket> result;
    for (const auto &[name, path] : std::as_const(places)) {
        const bool known = std::ranges::find(result, path, &DockerSocket::path) != result.end();
        if (known || !isSocket(path))
            continue;
        const bool permitted = ::access(QFile::encodeName(path).constData(), R_OK | W_OK) == 0;
        result.append({name, path, permitted});
    }
    return result;
}

} // namespace cooperage::connections
