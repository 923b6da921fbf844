#include "core/embedded/server/context.h"
#include "core/embedded/server/reply.h"

#include <QUuid>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static QJsonArray extensionsFor(const Exchange &exchange)
{
    QJsonArray result;
    for (const char *name :
         {"commit", "copy-from", "diff", "export", "find", "image-config", "image-list", "import-archive",
          "import-platform", "layers", "mounts", "push", "remove-image", "storage", "terminal"})
        result.append(QLatin1StringView(name));
    // Paths of this machine mean something only to a process of this user on it.
    if (exchange.local)
        result.append(u"local-files"_s);
    return result;
}

void addWhoami(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/whoami", [&context](Exchange &exchange) -> Result<> {
        QJsonObject permissions;
        for (const char *name : {"list", "spawn", "spawn_disposable", "import", "set_image_tag", "cancel"})
            permissions[QLatin1StringView(name)] = true;
        QJsonObject stat;
        for (const auto &[status, count] : context.operations.counts())
            stat[status] = count;
        // There is one identity per store; it must stay the same, and must not tell the token.
        const QUuid identity =
            QUuid::createUuidV5(QUuid(), QByteArray::fromStdString(context.store.folder()));
        QJsonObject reply{{u"token_uuid"_s, identity.toString(QUuid::WithoutBraces)},
                          {u"token_expiration"_s, QJsonValue::Null},
                          {u"permissions"_s, permissions},
                          {u"limits"_s, QJsonObject{{u"instance_max_timeout"_s, instanceMaxTimeout}}},
                          {u"operations_stat"_s, stat}};
        if (context.options.extensions)
            reply[u"extensions"_s] = extensionsFor(exchange);
        sendJson(exchange.response, 200, reply);
        return {};
    });
}

} // namespace cooperage::embedded
