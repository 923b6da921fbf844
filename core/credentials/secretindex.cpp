#include "core/credentials/secretindex.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

static QString indexFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           u"/cooperage/credentials.ini"_s;
}

// A group's name may hold no slash.
static QString groupOf(const SecretKey &key)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(key.toString()));
}

static Result<> written(QSettings &settings)
{
    settings.sync();
    if (settings.status() == QSettings::NoError)
        return {};
    return failure(ErrorKind::Denied,
                   QCoreApplication::translate("Credentials", "The list of saved sign-ins cannot be written"),
                   settings.fileName(),
                   QCoreApplication::translate("Credentials", "Check who may write to this file."));
}

static SecretEntry read(QSettings &settings, const SecretKey &key)
{
    settings.beginGroup(groupOf(key));
    SecretEntry entry{.key = key,
                      .source = settings.value(u"source"_s).toString(),
                      .savedAt = settings.value(u"saved"_s).toDateTime(),
                      .checkedAt = settings.value(u"checked"_s).toDateTime(),
                      .usedAt = settings.value(u"used"_s).toDateTime()};
    settings.endGroup();
    return entry;
}

QList<SecretEntry> SecretIndex::entries()
{
    QSettings settings(indexFile(), QSettings::IniFormat);
    QList<SecretEntry> result;
    for (const QString &group : settings.childGroups()) {
        if (const auto key = SecretKey::parse(QUrl::fromPercentEncoding(group.toLatin1())))
            result.append(read(settings, *key));
    }
    return result;
}

std::optional<SecretEntry> SecretIndex::entry(const SecretKey &key)
{
    QSettings settings(indexFile(), QSettings::IniFormat);
    if (!settings.childGroups().contains(groupOf(key)))
        return std::nullopt;
    return read(settings, key);
}

Result<> SecretIndex::put(const SecretEntry &entry)
{
    QSettings settings(indexFile(), QSettings::IniFormat);
    settings.beginGroup(groupOf(entry.key));
    settings.setValue(u"source"_s, entry.source);
    settings.setValue(u"saved"_s, entry.savedAt);
    settings.setValue(u"checked"_s, entry.checkedAt);
    settings.setValue(u"used"_s, entry.usedAt);
    settings.endGroup();
    return written(settings);
}

Result<> SecretIndex::remove(const SecretKey &key)
{
    QSettings settings(indexFile(), QSettings::IniFormat);
    settings.remove(groupOf(key));
    return written(settings);
}

} // namespace cooperage::credentials
