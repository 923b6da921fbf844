#include "core/embedded/archive/imagediff.h"
#include "core/embedded/server/context.h"
#include "core/embedded/server/query.h"
#include "core/embedded/server/reply.h"
#include "core/embedded/store/rootpath.h"

#include <queue>

#include <httplib.h>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using Kind = ChangedPath::Kind;

namespace {

struct LaterPath
{
    bool operator()(const ChangedPath &one, const ChangedPath &other) const { return one.path < other.path; }
};

/// Counts all changes and keeps the first ones by path.
class FirstChanges
{
public:
    explicit FirstChanges(size_t limit) : m_limit(limit) {}
    void add(const ChangedPath &change);
    [[nodiscard]] QJsonObject json();

private:
    const size_t m_limit;
    std::priority_queue<ChangedPath, std::vector<ChangedPath>, LaterPath> m_first{}; ///< Last one on top.
    qint64 m_added = 0;
    qint64 m_changed = 0;
    qint64 m_removed = 0;
};

} // namespace

void FirstChanges::add(const ChangedPath &change)
{
    ++(change.kind == Kind::Added ? m_added : change.kind == Kind::Removed ? m_removed : m_changed);
    m_first.push(change);
    if (m_first.size() > m_limit)
        m_first.pop();
}

static QJsonObject changeJson(const ChangedPath &change)
{
    QJsonObject object{{u"path"_s, QString::fromStdString(change.path)},
                       {u"change"_s, change.kind == Kind::Added     ? u"added"_s
                                     : change.kind == Kind::Removed ? u"removed"_s
                                                                    : u"changed"_s}};
    if (change.kind == Kind::Changed)
        object[u"content"_s] = change.content;
    if (change.kind != Kind::Removed) {
        object[u"size"_s] = static_cast<qint64>(change.info.st_size);
        object[u"mode"_s] = static_cast<qint64>(change.info.st_mode);
    }
    if (change.kind != Kind::Added) {
        object[u"base_size"_s] = static_cast<qint64>(change.base.st_size);
        object[u"base_mode"_s] = static_cast<qint64>(change.base.st_mode);
    }
    return object;
}

QJsonObject FirstChanges::json()
{
    const qint64 all = m_added + m_changed + m_removed;
    const bool truncated = all > static_cast<qint64>(m_first.size());
    std::vector<ChangedPath> reversed;
    for (; !m_first.empty(); m_first.pop())
        reversed.push_back(m_first.top());
    QJsonArray changes;
    for (auto change = reversed.rbegin(); change != reversed.rend(); ++change)
        changes.append(changeJson(*change));
    return {{u"changes"_s, changes},
            {u"added"_s, m_added},
            {u"changed"_s, m_changed},
            {u"removed"_s, m_removed},
            {u"truncated"_s, truncated}};
}

static std::vector<std::string> topFirst(const Store &store, const StoredImage &image)
{
    std::vector<std::string> folders;
    for (auto layer = image.layers.rbegin(); layer != image.layers.rend(); ++layer)
        folders.push_back(store.layerPath(*layer));
    return folders;
}

static Result<> diff(ServerContext &context, Exchange &exchange)
{
    const Result<int> limit = numberOf(exchange, "limit", 10'000, 1, 100'000);
    const Result<std::string> path = plainPath('/' + exchange.queryBytes("path").value_or("/"));
    if (!limit || !path)
        return std::unexpected((limit ? path.error() : limit.error()));
    const Result<StoredImage> image = context.store.image(exchange.parameter("uuid"));
    if (!image)
        return std::unexpected(image.error());
    // Both are held until the end: what an image holds is not collected.
    std::optional<StoredImage> baseImage;
    if (const QString base = exchange.query("base").value_or(QString()); !base.isEmpty()) {
        const Result<StoredImage> stored = context.store.image(base);
        if (!stored)
            return std::unexpected(stored.error());
        baseImage = *stored;
    }
    const LayerStacks stacks{.layers = topFirst(context.store, *image),
                             .base =
                                 baseImage ? topFirst(context.store, *baseImage) : std::vector<std::string>(),
                             .path = *path};
    FirstChanges changes(static_cast<size_t>(*limit));
    const Result<> compared = compareStacks(stacks, [&](const ChangedPath &change) {
        changes.add(change);
        return !exchange.request.is_connection_closed();
    });
    if (!compared)
        return compared;
    QJsonObject reply = changes.json();
    reply[u"base"_s] = baseImage ? QJsonValue(baseImage->uuid) : QJsonValue();
    sendJson(exchange.response, 200, reply);
    return {};
}

void addImageDiff(Router &router, ServerContext &context)
{
    router.add("GET", "/v1/images/{uuid}/diff",
               [&context](Exchange &exchange) { return diff(context, exchange); });
}

} // namespace cooperage::embedded
