#include "core/credentials/dockerlogins.h"

#include "core/credentials/registrycredentials.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

/// The registries in a config.json: those whose account a helper keeps have an empty entry there.
static Result<QStringList> hostsOfConfig()
{
    QFile file(qEnvironmentVariable("DOCKER_CONFIG", QDir::homePath() + u"/.docker"_s) + u"/config.json"_s);
    if (!file.exists())
        return QStringList();
    if (!file.open(QFile::ReadOnly))
        return failure(ErrorKind::Denied,
                       QCoreApplication::translate("Credentials", "Docker's sign-ins cannot be read: %1")
                           .arg(file.errorString()),
                       file.fileName(),
                       QCoreApplication::translate("Credentials", "Check who may read this file."));
    const QJsonObject config = QJsonDocument::fromJson(file.readAll()).object();
    QStringList hosts;
    for (const QString &key :
         config["auths"_L1].toObject().keys() + config["credHelpers"_L1].toObject().keys()) {
        if (const auto host = registryHost(key); host && !hosts.contains(*host))
            hosts << *host;
    }
    return hosts;
}

engine::Task<QList<DockerLogin>> findDockerLogins(std::stop_token stop)
{
    const auto hosts = co_await inBackground(hostsOfConfig);
    if (!hosts)
        co_return std::unexpected(hosts.error());
    QList<DockerLogin> logins;
    std::optional<Error> problem;
    for (const QString &host : *hosts) {
        const auto found = co_await registryCredentials(host + u"/x"_s, stop);
        if (found && *found)
            logins.append({host, (*found)->username, (*found)->source});
        else if (!found)
            problem = found.error();
    }
    if (logins.isEmpty() && problem)
        co_return std::unexpected(*problem);
    co_return logins;
}

engine::Task<> importDockerLogin(SecretStore *store, DockerLogin login, Keep keep)
{
    const auto found = co_await registryCredentials(login.host + u"/x"_s);
    if (!found)
        co_return std::unexpected(found.error());
    if (!*found)
        co_return failure(ErrorKind::NotFound,
                          QCoreApplication::translate("Credentials", "Docker has no sign-in for it any more"),
                          login.host, QCoreApplication::translate("Credentials", "Sign in here."));
    const SecretEntry entry{.key = SecretKey::registry(login.host, (*found)->username),
                            .source = login.source};
    co_return co_await store->write(entry, Secret((*found)->password), keep);
}

} // namespace cooperage::credentials
