#include "app/cli/support.h"

#include "app/cli/cli.h"
#include "core/connections/connection.h"
#include "core/connections/profilestore.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

using connections::ConnectionProfile;

namespace {

/// The engine that the command line and the environment ask for.
struct Chosen
{
    ConnectionProfile profile = ConnectionProfile::embedded();
    credentials::Secret token{};
};

Chosen &chosen()
{
    static Chosen engine;
    return engine;
}

} // namespace

credentials::SecretStore &secrets()
{
    static credentials::SecretStore store;
    return store;
}

Result<> chooseEngine(const QString &name)
{
    const QString url = qEnvironmentVariable("COOPERAGE_URL");
    if (name.isEmpty() && !url.isEmpty()) {
        const ConnectionProfile named{
            ConnectionProfile::Kind::Contree, {}, QUrl(url), qEnvironmentVariable("COOPERAGE_PROJECT")};
        chosen() = {named, credentials::Secret(QByteArrayView(qgetenv("COOPERAGE_TOKEN")))};
        return {};
    }
    QString wanted = name.isEmpty() ? qEnvironmentVariable("COOPERAGE_ENGINE_PROFILE") : name;
    if (wanted.isEmpty())
        wanted = connections::ProfileStore::defaultName();
    const auto profile = connections::ProfileStore::profile(wanted);
    if (!profile)
        return std::unexpected(profile.error());
    auto token = await(connections::tokenOf(&secrets(), *profile));
    if (!token)
        return std::unexpected(token.error());
    chosen() = {*profile, *token};
    return {};
}

std::unique_ptr<engine::Engine> openEngine()
{
    return connections::makeEngine(chosen().profile, chosen().token);
}

bool isEmbeddedChosen()
{
    return chosen().profile.kind == ConnectionProfile::Kind::Embedded;
}

QString engineScope()
{
    return chosen().profile.scope();
}

static void writeLine(std::FILE *stream, const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stream);
    std::fflush(stream);
}

void print(const QString &text)
{
    writeLine(stdout, text);
}

void printError(const QString &text)
{
    writeLine(stderr, text);
}

int fail(const Error &error)
{
    printError(u"cooperage: "_s + error.text());
    return error.kind == ErrorKind::Cancelled && interrupted().stop_requested() ? interruptedExit : Failure;
}

int usageError(const QString &verb, const QString &text)
{
    printError(
        QCoreApplication::translate("Cli", "cooperage %1: %2 (see `cooperage %1 --help`)").arg(verb, text));
    return Usage;
}

} // namespace cooperage::cli
