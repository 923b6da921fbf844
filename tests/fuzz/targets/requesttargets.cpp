#include "core/embedded/server/commitrequest.h"
#include "core/embedded/server/instancerequest.h"
#include "core/embedded/server/query.h"
#include "core/embedded/store/staging.h"
#include "tests/fuzz/targets/scratch.h"
#include "tests/fuzz/targets/targets.h"

#include <QJsonDocument>

#include <httplib.h>

using namespace Qt::StringLiterals;
using namespace cooperage::embedded;

namespace cooperage::fuzz {

namespace {

// A store with an image `tag:i` and a file; their uuids stand for IMAGE and FILE in the inputs.
struct FilledStore
{
    Scratch scratch;
    std::unique_ptr<Store> store;
    QByteArray image;
    QByteArray file;

    FilledStore()
    {
        auto opened = Store::open(QString::fromStdString(scratch.path("store")));
        must(opened.has_value(), "a store can be opened");
        store = std::move(*opened);
        const auto made = store->createImage({.layers = {}, .config = "{}"});
        must(made && store->setTag(made->uuid, u"i"_s), "an image can be made");
        scratch.write("file", "content");
        const auto stored = store->addLocalFile(QString::fromStdString(scratch.path("file")));
        must(stored.has_value(), "a file can be stored");
        image = made->uuid.toLatin1();
        file = stored->uuid.toLatin1();
    }
    [[nodiscard]] QJsonObject body(QByteArray bytes) const
    {
        return QJsonDocument::fromJson(bytes.replace("IMAGE", image).replace("FILE", file)).object();
    }
};

const FilledStore &filledStore()
{
    // Not static: the store's connection to its database belongs to the thread and ends with it.
    static thread_local const FilledStore store;
    return store;
}

} // namespace

void instanceRequest(const QByteArray &bytes)
{
    const FilledStore &filled = filledStore();
    const auto request = InstanceRequest::read(*filled.store, filled.body(bytes), true);
    if (!request)
        return;
    (void)request->metadata();
    must(!request->process.argv().empty(), "there is a command");
    must(request->timeout >= 1 && request->process.truncateAt >= 0, "limits are checked");
}

void commitRequest(const QByteArray &bytes)
{
    const FilledStore &filled = filledStore();
    static thread_local ImageViews views(*filled.store);
    auto request = CommitRequest::read(*filled.store, views, filled.body(bytes), true);
    if (!request)
        return;
    // What would be read from the machine is none of the parser's.
    std::erase_if(request->entries, [](const StageEntry &entry) {
        return !entry.sourceRoot.empty() || (entry.type == StageEntry::Type::File && !entry.content);
    });
    const Scratch scratch;
    scratch.makeFolder("root");
    (void)stageEntries(scratch.path("root"), request->entries);
    must(::access(scratch.path("evil").c_str(), F_OK) != 0, "nothing is staged outside of the root");
}

void queryTime(const QByteArray &bytes)
{
    const QDateTime now = QDateTime::fromSecsSinceEpoch(1'800'000'000, QTimeZone::UTC);
    if (const auto time = parseTime(QString::fromUtf8(bytes), now); time)
        must(time->isValid(), "a time that is taken is one");
    httplib::Request request;
    httplib::detail::parse_query_text(bytes.toStdString(), request.params);
    httplib::Response response;
    RequestBody body(request, nullptr);
    const Exchange exchange{request, response, body, true};
    if (const auto page = pageOf(exchange); page)
        must(page->limit >= 1 && page->limit <= 1000 && page->offset >= 0, "pages have bounds");
}

} // namespace cooperage::fuzz
