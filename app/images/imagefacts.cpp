#include "app/images/imageplace.h"

#include <QJsonArray>
#include <QStringList>

using namespace Qt::StringLiterals;

// What documents of an image say, in rows.
namespace cooperage::gui {

static QString joined(const QJsonValue &value)
{
    QStringList parts;
    for (const QJsonValue &part : value.toArray()) {
        const QString text = part.toString();
        parts.append(text.isEmpty() || text.contains(u' ') ? u"\"%1\""_s.arg(text) : text);
    }
    return parts.join(u' ');
}

static QString keysOf(const QJsonValue &value)
{
    return value.toObject().keys().join(u", "_s);
}

QList<std::pair<QString, QString>> configRows(const QJsonObject &config)
{
    const QJsonObject run = config["config"_L1].toObject();
    QList<std::pair<QString, QString>> rows;
    const auto add = [&rows](const QString &name, const QString &value) {
        if (!value.isEmpty())
            rows.append({name, value});
    };
    const QString variant = config["variant"_L1].toString();
    const QString platform = config["os"_L1].toString() + u'/' + config["architecture"_L1].toString();
    add(ImagePlace::tr("Platform"), platform == "/"_L1  ? QString()
                                    : variant.isEmpty() ? platform
                                                        : platform + u'/' + variant);
    add(ImagePlace::tr("Made"), config["created"_L1].toString());
    add(ImagePlace::tr("Author"), config["author"_L1].toString());
    add(ImagePlace::tr("Entrypoint"), joined(run["Entrypoint"_L1]));
    add(ImagePlace::tr("Command"), joined(run["Cmd"_L1]));
    add(ImagePlace::tr("Working folder"), run["WorkingDir"_L1].toString());
    add(ImagePlace::tr("User"), run["User"_L1].toString());
    add(ImagePlace::tr("Ports"), keysOf(run["ExposedPorts"_L1]));
    add(ImagePlace::tr("Volumes"), keysOf(run["Volumes"_L1]));
    add(ImagePlace::tr("Stop signal"), run["StopSignal"_L1].toString());
    add(ImagePlace::tr("Shell"), joined(run["Shell"_L1]));
    add(ImagePlace::tr("Health check"), joined(run["Healthcheck"_L1]["Test"_L1]));
    add(ImagePlace::tr("Triggers"), joined(run["OnBuild"_L1]));
    for (const QJsonValue &variable : run["Env"_L1].toArray())
        add(ImagePlace::tr("Variable %1").arg(variable.toString().section(u'=', 0, 0)),
            variable.toString().section(u'=', 1));
    const QJsonObject labels = run["Labels"_L1].toObject();
    for (auto label = labels.begin(); label != labels.end(); ++label)
        add(ImagePlace::tr("Label %1").arg(label.key()), label->toString());
    return rows;
}

QList<HistoryRow> historyRows(const QJsonObject &config, const QList<engine::LayerRecord> &layers)
{
    QList<HistoryRow> rows;
    qsizetype next = 0;
    for (const QJsonValue &entry : config["history"_L1].toArray()) {
        HistoryRow row{.text = entry["created_by"_L1].toString(), .created = entry["created"_L1].toString()};
        if (!entry["empty_layer"_L1].toBool() && next < layers.size()) {
            row.size = layers[next].size;
            row.layer = layers[next].diffId.isEmpty() ? layers[next].id : layers[next].diffId;
            ++next;
        }
        rows.append(row);
    }
    for (; next < layers.size(); ++next)
        rows.append({.text = ImagePlace::tr("(not in the history)"),
                     .size = layers[next].size,
                     .layer = layers[next].diffId.isEmpty() ? layers[next].id : layers[next].diffId});
    return rows;
}

} // namespace cooperage::gui
