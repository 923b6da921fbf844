#include "core/connections/connection.h"

#include "core/engine/localengine.h"

#include <QCoreApplication>
#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace cooperage::connections {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Connections)
};

} // namespace

std::unique_ptr<engine::Engine> makeEngine(const ConnectionProfile &profile, const credentials::Secret &token)
{
    if (profile.kind == ConnectionProfile::Kind::Embedded)
        return std::make_unique<engine::LocalEngine>();
    engine::contree::Endpoint endpoint;
    endpoint.baseUrl = profile.url;
    endpoint.token = token.bytes().toByteArray();
    endpoint.project = profile.project;
    endpoint.name = profile.name;
    return std::make_unique<engine::contree::ContreeEngine>(endpoint);
}

engine::Task<credentials::Secret> tokenOf(credentials::SecretStore *store, ConnectionProfile profile)
{
    if (profile.kind == ConnectionProfile::Kind::Embedded)
        co_return credentials::Secret();
    auto token = co_await store->read(credentials::SecretKey::contree(profile.name));
    if (!token) {
        Error error = token.error();
        error.where = profile.name;
        if (error.kind == ErrorKind::NotFound) {
            error.what = Texts::tr("The token of this connection is not in the keychain");
            error.next = Texts::tr("Give it again under Settings, Connections.");
        }
        co_return std::unexpected(error);
    }
    co_return token;
}

engine::Task<ConnectionCheck> checkConnection(std::shared_ptr<engine::Engine> engine, std::stop_token stop)
{
    const auto info = co_await engine->info(stop);
    if (!info)
        co_return std::unexpected(info.error());
    QElapsedTimer timer;
    timer.start();
    const auto images = co_await engine->images({.limit = 1}, stop);
    if (!images)
        co_return std::unexpected(images.error());
    ConnectionCheck check{.info = *info, .latencyMs = timer.elapsed()};
    for (const auto &[permission, granted] : info->permissions.asKeyValueRange()) {
        if (!granted)
            check.missing << permission;
    }
    co_return check;
}

QString summaryOf(const ConnectionCheck &check)
{
    QStringList parts{Texts::tr("answers in %1 ms").arg(check.latencyMs)};
    if (!check.info.version.isEmpty())
        parts.prepend(Texts::tr("version %1").arg(check.info.version));
    parts << (check.missing.isEmpty() ? Texts::tr("all permissions")
                                      : Texts::tr("not permitted: %1").arg(check.missing.join(u", "_s)));
    return parts.join(u", "_s);
}

} // namespace cooperage::connections
