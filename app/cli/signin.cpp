#include "app/cli/signin.h"

#include "app/cli/password.h"
#include "app/cli/support.h"
#include "core/credentials/credentialfinder.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

void addRegistryOptions(VerbParser &parser)
{
    parser.addOptions(
        {{u"username"_s,
          Texts::tr(
              "Sign in to the registry as <name>; the password is asked for. Without it the account in the "
              "keychain is used, or what docker login or podman login has kept."),
          u"name"_s},
         {u"password-stdin"_s, Texts::tr("Read the password from standard input.")},
         {u"plain-http"_s, Texts::tr("Speak http to the registry if it does not speak https.")}});
}

build::CredentialSource storedCredentials()
{
    using Places = credentials::CredentialFinder::Places;
    return credentials::CredentialFinder(&secrets(), isEmbeddedChosen() ? Places::All : Places::Ours);
}

static std::optional<engine::Credentials> lookUp(const QString &reference)
{
    const build::CredentialSource source = storedCredentials();
    if (reference.isEmpty())
        return std::nullopt;
    const auto found = await(source(reference, interrupted()));
    if (found)
        return *found;
    printError(Texts::tr("warning: %1").arg(found.error().text()));
    return std::nullopt;
}

std::expected<std::optional<engine::Credentials>, int> signIn(const VerbParser &parser, const QString &verb,
                                                              const QString &reference)
{
    const QString user = parser.value(u"username"_s);
    if (parser.isSet(u"password-stdin"_s) && user.isEmpty())
        return std::unexpected(usageError(verb, Texts::tr("--password-stdin wants --username")));
    if (user.isEmpty())
        return lookUp(reference);
    const auto password = parser.isSet(u"password-stdin"_s)
                              ? passwordFromInput()
                              : passwordFromTerminal(Texts::tr("Password of %1: ").arg(user));
    if (!password)
        return std::unexpected(fail(password.error()));
    return engine::Credentials{user, *password};
}

} // namespace cooperage::cli
