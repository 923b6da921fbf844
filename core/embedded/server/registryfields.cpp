#include "core/embedded/server/registryfields.h"

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

Result<RegistryFields> readRegistry(JsonFields &fields)
{
    JsonFields registry(fields.object("registry"_L1), u"registry."_s);
    const QString url = registry.requiredText("url"_L1);
    const bool plainHttp = registry.flag("plain_http"_L1, false);
    JsonFields credentials(registry.object("credentials"_L1), u"registry.credentials."_s);
    RegistryFields result;
    RegistryAccess &access = result.access;
    access.username = credentials.text("username"_L1);
    access.password = credentials.text("password"_L1);
    access.plainHttp = plainHttp;
    if (const Result<> good = registry.verdict().and_then([&] { return credentials.verdict(); }); !good)
        return std::unexpected(good.error());
    const Result<images::Reference> reference = images::Reference::parse(url);
    if (!reference)
        return std::unexpected(reference.error());
    access.reference = *reference;
    result.shown[u"url"_s] = url;
    if (!access.username.isEmpty() || !access.password.isEmpty())
        result.shown[u"credentials"_s] =
            QJsonObject{{u"username"_s, access.username}, {u"password"_s, u"<MASKED>"_s}};
    if (plainHttp)
        result.shown[u"plain_http"_s] = true;
    return result;
}

QJsonObject refusalResult(const Error &error)
{
    return error.kind == ErrorKind::Denied ? QJsonObject{{u"error_kind"_s, u"denied"_s}} : QJsonObject();
}

} // namespace cooperage::embedded
