#pragma once

#include "tests/core/embedded/server/eventframes.h"
#include "tests/core/embedded/server/serverfixture.h"

namespace cooperage::test {

inline QString valueOf(const QJsonObject &result, const QString &stream = u"stdout"_s)
{
    return result.value(stream).toObject().value(u"value"_s).toString();
}
inline int numberOf(const QJsonObject &result, const QString &key)
{
    return result.value(u"state"_s).toObject().value(key).toInt(-99);
}

/// An instance whose processes a test works with; it is cancelled at the end.
class SubprocessFixture : public ServerFixture
{
public:
    void begin(const QJsonObject &more = {})
    {
        QJsonObject request{{u"command"_s, u"sleep"_s},
                            {u"args"_s, QJsonArray{u"1000"_s}},
                            {u"timeout"_s, 600},
                            {u"image"_s, busybox()}};
        for (auto each = more.begin(); each != more.end(); ++each)
            request[each.key()] = each.value();
        uuid = client().post("/v1/instances", request).text(u"uuid"_s);
        QVERIFY(!uuid.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(Reply(client().Get(path() + "/1")).status, 200, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(numberOf(result(1), u"pid"_s) > 1, 20'000);
    }
    [[nodiscard]] std::string path() const
    {
        return "/v1/operations/" + uuid.toStdString() + "/subprocesses";
    }
    [[nodiscard]] std::string path(int spid) const { return path() + '/' + std::to_string(spid); }
    [[nodiscard]] Reply post(const QJsonObject &request) { return client().post(path(), request); }
    [[nodiscard]] int startShell(const QString &script, QJsonObject more = {})
    {
        more[u"command"_s] = script;
        more[u"shell"_s] = true;
        const Reply reply = post(more);
        if (reply.status != 201)
            qWarning("%d %s", reply.status, reply.body.c_str());
        return reply.json().value(u"spid"_s).toInt();
    }
    [[nodiscard]] QJsonObject result(int spid) { return Reply(client().Get(path(spid))).json(); }
    [[nodiscard]] QJsonObject ended(int spid)
    {
        QJsonObject last;
        (void)QTest::qWaitFor(
            [&] {
                last = result(spid);
                return numberOf(last, u"exit_code"_s) != -1 || numberOf(last, u"signal"_s) != -1;
            },
            20'000);
        return last;
    }
    [[nodiscard]] int feed(int spid, const QString &text, bool close)
    {
        return client().post(path(spid) + "/stdin", {{u"value"_s, text}, {u"close"_s, close}}).status;
    }
    [[nodiscard]] int kill(int spid, const std::string &query = {})
    {
        return Reply(client().Delete(path(spid) + query)).status;
    }
    [[nodiscard]] QList<Frame> events(const std::string &query)
    {
        return framesOf(Reply(client().Get("/v1/operations/" + uuid.toStdString() + "/events" + query)).body);
    }

    void end()
    {
        if (uuid.isEmpty())
            return;
        (void)client().Delete("/v1/operations/" + uuid.toStdString());
        (void)waitFor(uuid);
        uuid.clear();
    }

    QString uuid; ///< The operation.
};

} // namespace cooperage::test
