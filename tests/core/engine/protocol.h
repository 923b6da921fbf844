#pragma once

#include "core/base/sha256.h"
#include "core/engine/contree/contreeengine.h"
#include "tests/core/engine/loopback.h"

#include <QFile>
#include <QHash>
#include <QTemporaryDir>

#include <mutex>
#include <string>

/// Pieces of a ConTree server that replays the protocol: one image, one operation called "op1", a file store.
namespace cooperage::test {

inline const QString imageUuid = QStringLiteral("11111111-2222-3333-4444-555555555555");
inline const QString resultUuid = QStringLiteral("66666666-7777-8888-9999-aaaaaaaaaaaa");

/// The files part of the protocol: keeps what is uploaded.
struct FileStore
{
    explicit FileStore(Loopback &loopback)
    {
        loopback.server.Get(R"(/v1/files/([0-9a-f]{64}))",
                            [this](const httplib::Request &request, httplib::Response &response) {
                                const std::lock_guard lock(mutex);
                                const QByteArray digest = QByteArray::fromStdString(request.matches[1].str());
                                if (!files.contains(digest))
                                    return json(response, R"({"error":"no such file"})", 404);
                                json(response, record(digest).constData());
                            });
        loopback.server.Post("/v1/files",
                             [this](const httplib::Request &request, httplib::Response &response) {
                                 const std::lock_guard lock(mutex);
                                 const QByteArray body = QByteArray::fromStdString(request.body);
                                 files.insert(Sha256::hex(body), body);
                                 ++uploads;
                                 json(response, record(Sha256::hex(body)).constData(), 201);
                             });
    }
    static QByteArray record(const QByteArray &digest)
    {
        return R"({"uuid":"file-)" + digest.first(8) + R"(","sha256":")" + digest +
               R"(","size":1,)"
               R"("created_at":"2026-06-08T20:00:00Z","updated_at":"2026-06-08T20:00:00Z"})";
    }
    std::mutex mutex;
    QHash<QByteArray, QByteArray> files;
    int uploads = 0;
};

/// An InstanceResult: exit code 3, two lines on standard output.
inline const QString endedWell =
    QStringLiteral(R"({"state":{"exit_code":3,"signal":-1,"timed_out":false},)"
                   R"("stdout":{"value":"one\ntwo\n","encoding":"ascii","truncated":false},)"
                   R"("stderr":{"value":"","encoding":"ascii","truncated":false}})");

/// OperationResponse of "op1"; `result` is the image, `more` the InstanceResult.
inline std::string operationJson(const QString &status, const QString &result = {},
                                 const QString &more = QStringLiteral("{}"))
{
    const QString image = result.isEmpty() ? QStringLiteral("null") : u'"' + result + u'"';
    return QStringLiteral(
               R"({"uuid":"op1","kind":"instance","status":"%1","error":"broke","created_at":"2026-06-08T20:00:00Z",)"
               R"("duration":1.5,"result_image_uuid":%2,"result":{"image":%2,"tag":null},)"
               R"("metadata":{"command":"c","image":"i","result":%3}})")
        .arg(status, image, more)
        .toStdString();
}

/// One event of the main process.
inline std::string frame(int id, const char *type, const char *data)
{
    const std::string number = std::to_string(id);
    return "id: " + number + "\nevent: " + type + "\ndata: {\"id\":" + number +
           R"(,"ts":"t","spid":1,"type":")" + type + R"(","data":)" + data + "}\n\n";
}

inline void acceptInstances(Loopback &loopback, std::string *body = nullptr)
{
    loopback.server.Post("/v1/instances",
                         [body](const httplib::Request &request, httplib::Response &response) {
                             if (body)
                                 *body = request.body;
                             json(response, R"({"uuid":"op1"})", 201);
                         });
}

inline void answerOperation(Loopback &loopback, const std::string &text)
{
    loopback.server.Get("/v1/operations/op1", [text](const httplib::Request &, httplib::Response &response) {
        json(response, text.c_str());
    });
}

inline void answerEvents(Loopback &loopback, const std::string &text)
{
    loopback.server.Get("/v1/operations/op1/events",
                        [text](const httplib::Request &, httplib::Response &response) {
                            response.set_content(text, "text/event-stream");
                        });
}

inline void answerImage(Loopback &loopback, const QString &uuid)
{
    loopback.server.Get("/v1/inspect/" + uuid.toStdString() + "/",
                        [uuid](const httplib::Request &, httplib::Response &response) {
                            json(response, (R"({"uuid":")" + uuid.toStdString() +
                                            R"(","tag":"x","created_at":"2026-06-08T20:00:00Z",)"
                                            R"("operation_uuid":null})")
                                               .c_str());
                        });
}

/// A file on this machine and the entry that stages it.
inline engine::StagedEntry localFile(const QTemporaryDir &folder, const QString &name,
                                     const QByteArray &content, const QString &path)
{
    QFile file(folder.filePath(name));
    if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a test file");
    engine::StagedEntry entry{.path = path};
    entry.localPath = file.fileName();
    entry.sha256 = Sha256::hex(content);
    entry.size = content.size();
    return entry;
}

} // namespace cooperage::test
