#pragma once

#include <QByteArray>
#include <QString>

namespace cooperage::sessions {

/// What a build remembers of a layer: the snapshot that a layer key stands for.
struct CachedLayer
{
    QByteArray key; ///< 64 hex digits.
    QString image;
    QString title{};
    qint64 durationMs = 0;
};

/// What is remembered of an ADDed URL in a context (its validators and the uploaded file).
struct CachedUrl
{
    QString url;
    QString fileUuid;
    QByteArray sha256;
    qint64 size = 0;
    QString etag{};
    QString lastModified{};
    QString contentMd5{};
};

} // namespace cooperage::sessions
