#include "core/connections/profilestore.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::connections {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(Connections)
};

const QString defaultKey = u"default"_s;
const QString groupPrefix = u"connection-"_s; ///< Keeps a profile called "General" apart from QSettings' own.

QSettings openFile()
{
    return QSettings(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                         u"/cooperage/connections.ini"_s,
                     QSettings::IniFormat);
}

Result<> written(QSettings &settings)
{
    settings.sync();
    if (settings.status() == QSettings::NoError)
        return {};
    return failure(ErrorKind::Denied, Texts::tr("The list of connections cannot be written"),
                   settings.fileName(), Texts::tr("Check who may write to this file."));
}

} // namespace

QList<ConnectionProfile> ProfileStore::profiles()
{
    QSettings settings = openFile();
    QList<ConnectionProfile> result{ConnectionProfile::embedded()};
    QStringList groups = settings.childGroups();
    groups.sort(Qt::CaseInsensitive);
    for (const QString &group : std::as_const(groups)) {
        if (!group.startsWith(groupPrefix))
            continue;
        const ConnectionProfile profile{ConnectionProfile::Kind::Contree, group.sliced(groupPrefix.size()),
                                        QUrl(settings.value(group + u"/url"_s).toString(), QUrl::StrictMode),
                                        settings.value(group + u"/project"_s).toString()};
        if (profile.check())
            result.append(profile);
    }
    return result;
}

Result<ConnectionProfile> ProfileStore::profile(const QString &name)
{
    const QList<ConnectionProfile> all = profiles();
    const auto found = std::ranges::find(all, name, &ConnectionProfile::name);
    if (found != all.end())
        return *found;
    QStringList names;
    for (const ConnectionProfile &profile : all)
        names << profile.name;
    return failure(ErrorKind::NotFound, Texts::tr("There is no connection called “%1”").arg(name), {},
                   Texts::tr("There are: %1.").arg(names.join(u", "_s)));
}

Result<> ProfileStore::put(const ConnectionProfile &profile)
{
    if (auto good = profile.check(); !good || profile.kind == ConnectionProfile::Kind::Embedded)
        return good;
    QSettings settings = openFile();
    const QString group = groupPrefix + profile.name;
    settings.setValue(group + u"/url"_s, profile.url.toString());
    settings.setValue(group + u"/project"_s, profile.project);
    return written(settings);
}

Result<> ProfileStore::remove(const QString &name)
{
    QSettings settings = openFile();
    settings.remove(groupPrefix + name);
    if (settings.value(defaultKey).toString() == name)
        settings.remove(defaultKey);
    return written(settings);
}

QString ProfileStore::defaultName()
{
    const QString name = openFile().value(defaultKey).toString();
    return profile(name) ? name : ConnectionProfile::embedded().name;
}

Result<> ProfileStore::setDefault(const QString &name)
{
    if (const auto known = profile(name); !known)
        return std::unexpected(known.error());
    QSettings settings = openFile();
    settings.setValue(defaultKey, name);
    return written(settings);
}

} // namespace cooperage::connections
