#include "core/embedded/archive/confighistory.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

bool hasLayer(const QJsonValue &entry)
{
    return !entry["empty_layer"_L1].toBool();
}

qsizetype entriesWithLayer(const QJsonArray &history)
{
    return std::ranges::count_if(history, hasLayer);
}

// How many layers at the bottom have no entry. Entries that our own builds added have no time of their own;
// what the base brought along has.
qsizetype missingBelow(const QJsonArray &history, const QJsonObject &config, qsizetype missing)
{
    const qsizetype layersOfBase = config["rootfs"_L1]["diff_ids"_L1].toArray().size();
    if (layersOfBase == 0)
        return missing;
    const auto entriesOfBase = std::ranges::count_if(history, [](const QJsonValue &entry) {
        return hasLayer(entry) && entry.toObject().contains("created"_L1);
    });
    return std::clamp<qsizetype>(layersOfBase - entriesOfBase, 0, missing);
}

static QJsonArray firstOf(const QJsonArray &array, qsizetype count)
{
    QJsonArray first;
    for (qsizetype i = 0; i < std::min(count, array.size()); ++i)
        first.append(array[i]);
    return first;
}

// With the entries without a layer that follow the last one: so the image was before the next layer came.
static QJsonArray historyOfLowest(const QJsonArray &history, qsizetype entries)
{
    QJsonArray kept;
    for (const auto &entry : history) {
        entries -= hasLayer(entry) ? 1 : 0;
        if (entries < 0)
            break;
        kept.append(entry);
    }
    return kept;
}

// What the last entry of an instruction gave it, without an entry nothing; builders of old wrote
// "/bin/sh -c #(nop)  USER x".
static std::optional<QString> lastValue(const QJsonArray &history, const QString &instruction)
{
    std::optional<QString> value;
    for (const auto &entry : history) {
        QString text = entry["created_by"_L1].toString();
        if (const QString shell = u"/bin/sh -c #(nop)"_s; text.startsWith(shell))
            text = text.sliced(shell.size()).trimmed();
        if (text.startsWith(instruction + u' '))
            value = text.sliced(instruction.size() + 1).trimmed();
    }
    return value;
}

// ["a", "b"], or as it was written of old, ["a" "b"].
static QJsonValue wordsOf(const QString &text)
{
    const QJsonDocument words = QJsonDocument::fromJson(text.toUtf8());
    if (words.isArray())
        return words.array();
    const QJsonDocument older =
        QJsonDocument::fromJson(QString(text).replace(u"\" \""_s, u"\",\""_s).toUtf8());
    return older.isArray() ? QJsonValue(older.array()) : QJsonValue(QJsonValue::Undefined);
}

static void takeBack(QJsonObject &settings, const QJsonArray &kept, const QJsonArray &later)
{
    const auto isSetLater = [&](const QString &instruction) {
        return lastValue(later, instruction).has_value();
    };
    for (const auto &[instruction, key] : {std::pair(u"USER"_s, u"User"_s), {u"WORKDIR"_s, u"WorkingDir"_s}})
        if (isSetLater(instruction))
            settings[key] = lastValue(kept, instruction).value_or(QString());
    const bool isEntrypointLater = isSetLater(u"ENTRYPOINT"_s);
    if (isEntrypointLater)
        settings[u"Entrypoint"_s] = wordsOf(lastValue(kept, u"ENTRYPOINT"_s).value_or(QString()));
    if (isEntrypointLater || isSetLater(u"CMD"_s)) // An entrypoint does away with the command of the base.
        settings[u"Cmd"_s] = wordsOf(lastValue(kept, u"CMD"_s).value_or(QString()));
}

QByteArray configOfLowest(const QByteArray &config, qsizetype count, qsizetype all)
{
    QJsonObject image = QJsonDocument::fromJson(config).object();
    if (image.isEmpty())
        return config;
    const QJsonArray history = image["history"_L1].toArray();
    const qsizetype missing = std::max<qsizetype>(all - entriesWithLayer(history), 0);
    const QJsonArray kept = historyOfLowest(history, count - missingBelow(history, image, missing));
    QJsonArray later;
    for (qsizetype i = kept.size(); i < history.size(); ++i)
        later.append(history[i]);
    if (!history.isEmpty())
        image[u"history"_s] = kept;
    if (const QString created = kept.isEmpty() ? QString() : kept.last()["created"_L1].toString();
        !created.isEmpty())
        image[u"created"_s] = created;
    if (QJsonObject rootfs = image["rootfs"_L1].toObject(); !rootfs.isEmpty()) {
        rootfs[u"diff_ids"_s] = firstOf(rootfs["diff_ids"_L1].toArray(), count);
        image[u"rootfs"_s] = rootfs;
    }
    if (QJsonObject settings = image["config"_L1].toObject(); !settings.isEmpty()) {
        takeBack(settings, kept, later);
        image[u"config"_s] = settings;
    }
    return QJsonDocument(image).toJson(QJsonDocument::Compact);
}

} // namespace cooperage::embedded
