#include "core/build/imageconfigs.h"

#include "core/images/reference.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace cooperage::build {

ImageConfigs::ImageConfigs(QString folder) : m_folder(std::move(folder))
{
    if (m_folder.isEmpty())
        m_folder = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
                   u"/cooperage/image-configs"_s;
}

QString ImageConfigs::fileOf(const QString &imageUuid) const
{
    return images::isUuid(imageUuid) ? m_folder + u'/' + imageUuid.toLower() + u".json"_s : QString();
}

std::optional<std::optional<QJsonObject>> ImageConfigs::find(const QString &imageUuid) const
{
    QFile file(fileOf(imageUuid));
    if (file.fileName().isEmpty() || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (document.isObject())
        return document.object();
    return document.isArray() ? std::optional(std::optional<QJsonObject>()) : std::nullopt;
}

void ImageConfigs::remember(const QString &imageUuid, const std::optional<QJsonObject> &config) const
{
    const QString name = fileOf(imageUuid);
    if (name.isEmpty() || QFile::exists(name) || !QDir().mkpath(m_folder))
        return;
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.write(config ? QJsonDocument(*config).toJson(QJsonDocument::Compact) : QByteArrayLiteral("[]"));
    file.commit();
}

} // namespace cooperage::build
