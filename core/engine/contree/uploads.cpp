#include "core/engine/contree/uploads.h"

#include "core/base/sha256.h"
#include "core/engine/contree/errors.h"
#include "core/engine/contree/json.h"
#include "core/engine/contree/waiting.h"

#include <QCoreApplication>

#include <vector>

using namespace Qt::StringLiterals;

namespace cooperage::engine::contree {

static constexpr int uploadsAtOnce = 8;
// The engine writes the file to its disk for good before it answers.
static constexpr auto storingTime = std::chrono::minutes(10);

namespace {

/// One content that the engine must have.
struct Content
{
    QByteArray sha256;
    QString localPath{};
    std::optional<QByteArray> bytes{};
};

/// What the parallel uploads share.
struct Uploading
{
    QList<Content> contents;
    qsizetype next = 0;
    QHash<QByteArray, QString> uuids{}; ///< By digest.
    std::optional<Error> error{};
};

} // namespace

Task<std::optional<FileRecord>> findFile(TransportPtr transport, QByteArray sha256, std::stop_token stop)
{
    const auto response = co_await exchange(transport, {.path = "/v1/files/" + sha256}, {}, stop);
    if (!response)
        co_return std::unexpected(response.error());
    if (response->status == 404)
        co_return std::optional<FileRecord>();
    if (!response->isSuccess())
        co_return std::unexpected(errorOfStatus(transport->endpoint(), response->status, response->body));
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    co_return std::optional(toFile(*object));
}

static Error changedError(const QString &path)
{
    return {ErrorKind::Failed,
            QCoreApplication::translate("Engine", "The file changed while it was being sent"), path,
            QCoreApplication::translate("Engine", "Run the build again.")};
}

static Task<QString> uploadContent(TransportPtr transport, Content content, std::stop_token stop)
{
    const auto known = co_await findFile(transport, content.sha256, stop);
    if (!known)
        co_return std::unexpected(known.error());
    if (*known)
        co_return (*known)->uuid;
    Request request{.method = "POST",
                    .path = "/v1/files",
                    .bodyFile = content.localPath,
                    .bytes = content.bytes,
                    .silence = storingTime};
    const auto response = co_await send(transport, std::move(request), stop);
    if (!response)
        co_return std::unexpected(response.error());
    const auto object = objectOf(transport->endpoint(), *response);
    if (!object)
        co_return std::unexpected(object.error());
    const FileRecord file = toFile(*object);
    if (file.uuid.isEmpty())
        co_return std::unexpected(unexpectedAnswer(transport->endpoint(), u"\"uuid\"?"_s));
    if (file.sha256 != content.sha256)
        co_return std::unexpected(changedError(content.localPath));
    co_return file.uuid;
}

static QCoro::Task<> uploadInTurn(TransportPtr transport, std::shared_ptr<Uploading> shared,
                                  std::stop_token stop)
{
    while (!shared->error && shared->next < shared->contents.size()) {
        const Content content = shared->contents[shared->next++];
        const auto uuid = co_await uploadContent(transport, content, stop);
        if (uuid)
            shared->uuids.insert(content.sha256, *uuid);
        else if (!shared->error)
            shared->error = uuid.error();
    }
}

// Fills in the digests that the caller did not know.
static Result<QList<StagedEntry>> withDigests(QList<StagedEntry> entries)
{
    for (StagedEntry &entry : entries) {
        if (entry.type != StagedEntry::Type::File || !entry.fileUuid.isEmpty())
            continue;
        if (entry.content) {
            entry.sha256 = Sha256::hex(*entry.content);
        } else if (entry.sha256.isEmpty()) {
            auto digest = sha256OfFile(entry.localPath);
            if (!digest)
                return std::unexpected(digest.error());
            entry.sha256 = *digest;
        }
    }
    return entries;
}

static QList<Content> distinctContents(const QList<StagedEntry> &entries)
{
    QList<Content> result;
    QSet<QByteArray> seen;
    for (const StagedEntry &entry : entries) {
        const bool needed = entry.type == StagedEntry::Type::File && entry.fileUuid.isEmpty();
        if (needed && !seen.contains(entry.sha256)) {
            seen.insert(entry.sha256);
            result.append({entry.sha256, entry.content ? QString() : entry.localPath, entry.content});
        }
    }
    return result;
}

Task<QStringList> uploadFiles(TransportPtr transport, QList<StagedEntry> entries, std::stop_token stop)
{
    const auto staged =
        co_await inBackground([entries = std::move(entries)] { return withDigests(entries); });
    if (!staged)
        co_return std::unexpected(staged.error());
    auto shared = std::make_shared<Uploading>(distinctContents(*staged));
    std::vector<QCoro::Task<>> workers;
    for (int i = 0; i < uploadsAtOnce && i < shared->contents.size(); ++i)
        workers.push_back(uploadInTurn(transport, shared, stop));
    for (QCoro::Task<> &worker : workers)
        co_await worker;
    if (shared->error)
        co_return std::unexpected(*shared->error);
    QStringList uuids;
    for (const StagedEntry &entry : *staged) {
        const bool isFile = entry.type == StagedEntry::Type::File;
        uuids.append(isFile && entry.fileUuid.isEmpty() ? shared->uuids.value(entry.sha256) : entry.fileUuid);
    }
    co_return uuids;
}

Task<QString> uploadFile(TransportPtr transport, QString path, std::stop_token stop)
{
    StagedEntry entry{.path = path};
    entry.localPath = path;
    const auto uuids = co_await uploadFiles(transport, {entry}, stop);
    if (!uuids)
        co_return std::unexpected(uuids.error());
    co_return uuids->first();
}

} // namespace cooperage::engine::contree
