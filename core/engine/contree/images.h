#pragma once

#include "core/engine/contree/transport.h"
#include "core/engine/values.h"

class QIODevice;

/// Images, their tags and what is in them (contract 2.3 and 2.8).
namespace cooperage::engine::contree {

[[nodiscard]] Task<QList<ImageRecord>> listImages(TransportPtr transport, ImageQuery query,
                                                  std::stop_token stop);
[[nodiscard]] Task<ImageRecord> resolveImage(TransportPtr transport, QString nameOrUuid,
                                             std::stop_token stop);
[[nodiscard]] Task<ImageRecord> setImageTag(TransportPtr transport, QString uuid, QString tag);
[[nodiscard]] Task<> removeImageTag(TransportPtr transport, QString uuid, QString tag);
[[nodiscard]] Task<QList<LayerRecord>> readLayers(TransportPtr transport, QString uuid, std::stop_token stop);
[[nodiscard]] Task<> deleteImage(TransportPtr transport, QString uuid);
[[nodiscard]] Task<QJsonObject> readImageConfig(TransportPtr transport, QString uuid, std::stop_token stop);
[[nodiscard]] Task<QList<FileItem>> listFolder(TransportPtr transport, QString uuid, QString path,
                                               std::stop_token stop);
/// `what` is "download" (a file's bytes) or "archive" (a tar).
[[nodiscard]] Task<> fetch(TransportPtr transport, QString uuid, QByteArray what, QString path,
                           QIODevice *target, std::stop_token stop);

/// Writes all of the bytes, or says why not.
[[nodiscard]] Result<> writeAll(QIODevice *target, const QByteArray &bytes);

} // namespace cooperage::engine::contree
