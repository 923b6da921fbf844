#pragma once

#include <QJsonArray>
#include <QJsonObject>

/// The history in an image config, whose entries need not be as many as the layers.
namespace cooperage::embedded {

[[nodiscard]] bool hasLayer(const QJsonValue &entry);
[[nodiscard]] qsizetype entriesWithLayer(const QJsonArray &history);

/// Where `missing` entries are to be added for layers that have none: how many before all others.
[[nodiscard]] qsizetype missingBelow(const QJsonArray &history, const QJsonObject &config, qsizetype missing);

/// The part of an image's config that belongs to its `count` lowest layers, of `all`: diff IDs and history,
/// and user, folder, entrypoint and command as the history tells them. The rest stays.
[[nodiscard]] QByteArray configOfLowest(const QByteArray &config, qsizetype count, qsizetype all);

} // namespace cooperage::embedded
