#include "core/embedded/server/networkdevices.h"

#include <QJsonObject>
#include <QString>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// Two lines of headings, then one per interface: the name, a colon, eight counters of what was received and
// eight of what was sent. A last line that was cut off has fewer.
QJsonArray networkDevices(const std::string &text)
{
    QJsonArray devices;
    const QStringList lines = QString::fromStdString(text).split(u'\n');
    for (const QString &line : lines) {
        const qsizetype colon = line.indexOf(u':');
        const QStringList counters = line.mid(colon + 1).simplified().split(u' ');
        if (colon < 0 || counters.size() < 16)
            continue;
        QJsonObject device{{u"name"_s, line.left(colon).trimmed()}};
        qsizetype at = 0;
        for (const QString &direction : {u"rx_"_s, u"tx_"_s}) {
            for (const QString &counter : {u"bytes"_s, u"packets"_s, u"errs"_s, u"drop"_s})
                device[direction + counter] = counters[at++].toLongLong();
            at += 4;
        }
        devices.append(device);
    }
    return devices;
}

} // namespace cooperage::embedded
