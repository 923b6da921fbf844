#include "core/build/imageconfigs.h"

#include "core/images/reference.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString cacheFolder(const QString &name)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + u"/cooperage/"_s + name;
}

ImageConfigs::ImageConfigs(QString folder)
    : m_folder(folder.isEmpty() ? cacheFolder(u"image-configs"_s) : std::move(folder))
{
}

ImageConfigs ImageConfigs::ofResults()
{
    return ImageConfigs(cacheFolder(u"result-configs"_s));
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

Result<> ImageConfigs::keep(const QString &imageUuid, const QJsonObject &config) const
{
    QSaveFile file(fileOf(imageUuid));
    QDir().mkpath(m_folder);
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(QJsonDocument(config).toJson(QJsonDocument::Compact)) < 0 || !file.commit())
        return failure(ErrorKind::Failed, file.errorString(), file.fileName());
    return {};
}

} // namespace cooperage::build
