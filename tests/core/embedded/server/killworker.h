#pragma once

#include "tests/core/embedded/server/serverfixture.h"

#include <QCryptographicHash>

#include <map>
#include <optional>
#include <random>
#include <set>

namespace cooperage::test {

/// What a client has been told by an engine that may be killed at any moment: what must be true at the next
/// start. Each client has images and tags of its own, so that it knows.
struct Promises
{
    struct Image
    {
        QByteArray digest{};    ///< Of its merged tree; empty: not looked at yet.
        bool mayBeGone = false; ///< Its removal was under way.
    };
    struct Tag
    {
        QString image{};                ///< Empty: none.
        std::optional<QString> asked{}; ///< What the request under way would make of it.
    };
    std::map<QString, Image> images{};
    std::set<QString> removed{};
    std::map<QString, Tag> tags{};
    QStringList succeeded{}; ///< Operations.
};

/// One client: random requests until the engine is gone.
class KillWorker
{
public:
    KillWorker(QString name, QString socket, QString archive, Promises &promises, unsigned seed)
        : m_name(std::move(name)),
          m_archive(std::move(archive)),
          m_client(socket),
          m_promises(promises),
          m_random(seed)
    {
    }

    /// Returns once there is no answer any more. What should have worked and did not is in `problems`.
    void run()
    {
        while (m_problem.isEmpty() && step()) {
        }
    }
    [[nodiscard]] const QString &problem() const { return m_problem; }

    /// Of the tar of everything; empty if the engine did not send it whole.
    [[nodiscard]] static QByteArray digestOf(SocketClient &client, const QString &image)
    {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        const httplib::Result result = client.Get(
            "/v1/inspect/" + image.toStdString() + "/archive?path=/", [&](const char *bytes, size_t size) {
                hash.addData(QByteArrayView(bytes, static_cast<qsizetype>(size)));
                return true;
            });
        return result && result->status == 200 ? hash.result().toHex() : QByteArray();
    }

private:
    [[nodiscard]] int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }
    // What cannot be answered any more is no problem; any other answer than the one expected is.
    bool expect(const Reply &reply, int status)
    {
        if (reply.status != 0 && reply.status != status)
            m_problem = QString::fromStdString(std::to_string(reply.status) + ' ' + reply.body);
        return reply.status == status;
    }
    bool step()
    {
        switch (number(9)) {
        case 0:
            return operate("/v1/images/import", {{u"archive"_s, QJsonObject{{u"path"_s, m_archive}}}});
        case 1:
        case 2:
            return operate(
                "/v1/instances",
                {{u"image"_s, anyImage()},
                 {u"shell"_s, true},
                 {u"hostname"_s, u"cooperage-kill-test"_s},
                 {u"command"_s, u"mkdir -p /d; for i in 1 2 3 4 5 6 7 8 9; do echo %1 > /d/$i; done; rm "
                                "-rf /var/spool"_s.arg(number(1'000'000))}});
        case 3:
            return commit();
        case 4:
        case 5:
            return changeTag();
        case 6:
            return remove();
        case 7:
            return useLayer();
        default:
            return expect(m_client.post("/v1/storage/collect", {{u"files"_s, true}}), 200);
        }
    }
    // Found or made, and not promised to anybody: it may go with any collection.
    bool useLayer()
    {
        const QString image = anyImage();
        if (image.startsWith(u"tag:"_s))
            return true;
        const Reply reply = m_client.post("/v1/images/" + image.toStdString() + "/layers/1", {});
        return reply.status == 200 || expect(reply, 201);
    }
    QString anyImage()
    {
        if (m_promises.images.empty() || number(3) == 0)
            return u"tag:busybox:latest"_s;
        return std::next(m_promises.images.begin(), number(static_cast<int>(m_promises.images.size())))
            ->first;
    }
    bool operate(const std::string &path, const QJsonObject &request)
    {
        const Reply started = m_client.post(path, request);
        if (!expect(started, 201))
            return false;
        const QString uuid = started.text(u"uuid"_s);
        QJsonObject operation;
        do {
            QThread::msleep(5); // An answer at once: many of them are asked for.
            const Reply reply = m_client.Get("/v1/operations/" + uuid.toStdString());
            if (!expect(reply, 200))
                return false;
            operation = reply.json();
        } while (statusOf(operation) != u"SUCCESS"_s && statusOf(operation) != u"FAILED"_s);
        if (statusOf(operation) == u"FAILED"_s) {
            m_problem = operation.value(u"error"_s).toString();
            return false;
        }
        m_promises.succeeded << uuid;
        return keep(imageOf(operation));
    }
    bool keep(const QString &image)
    {
        Promises::Image &kept = m_promises.images[image];
        kept.digest = digestOf(m_client, image);
        return !kept.digest.isEmpty();
    }
    bool commit()
    {
        const QString content = QString::fromLatin1(QByteArray::number(number(1'000'000)).toBase64());
        const QString image = anyImage();
        const QJsonArray entries{
            QJsonObject{{u"type"_s, u"file"_s}, {u"path"_s, u"/made/here"_s}, {u"content"_s, content}}};
        QJsonObject request{{u"entries"_s, entries}};
        if (!image.startsWith(u"tag:"_s))
            request[u"image"_s] = image;
        const Reply reply = m_client.post("/v1/commits", request);
        return expect(reply, 201) && keep(reply.text(u"uuid"_s));
    }
    bool changeTag()
    {
        if (m_promises.images.empty())
            return true;
        const QString image = anyImage();
        if (image.startsWith(u"tag:"_s))
            return true;
        const QString name = m_name + u":"_s + QString::number(number(3));
        Promises::Tag &tag = m_promises.tags[name];
        const std::string path =
            "/v1/images/" + (tag.image.isEmpty() ? image : tag.image).toStdString() + "/tag";
        const bool removing = !tag.image.isEmpty() && number(2) == 0;
        tag.asked = removing ? QString() : image;
        const Reply reply =
            removing
                ? Reply(m_client.Delete(path + "?tag=" + name.toStdString()))
                : Reply(m_client.Patch("/v1/images/" + image.toStdString() + "/tag",
                                       QJsonDocument(QJsonObject{{u"tag"_s, name}}).toJson().toStdString(),
                                       "application/json"));
        if (!expect(reply, removing ? 204 : 200))
            return false;
        tag = {*tag.asked, {}};
        return true;
    }
    bool remove()
    {
        if (m_promises.images.size() < 4)
            return true;
        const QString image = anyImage();
        if (image.startsWith(u"tag:"_s))
            return true;
        m_promises.images[image].mayBeGone = true;
        for (auto &[name, tag] : m_promises.tags)
            if (tag.image == image)
                tag.asked = QString();
        if (!expect(m_client.Delete("/v1/images/" + image.toStdString()), 204))
            return false;
        m_promises.images.erase(image);
        m_promises.removed.insert(image);
        for (auto &[name, tag] : m_promises.tags)
            if (tag.asked)
                tag = {};
        return true;
    }

    QString m_name;
    QString m_archive;
    SocketClient m_client;
    Promises &m_promises;
    std::mt19937 m_random;
    QString m_problem;
};

} // namespace cooperage::test
