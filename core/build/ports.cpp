#include "core/build/configsteps.h"

#include <QCoreApplication>

#include <arpa/inet.h>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("ConfigStep", text);
}

// In full: "1.2.3" is none.
static bool isAddress(const QString &text)
{
    in6_addr any{};
    const QByteArray bytes = text.toUtf8();
    return ::inet_pton(AF_INET, bytes.constData(), &any) == 1 ||
           ::inet_pton(AF_INET6, bytes.constData(), &any) == 1;
}

// "80" or "80-90"; nullopt where it is neither or out of order.
static std::optional<std::pair<int, int>> portRange(const QString &text)
{
    const QStringList ends = text.split(u'-');
    if (ends.size() > 2)
        return std::nullopt;
    bool firstOk = false;
    bool lastOk = false;
    const int first = ends.first().toInt(&firstOk);
    const int last = ends.last().toInt(&lastOk);
    if (!firstOk || !lastOk || first < 0 || last > 65535 || first > last)
        return std::nullopt;
    return std::pair(first, last);
}

Result<QStringList> exposedPorts(const QString &specification)
{
    const auto invalid = [&specification](const QString &why) {
        return failure(ErrorKind::BadInput, tr("invalid port: \"%1\": %2").arg(specification, why));
    };
    const qsizetype slash = specification.lastIndexOf(u'/');
    const QString protocol = slash < 0 ? u"tcp"_s : specification.sliced(slash + 1).toLower();
    const QString rest = slash < 0 ? specification : specification.first(slash);
    if (rest.isEmpty())
        return invalid(tr("no port specified"));
    if (protocol != "tcp"_L1 && protocol != "udp"_L1 && protocol != "sctp"_L1)
        return invalid(tr("invalid proto: %1").arg(protocol));
    const QString container = rest.section(u':', -1);
    const auto range = portRange(container);
    if (!range)
        return invalid(tr("invalid containerPort: %1").arg(container));
    if (const QString host = rest.section(u':', -2, -2);
        rest.contains(u':') && !host.isEmpty() && !portRange(host))
        return invalid(tr("invalid hostPort: %1").arg(host));
    if (QString address = rest.section(u':', 0, -3); !address.isEmpty()) {
        if (address.startsWith(u'[') && address.endsWith(u']'))
            address = address.sliced(1, address.size() - 2);
        if (!isAddress(address))
            return invalid(tr("invalid IP address: %1").arg(address));
    }
    QStringList result;
    for (int port = range->first; port <= range->second; ++port)
        result << QString::number(port) + u'/' + protocol;
    return result;
}

} // namespace cooperage::build
