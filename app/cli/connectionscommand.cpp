#include "app/cli/cli.h"
#include "app/cli/support.h"
#include "app/cli/table.h"
#include "app/cli/verbparser.h"
#include "app/cli/verbs.h"
#include "core/connections/connection.h"
#include "core/connections/dockersockets.h"
#include "core/connections/profilestore.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::cli {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

using connections::ConnectionProfile;
using connections::ProfileStore;

int list()
{
    const QString defaultName = ProfileStore::defaultName();
    QList<QStringList> rows{
        {Texts::tr("NAME"), Texts::tr("ADDRESS"), Texts::tr("PROJECT"), Texts::tr("NOTE")}};
    for (const ConnectionProfile &profile : ProfileStore::profiles())
        rows.append({profile.name,
                     profile.kind == ConnectionProfile::Kind::Embedded ? Texts::tr("this computer")
                                                                       : profile.url.toDisplayString(),
                     profile.project, profile.name == defaultName ? Texts::tr("default") : QString()});
    for (const connections::DockerSocket &socket : connections::findDockerSockets())
        rows.append({socket.name, socket.path, {}, Texts::tr("found; cannot be used yet")});
    print(tableText(rows));
    return Success;
}

Result<connections::ConnectionCheck> test(const ConnectionProfile &profile)
{
    const auto token = await(connections::tokenOf(&secrets(), profile));
    if (!token)
        return std::unexpected(token.error());
    const std::shared_ptr<engine::Engine> engine = connections::makeEngine(profile, *token);
    return await(connections::checkConnection(engine, interrupted()));
}

int testAll(const QList<ConnectionProfile> &profiles)
{
    int result = Success;
    for (const ConnectionProfile &profile : profiles) {
        const auto check = test(profile);
        if (check) {
            print(Texts::tr("%1: ready, %2").arg(profile.name, printable(connections::summaryOf(*check))));
        } else {
            print(Texts::tr("%1: not ready. %2").arg(profile.name, printable(check.error().text())));
            result = Failure;
        }
    }
    return result;
}

} // namespace

int runConnections(const QStringList &arguments)
{
    VerbParser parser(
        verb::connections, u"list|test [NAME]"_s,
        Texts::tr("The engines that can be used: this computer's own and those of the settings. "
                  "`test` asks one of them, or all, how it is."),
        {u"cooperage connections list"_s, u"cooperage connections test work"_s});
    if (const auto done = parser.parse(arguments, 1, 2))
        return *done;
    const QStringList words = parser.positionalArguments();
    if (words[0] == "list"_L1 && words.size() == 1)
        return list();
    if (words[0] != "test"_L1)
        return usageError(verb::connections,
                          Texts::tr("there is no \"connections %1\"").arg(words.join(u' ')));
    if (words.size() == 1)
        return testAll(ProfileStore::profiles());
    const auto profile = ProfileStore::profile(words[1]);
    return profile ? testAll({*profile}) : fail(profile.error());
}

} // namespace cooperage::cli
