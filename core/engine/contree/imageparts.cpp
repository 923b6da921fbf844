#include "core/engine/contree/imageparts.h"

#include "core/context/namepattern.h"
#include "core/engine/contree/images.h"
#include "core/engine/contree/json.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

Task<ImageRecord> makeLayerImage(TransportPtr transport, QString image, int count, std::stop_token stop)
{
    const QByteArray path = "/v1/images/" + segment(image) + "/layers/" + QByteArray::number(count);
    const auto response = co_await send(transport, {.method = "POST", .path = path}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toImage(*object);
}

Task<WasteReport> readWaste(TransportPtr transport, QString image, int limit, std::stop_token stop)
{
    const auto response = co_await send(
        transport,
        {.path = "/v1/images/" + segment(image) + "/waste", .query = {{"limit", QString::number(limit)}}},
        stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    WasteReport report{.bytes = (*object)["bytes"_L1].toInteger(),
                       .count = (*object)["count"_L1].toInteger()};
    for (const auto &file : (*object)["files"_L1].toArray())
        report.files.append({.path = file["path"_L1].toString(),
                             .size = file["size"_L1].toInteger(),
                             .layer = file["layer"_L1].toInt(),
                             .hiddenBy = file["hidden_by"_L1].toInt(),
                             .removed = file["removed"_L1].toBool()});
    co_return report;
}

Task<FindOutcome> findFiles(TransportPtr transport, FindRequest request, std::stop_token stop)
{
    const Query query{{"pattern", request.pattern},
                      {"path", request.path},
                      {"case", request.caseSensitive ? u"sensitive"_s : u"insensitive"_s},
                      {"limit", QString::number(request.limit)}};
    const auto response = co_await send(
        transport, {.path = "/v1/inspect/" + segment(request.image) + "/find", .query = query}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    FindOutcome outcome{.truncated = (*object)["truncated"_L1].toBool()};
    for (const auto &file : (*object)["files"_L1].toArray())
        outcome.files.append({.path = file["path"_L1].toString(),
                              .size = file["size"_L1].toInteger(),
                              .mode = static_cast<quint32>(file["mode"_L1].toInteger())});
    co_return outcome;
}

Task<FindOutcome> findInListings(TransportPtr transport, FindRequest request, std::stop_token stop)
{
    const auto pattern = context::NamePattern::compile(request.pattern, request.caseSensitive);
    if (!pattern)
        co_return failure(ErrorKind::BadInput,
                          QCoreApplication::translate("ImageParts", "\"%1\" is not a pattern for names")
                              .arg(request.pattern));
    FindOutcome outcome;
    // The next folder is the last one, so that paths come in order.
    QStringList folders{request.path};
    while (!folders.isEmpty() && !outcome.truncated) {
        const QString folder = folders.takeLast();
        auto items = co_await listFolder(transport, request.image, folder, stop);
        if (!items)
            co_return std::unexpected(items.error());
        std::ranges::sort(*items, {}, &FileItem::name);
        const QString prefix = folder.endsWith(u'/') ? folder : folder + u'/';
        QStringList inside;
        for (const FileItem &item : std::as_const(*items)) {
            const QString path = prefix + item.name;
            if (item.isFolder)
                inside.prepend(path);
            if (pattern->matches(path))
                outcome.files.append({path, item.size, item.mode});
        }
        folders.append(inside);
        outcome.truncated = outcome.files.size() > request.limit;
    }
    std::ranges::sort(outcome.files, {}, &FoundFile::path);
    outcome.files.resize(std::min<qsizetype>(outcome.files.size(), request.limit));
    co_return outcome;
}

} // namespace cooperage::engine::contree
