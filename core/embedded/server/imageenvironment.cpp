#include "core/embedded/server/imageenvironment.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static QString nameIn(const QString &assignment)
{
    return assignment.section(u'=', 0, 0);
}

ImageEnvironment ImageEnvironment::of(const QByteArray &config)
{
    const QJsonObject process = QJsonDocument::fromJson(config).object().value(u"config"_s).toObject();
    ImageEnvironment result{{}, process.value(u"WorkingDir"_s).toString()};
    const QJsonArray variables = process.value(u"Env"_s).toArray();
    for (const QJsonValue &each : variables) {
        const QString assignment = each.toString();
        if (const QString name = nameIn(assignment); !name.isEmpty())
            result.env[name] = assignment.mid(name.size() + 1);
    }
    return result;
}

QByteArray withEnvironment(const QByteArray &config, const QMap<QString, QString> &env)
{
    const QMap<QString, QString> old = ImageEnvironment::of(config).env;
    const bool same = std::ranges::all_of(
        env.keys(), [&](const QString &name) { return old.contains(name) && old[name] == env[name]; });
    if (same)
        return config;
    QJsonObject image = QJsonDocument::fromJson(config).object();
    QJsonObject process = image.value(u"config"_s).toObject();
    QJsonArray variables;
    const QJsonArray before = process.value(u"Env"_s).toArray();
    for (const QJsonValue &each : before) {
        if (!env.contains(nameIn(each.toString())))
            variables.append(each);
    }
    for (auto each = env.begin(); each != env.end(); ++each)
        variables.append(each.key() + u'=' + each.value());
    process[u"Env"_s] = variables;
    image[u"config"_s] = process;
    return QJsonDocument(image).toJson(QJsonDocument::Compact);
}

} // namespace cooperage::embedded
