#include "app/details/imagefacts.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(ImageFacts)
};

} // namespace

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
    add(Texts::tr("Platform"), platform == "/"_L1  ? QString()
                               : variant.isEmpty() ? platform
                                                   : platform + u'/' + variant);
    add(Texts::tr("Made"), config["created"_L1].toString());
    add(Texts::tr("Author"), config["author"_L1].toString());
    add(Texts::tr("Entrypoint"), joined(run["Entrypoint"_L1]));
    add(Texts::tr("Command"), joined(run["Cmd"_L1]));
    add(Texts::tr("Working folder"), run["WorkingDir"_L1].toString());
    add(Texts::tr("User"), run["User"_L1].toString());
    add(Texts::tr("Ports"), keysOf(run["ExposedPorts"_L1]));
    add(Texts::tr("Volumes"), keysOf(run["Volumes"_L1]));
    add(Texts::tr("Stop signal"), run["StopSignal"_L1].toString());
    add(Texts::tr("Shell"), joined(run["Shell"_L1]));
    add(Texts::tr("Health check"), joined(run["Healthcheck"_L1]["Test"_L1]));
    add(Texts::tr("Triggers"), joined(run["OnBuild"_L1]));
    for (const QJsonValue &variable : run["Env"_L1].toArray())
        add(Texts::tr("Variable %1").arg(variable.toString().section(u'=', 0, 0)),
            variable.toString().section(u'=', 1));
    const QJsonObject labels = run["Labels"_L1].toObject();
    for (auto label = labels.begin(); label != labels.end(); ++label)
        add(Texts::tr("Label %1").arg(label.key()), label->toString());
    return rows;
}

QList<HistoryRow> historyRows(const QJsonObject &config, const QList<engine::LayerRecord> &layers)
{
    QList<HistoryRow> rows;
    int count = 0;
    const auto addLayer = [&](HistoryRow row) {
        const engine::LayerRecord &layer = layers[count];
        row.size = layer.size;
        row.layer = layer.diffId.isEmpty() ? layer.id : layer.diffId;
        row.count = ++count;
        rows.append(row);
    };
    for (const QJsonValue &entry : config["history"_L1].toArray()) {
        const HistoryRow row{.text = entry["created_by"_L1].toString(),
                             .created = entry["created"_L1].toString()};
        if (!entry["empty_layer"_L1].toBool() && count < layers.size())
            addLayer(row);
        else
            rows.append(row);
    }
    while (count < layers.size())
        addLayer({.text = Texts::tr("(not in the history)")});
    return rows;
}

void nameSources(QList<HistoryRow> *rows, const QList<LayerSource> &sources)
{
    for (HistoryRow &row : *rows) {
        const auto source = std::ranges::find_if(sources, [&row](const LayerSource &source) {
            return source.first <= row.count && row.count <= source.last;
        });
        if (row.count == 0 || source == sources.end())
            continue;
        row.source = source->text;
        row.place = source->place;
        if (row.created.isEmpty() && source->made.isValid())
            row.created = source->made.toString(Qt::ISODateWithMs);
    }
}

QString placeName(const HistoryRow &row)
{
    if (row.place.dockerfile.isEmpty() || row.place.line < 1)
        return {};
    return u"%1:%2"_s.arg(row.place.dockerfile.section(u'/', -2)).arg(row.place.line);
}

QString stepText(const HistoryRow &row)
{
    return (row.source.isEmpty() ? row.text : row.source).simplified();
}

QString layerTitle(const HistoryRow &row)
{
    return Texts::tr("Layer %1: %2").arg(row.count).arg(stepText(row));
}

} // namespace cooperage::gui
