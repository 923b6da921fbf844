#include "core/connections/contreeprofiles.h"

#include <QCoreApplication>
#include <QFile>
#include <QMap>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace cooperage::connections {

namespace {

constexpr qint64 longestFile = 1024 * 1024;
const QString defaultAddress = u"https://api.tokenfactory.nebius.com/sandboxes"_s;

using Section = QMap<QString, QString>;

/// Python's configparser, as far as that program writes it; QSettings would take % and quotes for its own.
QMap<QString, Section> parseIni(const QString &text)
{
    QMap<QString, Section> sections;
    QString current;
    for (const QString &raw : text.split(u'\n')) {
        const QString line = raw.trimmed();
        if (line.isEmpty() || line.startsWith(u'#') || line.startsWith(u';'))
            continue;
        if (line.startsWith(u'[') && line.endsWith(u']')) {
            current = line.sliced(1, line.size() - 2);
            sections[current];
            continue;
        }
        const qsizetype equals = line.indexOf(u'=');
        const qsizetype colon = line.indexOf(u':');
        const qsizetype at = equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
        if (at > 0)
            sections[current].insert(line.first(at).trimmed().toLower(), line.sliced(at + 1).trimmed());
    }
    return sections;
}

} // namespace

QString contreeAuthFile()
{
    const QString home = qEnvironmentVariable("CONTREE_HOME");
    const QString folder =
        home.isEmpty()
            ? QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/contree"_s
            : home;
    return folder + u"/auth.ini"_s;
}

Result<QList<ContreeCliProfile>> readContreeProfiles(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return QList<ContreeCliProfile>();
    if (!file.open(QFile::ReadOnly))
        return failure(
            ErrorKind::Denied,
            QCoreApplication::translate("Connections", "The profiles of contree cannot be read: %1")
                .arg(file.errorString()),
            path, QCoreApplication::translate("Connections", "Check who may read this file."));
    const auto sections = parseIni(QString::fromUtf8(file.read(longestFile)));
    QList<ContreeCliProfile> result;
    for (const auto &[name, section] : sections.asKeyValueRange()) {
        if (!name.startsWith("profile:"_L1))
            continue;
        const QString address =
            section.value(u"url"_s, section.value(u"type"_s) == "iam"_L1 ? defaultAddress : QString());
        const ConnectionProfile profile{ConnectionProfile::Kind::Contree, name.sliced(8),
                                        QUrl(address, QUrl::StrictMode), section.value(u"project"_s)};
        const QString token = section.value(u"token"_s);
        if (profile.check() && !token.isEmpty())
            result.append({profile, credentials::Secret(token)});
    }
    return result;
}

} // namespace cooperage::connections
