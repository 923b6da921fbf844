#include "core/connections/connectionprofile.h"

#include "core/engine/contree/endpoint.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace cooperage::connections {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Connections)
};

const QString embeddedName = u"embedded"_s;

} // namespace

ConnectionProfile ConnectionProfile::embedded()
{
    return {Kind::Embedded, embeddedName, {}, {}};
}

QString ConnectionProfile::displayName() const
{
    return kind == Kind::Embedded ? Texts::tr("Embedded engine") : name;
}

QString ConnectionProfile::scope() const
{
    if (kind == Kind::Embedded)
        return embeddedName;
    return url.toString(QUrl::RemoveUserInfo) + u' ' + project;
}

Result<> ConnectionProfile::check() const
{
    if (kind == Kind::Embedded)
        return {};
    static const QRegularExpression grammar(
        QRegularExpression::anchoredPattern(u"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"_s));
    if (!grammar.match(name).hasMatch() || name == embeddedName)
        return failure(ErrorKind::BadInput, Texts::tr("“%1” cannot be a connection's name").arg(name), {},
                       Texts::tr("Use letters, digits, dots, _ and -; “embedded” is taken."));
    if (auto address = engine::contree::Endpoint{.baseUrl = url}.check(); !address)
        return address;
    if (!url.userInfo().isEmpty())
        return failure(ErrorKind::BadInput, Texts::tr("The address holds a user name or password"), {},
                       Texts::tr("Leave it out; the token has a field of its own."));
    if (url.scheme() == "http"_L1 && !engine::contree::isLoopbackHost(url.host()))
        return failure(ErrorKind::BadInput, Texts::tr("A token is not sent over an unencrypted connection"),
                       url.toDisplayString(), Texts::tr("Give an https address."));
    return {};
}

} // namespace cooperage::connections
