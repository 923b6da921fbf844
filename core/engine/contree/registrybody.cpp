#include "core/engine/contree/registrybody.h"

#include "core/images/reference.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

Result<QJsonObject> registryBody(const QString &text, const std::optional<Credentials> &credentials,
                                 bool plainHttp)
{
    const auto reference = images::Reference::parse(text);
    if (!reference)
        return std::unexpected(reference.error());
    QJsonObject registry{{u"url"_s, reference->url()}};
    if (credentials)
        registry.insert(u"credentials"_s, QJsonObject{{u"username"_s, credentials->username},
                                                      {u"password"_s, credentials->password}});
    if (plainHttp)
        registry.insert(u"plain_http"_s, true);
    return registry;
}

Error withSource(Error error, const std::optional<Credentials> &credentials)
{
    if (error.kind != ErrorKind::Denied || !credentials || credentials->source.isEmpty())
        return error;
    const QString source =
        QCoreApplication::translate("Engine", "The credentials are from %1.").arg(credentials->source);
    error.next = error.next.isEmpty() ? source : error.next + u' ' + source;
    return error;
}

QStringList notesOf(const QJsonObject &record)
{
    return record["metadata"_L1]["result"_L1]["notes"_L1].toVariant().toStringList();
}

} // namespace cooperage::engine::contree
