#include "core/engine/contree/commits.h"

#include "core/engine/contree/copies.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/uploads.h"

#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace cooperage::engine::contree {

// The engine hashes and copies all files before it answers.
static constexpr auto commitSilence = 30min;
// Longer contents are uploaded: a request body is held in memory by both sides.
static constexpr qsizetype longestInline = 64 * 1024;

// Entries whose bytes must be sent beforehand.
static bool needsUpload(const StagedEntry &entry, bool localFiles)
{
    if (entry.type != StagedEntry::Type::File || !entry.fileUuid.isEmpty())
        return false;
    return entry.content ? entry.content->size() > longestInline : !localFiles;
}

static Task<QJsonArray> entriesOf(TransportPtr transport, QList<StagedEntry> entries, bool localFiles,
                                  std::stop_token stop)
{
    QList<StagedEntry> toSend;
    for (const StagedEntry &entry : entries) {
        if (needsUpload(entry, localFiles))
            toSend.append(entry);
    }
    const auto uuids = co_await uploadFiles(transport, toSend, stop);
    if (!uuids)
        co_return std::unexpected(uuids.error());
    QJsonArray result;
    qsizetype sent = 0;
    for (const StagedEntry &entry : entries)
        result.append(
            commitEntry(entry, needsUpload(entry, localFiles) ? uuids->at(sent++) : entry.fileUuid));
    co_return result;
}

Task<ImageRecord> commitEntries(TransportPtr transport, EngineInfo info, CommitRequest request,
                                std::stop_token stop)
{
    const QTemporaryDir folder;
    QList<StagedEntry> entries = request.entries;
    if (!info.offers(extension::copyFrom)) {
        auto expanded = co_await expandCopies(transport, entries, folder.path(), stop);
        if (!expanded)
            co_return std::unexpected(expanded.error());
        entries = *expanded;
    }
    const auto array = co_await entriesOf(transport, entries, info.offers(extension::localFiles), stop);
    if (!array)
        co_return std::unexpected(array.error());
    QJsonObject body{{u"image"_s, request.image.isEmpty() ? QJsonValue() : QJsonValue(request.image)},
                     {u"entries"_s, *array}};
    if (!request.stack.isEmpty())
        body.insert(u"stack"_s, request.stack);
    if (request.config)
        body.insert(u"config"_s, *request.config);
    Request post{.method = "POST", .path = "/v1/commits", .json = body, .silence = commitSilence};
    const auto response = co_await send(transport, std::move(post), stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return toImage(*object);
}

} // namespace cooperage::engine::contree
