#include "core/engine/urldownload.h"

#include "core/engine/contree/urlsource.h"

#include <QFile>

namespace cooperage::engine {

Result<> downloadUrl(const QString &url, const QString &file, const std::stop_token &stop)
{
    QFile target(file);
    if (!target.open(QIODevice::WriteOnly))
        return failure(ErrorKind::Failed, target.errorString(), file);
    bool isFull = false;
    contree::SourceRequest request;
    request.url = QUrl(url, QUrl::TolerantMode);
    contree::SourceHandlers handlers;
    handlers.onBytes = [&](const char *data, size_t size) {
        isFull = target.write(data, static_cast<qint64>(size)) != static_cast<qint64>(size);
        return !isFull;
    };
    const auto head = contree::readSource(request, handlers, stop);
    if (isFull || (head && !target.flush()))
        return failure(ErrorKind::Full, target.errorString(), file);
    return head ? Result<>() : std::unexpected(head.error());
}

} // namespace cooperage::engine
