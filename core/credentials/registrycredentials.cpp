#include "core/credentials/registrycredentials.h"

#include "core/credentials/credentialfile.h"
#include "core/credentials/credentialhelper.h"
#include "core/credentials/registryname.h"
#include "core/engine/background.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

using Found = std::optional<engine::Credentials>;

/// Nothing where there is no such file.
static Result<std::optional<CredentialFile>> readFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return std::nullopt;
    if (!file.open(QFile::ReadOnly))
        return failure(ErrorKind::Denied,
                       QCoreApplication::translate("RegistryCredentials",
                                                   "The file with registry credentials cannot be read: %1")
                           .arg(file.errorString()),
                       path, QCoreApplication::translate("RegistryCredentials", "Check whose file it is."));
    return CredentialFile::parse(file.readAll(), path);
}

static QList<Result<std::optional<CredentialFile>>> files()
{
    QList<Result<std::optional<CredentialFile>>> result;
    if (const QByteArray text = qgetenv("DOCKER_AUTH_CONFIG"); !text.isEmpty())
        result << CredentialFile::parse(text, u"DOCKER_AUTH_CONFIG"_s);
    const QString docker = qEnvironmentVariable("DOCKER_CONFIG", QDir::homePath() + u"/.docker"_s);
    result << readFile(docker + u"/config.json"_s);
    if (const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR"); !runtime.isEmpty())
        result << readFile(runtime + u"/containers/auth.json"_s);
    return result;
}

static Result<Found> lookUp(const CredentialFile &file, const images::Reference &reference,
                            const std::stop_token &stop)
{
    const QString helper = file.helperFor(reference);
    if (helper.isEmpty())
        return file.accountFor(reference);
    auto found = askHelper(helper, helperAddress(reference.host), stop);
    if (!found || *found)
        return found;
    return file.accountFor(reference);
}

static Result<Found> lookUp(const QString &text, const std::stop_token &stop)
{
    const auto reference = images::Reference::parse(text);
    if (!reference)
        return Found();
    std::optional<Error> problem;
    for (const auto &file : files()) {
        const Result<Found> found =
            file.and_then([&](const std::optional<CredentialFile> &content) -> Result<Found> {
                return content ? lookUp(*content, *reference, stop) : Found();
            });
        if (found && *found)
            return found;
        if (!found && !problem)
            problem = found.error();
    }
    return problem ? Result<Found>(std::unexpected(*problem)) : Found();
}

engine::Task<Found> registryCredentials(QString reference, std::stop_token stop)
{
    auto work = [reference, stop] { return lookUp(reference, stop); };
    Result<Found> found = co_await inBackground(std::move(work));
    co_return found;
}

} // namespace cooperage::credentials
