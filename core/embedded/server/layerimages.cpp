#include "core/embedded/archive/confighistory.h"
#include "core/embedded/archive/hiddenfiles.h"
#include "core/embedded/server/clientwatch.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/imagejson.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/server/text.h"

#include <queue>

#include <algorithm>
#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static Result<> layerImage(ServerContext &context, Exchange &exchange)
{
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    const auto all = static_cast<qsizetype>(image->layers.size());
    bool isNumber = false;
    const int count = exchange.parameter("count").toInt(&isNumber);
    if (!isNumber || count < 1 || count > all)
        return failure(ErrorKind::BadInput,
                       Text::tr("the image has %1 layers: the number must be 1 to %1").arg(all));
    if (count == all) {
        sendJson(exchange.response, 200, imageJson(*image, context.store.latestTag(image->uuid)));
        return {};
    }
    const Result<LayersImage> made = context.store.imageOfLayers(
        {image->layers.begin(), image->layers.begin() + count}, configOfLowest(image->config, count, all));
    if (!made)
        return std::unexpected(made.error());
    sendJson(exchange.response, made->isNew ? 201 : 200,
             imageJson(made->image, context.store.latestTag(made->image.uuid)));
    return {};
}

namespace {

struct BiggerFirst
{
    bool operator()(const HiddenFile &one, const HiddenFile &other) const
    {
        return std::tie(other.size, one.path, one.layer) < std::tie(one.size, other.path, other.layer);
    }
};

/// Sums all wasted files up and keeps the biggest ones.
class BiggestFiles
{
public:
    explicit BiggestFiles(size_t limit) : m_limit(limit) {}
    void add(const HiddenFile &file);
    [[nodiscard]] QJsonObject json();

private:
    const size_t m_limit;
    std::priority_queue<HiddenFile, std::vector<HiddenFile>, BiggerFirst> m_kept{}; ///< Smallest on top.
    qint64 m_bytes = 0;
    qint64 m_count = 0;
};

} // namespace

void BiggestFiles::add(const HiddenFile &file)
{
    m_bytes += file.size;
    ++m_count;
    m_kept.push(file);
    if (m_kept.size() > m_limit)
        m_kept.pop();
}

QJsonObject BiggestFiles::json()
{
    std::vector<HiddenFile> files;
    for (; !m_kept.empty(); m_kept.pop())
        files.push_back(m_kept.top());
    QJsonArray array;
    for (auto file = files.rbegin(); file != files.rend(); ++file)
        array.append(QJsonObject{{u"path"_s, QString::fromStdString(file->path)},
                                 {u"size"_s, file->size},
                                 {u"layer"_s, file->layer},
                                 {u"hidden_by"_s, file->hiddenBy},
                                 {u"removed"_s, file->removed}});
    return {{u"files"_s, array}, {u"bytes"_s, m_bytes}, {u"count"_s, m_count}};
}

static Result<> waste(ServerContext &context, Exchange &exchange)
{
    const Result<int> limit = numberOf(exchange, "limit", 1000, 1, 100'000);
    if (!limit)
        return std::unexpected(limit.error());
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    BiggestFiles files(static_cast<size_t>(*limit));
    ClientWatch client(exchange.request.is_connection_closed);
    HiddenFileSearch search{.found = [&](const HiddenFile &file) { files.add(file); },
                            .mustStop = [&] { return client.hasGone(); }};
    for (const LayerId &layer : image->layers)
        search.layers.push_back(context.store.layerPath(layer));
    if (const Result<> done = findHiddenFiles(search); !done)
        return done;
    sendJson(exchange.response, 200, files.json());
    return {};
}

void addLayerImages(Router &router, ServerContext &context)
{
    router.add("POST", "/v1/images/{uuid}/layers/{count}",
               [&context](Exchange &exchange) { return layerImage(context, exchange); });
    router.add("GET", "/v1/images/{uuid}/waste",
               [&context](Exchange &exchange) { return waste(context, exchange); });
}

} // namespace cooperage::embedded
