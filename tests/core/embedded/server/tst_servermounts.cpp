#include "core/embedded/runtime/agentrelay.h"
#include "core/embedded/store/cachevolumes.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QDirIterator>
#include <QRandomGenerator>

#include <sys/socket.h>
#include <sys/un.h>

using namespace cooperage;
using namespace cooperage::test;
using namespace cooperage::embedded;

// What a command sees beside its image, and what stays of it: nothing, but for caches.
class TestServerMounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_fixture.reset(); }

    void aBindShowsAPathOfAnotherImage();
    void whatIsWrittenToABindIsThrownAway();
    void linksOfAnImageEndInIt();
    void cachesOutliveTheServer();
    void cachesAreSharedOrNot();
    void aLockedCacheIsWaitedFor();
    void aCacheBeginsAsItIsAskedFor();
    void cachesAreCountedAndCollected();
    void memoryIsLimited();
    void filesAndVariablesAreNowhereElse();
    void agentsSignAndNothingMore();
    void mountPointsDoNotStay();
    void nothingStaysMounted();
    void badMountsAreRefused_data();
    void badMountsAreRefused();
    void withoutExtensionsTheyAreIgnored();

private:
    QJsonObject withMounts(const QString &script, const QJsonArray &mounts)
    {
        return m_fixture->shell(script, {{u"mounts"_s, mounts}});
    }
    static QJsonObject cache(const QString &id, const QString &sharing = u"shared"_s)
    {
        return {{u"type"_s, u"cache"_s}, {u"target"_s, u"/cache"_s}, {u"id"_s, id}, {u"sharing"_s, sharing}};
    }
    static QJsonObject file(const QString &target, const QByteArray &content)
    {
        return {{u"type"_s, u"file"_s},
                {u"target"_s, target},
                {u"content"_s, QString::fromLatin1(content.toBase64())}};
    }
    QString imageWith(const QString &script) { return imageOf(m_fixture->shell(script)); }
    QByteArray everythingStored() const;
    QStringList mountsInStore() const;

    std::unique_ptr<ServerFixture> m_fixture;
};

void TestServerMounts::initTestCase()
{
    m_fixture = std::make_unique<ServerFixture>();
    COOPERAGE_NEEDS(*m_fixture);
}

QStringList TestServerMounts::mountsInStore() const
{
    QFile mounts(u"/proc/self/mountinfo"_s);
    if (!mounts.open(QFile::ReadOnly))
        return {u"unknown"_s};
    QStringList found;
    for (const QByteArray &line : mounts.readAll().split('\n'))
        if (line.contains(QFile::encodeName(m_fixture->folder())) && line.contains("/mounts/"))
            found << QString::fromUtf8(line);
    return found;
}

// Every byte of the store's files, the database included.
QByteArray TestServerMounts::everythingStored() const
{
    QByteArray all;
    QDirIterator files(m_fixture->folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile next(files.next());
        if (next.open(QFile::ReadOnly))
            all += next.readAll();
    }
    return all;
}

void TestServerMounts::aBindShowsAPathOfAnotherImage()
{
    const QString image = imageWith(u"mkdir -p /out/a; echo one >/out/a/f; echo two >/out/g"_s);
    const QJsonArray mounts{
        QJsonObject{
            {u"type"_s, u"bind"_s}, {u"target"_s, u"/in"_s}, {u"from"_s, image}, {u"source"_s, u"/out"_s}},
        QJsonObject{{u"type"_s, u"bind"_s},
                    {u"target"_s, u"/etc/g"_s},
                    {u"from"_s, image},
                    {u"source"_s, u"out/g"_s}}};
    const QJsonObject ran =
        withMounts(u"cat /in/a/f /etc/g; touch /in/x || echo read-only; touch /in/a/y || echo too"_s, mounts);
    QCOMPARE(outputOf(ran), u"one\ntwo\nread-only\ntoo\n"_s);
    QCOMPARE(imageOf(ran), m_fixture->busybox()); // Nothing changed.
    const QJsonObject missing = withMounts(
        u"true"_s,
        {QJsonObject{
            {u"type"_s, u"bind"_s}, {u"target"_s, u"/in"_s}, {u"from"_s, image}, {u"source"_s, u"/nope"_s}}});
    QCOMPARE(statusOf(missing), u"FAILED"_s);
    QVERIFY(missing.value(u"error"_s).toString().contains(u"\"/nope\": not found"_s));
}

void TestServerMounts::whatIsWrittenToABindIsThrownAway()
{
    const QString image = imageWith(u"mkdir /out; echo one >/out/f"_s);
    const QJsonArray mounts{
        QJsonObject{{u"type"_s, u"bind"_s},
                    {u"target"_s, u"/in"_s},
                    {u"from"_s, image},
                    {u"source"_s, u"/out"_s},
                    {u"read_only"_s, false}},
        QJsonObject{{u"type"_s, u"bind"_s}, {u"target"_s, u"/empty"_s}, {u"read_only"_s, false}}};
    for (int i = 0; i < 2; ++i) {
        const QJsonObject ran =
            withMounts(u"cat /in/*; echo two >/in/f; echo x >/in/new; ls /empty; touch /empty/e"_s, mounts);
        QCOMPARE(outputOf(ran), u"one\n"_s);
        QCOMPARE(imageOf(ran), m_fixture->busybox());
    }
}

void TestServerMounts::linksOfAnImageEndInIt()
{
    const QString image =
        imageWith(u"mkdir -p /out; ln -s ../../../../etc /out/up; ln -s /nowhere /out/gone"_s);
    const QJsonObject up =
        withMounts(u"ls /in/passwd /in/group | wc -l"_s, {QJsonObject{{u"type"_s, u"bind"_s},
                                                                      {u"target"_s, u"/in"_s},
                                                                      {u"from"_s, image},
                                                                      {u"source"_s, u"/out/up"_s}}});
    QVERIFY2(statusOf(up) == u"SUCCESS"_s, qPrintable(up.value(u"error"_s).toString()));
    // A target through a link of the image: where the link leads inside of it.
    const QJsonObject linked =
        m_fixture->shell(u"cat /real/f"_s, {{u"image"_s, imageWith(u"mkdir /real; ln -s ../../real /link"_s)},
                                            {u"mounts"_s, QJsonArray{file(u"/link/f"_s, "here")}}});
    QCOMPARE(outputOf(linked), u"here"_s);
}

void TestServerMounts::cachesOutliveTheServer()
{
    QCOMPARE(outputOf(withMounts(u"cat /cache/n 2>&1; echo one >/cache/n"_s, {cache(u"kept"_s)})),
             u"cat: can't open '/cache/n': No such file or directory\n"_s);
    m_fixture->stop();
    m_fixture->closeStore();
    m_fixture->openStore();
    m_fixture->start();
    QCOMPARE(outputOf(withMounts(u"cat /cache/n"_s, {cache(u"kept"_s)})), u"one\n"_s);
    QJsonObject readOnly = cache(u"kept"_s);
    readOnly[u"read_only"_s] = true;
    QCOMPARE(outputOf(withMounts(u"cat /cache/n; touch /cache/m || echo no"_s, {readOnly})), u"one\nno\n"_s);
    QCOMPARE(outputOf(withMounts(u"ls /cache"_s, {cache(u"other"_s)})), QString());
}

void TestServerMounts::cachesAreSharedOrNot()
{
    CacheVolumes &caches = m_fixture->store().caches();
    const auto take = [&](CacheSharing sharing) { return caches.take({"k", sharing, {}}, {}); };
    const auto placeOf = [](const auto &lease) {
        return QFile::symLinkTarget(u"/proc/self/fd/%1"_s.arg((*lease)->data()->get()));
    };
    auto first = take(CacheSharing::Shared);
    auto second = take(CacheSharing::Shared);
    QVERIFY(first && second);
    QCOMPARE(placeOf(first), placeOf(second));
    auto alone = take(CacheSharing::Private);
    QVERIFY(alone);
    QVERIFY(placeOf(alone) != placeOf(first));
    first->reset();
    second->reset();
    auto again = take(CacheSharing::Private);
    QVERIFY(again && placeOf(again) != placeOf(alone));
}

void TestServerMounts::aLockedCacheIsWaitedFor()
{
    CacheVolumes &caches = m_fixture->store().caches();
    auto first = caches.take({"locked", CacheSharing::Locked, {}}, {});
    QVERIFY(first);
    std::stop_source stop;
    std::atomic<bool> asked = false;
    std::optional<ErrorKind> refused;
    std::thread waiting([&] {
        asked = true;
        if (const auto second = caches.take({"locked", CacheSharing::Locked, {}}, stop.get_token()); !second)
            refused = second.error().kind;
    });
    QTRY_VERIFY(asked);
    stop.request_stop();
    waiting.join();
    QVERIFY(refused == ErrorKind::Cancelled);
    std::atomic<bool> got = false;
    std::thread patient([&] { got = caches.take({"locked", CacheSharing::Locked, {}}, {}).has_value(); });
    QVERIFY(!got);
    first->reset();
    patient.join();
    QVERIFY(got);
    QJsonObject again = cache(u"twice"_s, u"locked"_s);
    again[u"target"_s] = u"/again"_s;
    const QJsonObject twice =
        withMounts(u"touch /cache/f; ls /again"_s, {cache(u"twice"_s, u"locked"_s), again});
    QCOMPARE(outputOf(twice), u"f\n"_s);
}

void TestServerMounts::aCacheBeginsAsItIsAskedFor()
{
    QJsonObject mount = cache(u"begins"_s);
    mount[u"mode"_s] = u"0700"_s;
    mount[u"uid"_s] = 7;
    mount[u"gid"_s] = 8;
    QCOMPARE(outputOf(withMounts(u"stat -c '%a %u:%g' /cache"_s, {mount})), u"700 7:8\n"_s);
    QCOMPARE(outputOf(withMounts(u"stat -c '%a %u:%g' /cache"_s, {cache(u"begins"_s)})), u"755 0:0\n"_s);
    QJsonObject seeded = cache(u"begins"_s);
    seeded[u"from"_s] = imageWith(u"mkdir -p /out/d; echo seed >/out/d/f"_s);
    seeded[u"source"_s] = u"/out"_s;
    QCOMPARE(outputOf(withMounts(u"cat /cache/d/f; echo more >>/cache/d/f"_s, {seeded})), u"seed\n"_s);
    QCOMPARE(outputOf(withMounts(u"cat /cache/d/f"_s, {seeded})), u"seed\nmore\n"_s);
}

void TestServerMounts::cachesAreCountedAndCollected()
{
    (void)withMounts(u"dd if=/dev/zero of=/cache/big bs=1M count=3 2>&1"_s, {cache(u"big"_s)});
    const auto used = [this] {
        return Reply(m_fixture->client().Get("/v1/storage?images=0")).json().value(u"caches"_s).toObject();
    };
    const qint64 before = used().value(u"size"_s).toInteger();
    QVERIFY(before >= 3 * 1024 * 1024);
    const auto collect = [this](bool caches, bool dryRun) {
        return m_fixture->client()
            .post("/v1/storage/collect",
                  {{u"caches"_s, caches}, {u"older_than"_s, 0}, {u"dry_run"_s, dryRun}})
            .json();
    };
    QCOMPARE(collect(false, false).value(u"caches"_s).toInteger(), 0);
    const qint64 count = used().value(u"count"_s).toInteger();
    QCOMPARE(collect(true, true).value(u"caches"_s).toInteger(), count);
    QCOMPARE(used().value(u"count"_s).toInteger(), count);
    QVERIFY(collect(true, false).value(u"freed"_s).toInteger() >= before);
    QCOMPARE(used().value(u"count"_s).toInteger(), 0);
    QCOMPARE(outputOf(withMounts(u"ls /cache"_s, {cache(u"big"_s)})), QString());
}

void TestServerMounts::memoryIsLimited()
{
    const QJsonArray mounts{
        QJsonObject{{u"type"_s, u"tmpfs"_s}, {u"target"_s, u"/tmp"_s}, {u"size"_s, 1024 * 1024}},
        QJsonObject{{u"type"_s, u"tmpfs"_s}, {u"target"_s, u"/new/t"_s}}};
    const QJsonObject ran =
        withMounts(u"dd if=/dev/zero of=/tmp/x bs=1M count=2 2>/dev/null || echo full;"
                   "stat -c %a /tmp /new/t; touch /new/t/x; grep -c tmpfs.*/new/t /proc/mounts"_s,
                   mounts);
    QCOMPARE(outputOf(ran), u"full\n1777\n1777\n1\n"_s);
    QCOMPARE(imageOf(ran), m_fixture->busybox());
}

void TestServerMounts::filesAndVariablesAreNowhereElse()
{
    const QByteArray canary = "canary-" + QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    QJsonObject owned = file(u"/run/secrets/owned"_s, canary);
    owned[u"uid"_s] = 5;
    owned[u"mode"_s] = u"0440"_s;
    const QJsonArray mounts{file(u"/run/secrets/x"_s, canary), owned,
                            QJsonObject{{u"type"_s, u"variable"_s},
                                        {u"name"_s, u"TOKEN"_s},
                                        {u"content"_s, QString::fromLatin1(canary.toBase64())}}};
    const QJsonObject ran = withMounts(
        u"cmp -s /run/secrets/x /run/secrets/owned && echo same; test \"$(cat /run/secrets/x)\" = \"$TOKEN\" "
        u"&& echo too;"
        "stat -c '%a %u %s' /run/secrets/x /run/secrets/owned; echo x >>/run/secrets/x || echo kept"_s,
        mounts);
    const QString size = QString::number(canary.size());
    QCOMPARE(outputOf(ran), u"same\ntoo\n400 0 %1\n440 5 %1\nkept\n"_s.arg(size));
    QCOMPARE(imageOf(ran), m_fixture->busybox());
    const QByteArray shown = QJsonDocument(ran).toJson();
    for (const QByteArray &form : {canary, canary.toBase64()}) {
        QVERIFY(!shown.contains(form));
        QVERIFY(!everythingStored().contains(form));
    }
    QVERIFY(shown.contains("/run/secrets/x"));
}

template <typename Call>
static int unixSocket(const QByteArray &path, Call call)
{
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
    return call(made, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 ? made : -1;
}

void TestServerMounts::agentsSignAndNothingMore()
{
    QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(u"agent"_s));
    const int listener = unixSocket(path, ::bind);
    QCOMPARE(::listen(listener, 8), 0);
    std::atomic<int> requests = 0;
    std::thread agent([&] {
        for (int client = 0; (client = ::accept(listener, nullptr, nullptr)) >= 0; ::close(client)) {
            char request[64];
            while (::recv(client, request, sizeof request, 0) > 0) {
                ++requests;
                ::send(client, "\0\0\0\5\14\0\0\0\0", 9, MSG_NOSIGNAL);
            }
        }
    });
    const QJsonArray mounts{QJsonObject{{u"type"_s, u"ssh"_s},
                                        {u"target"_s, u"/run/buildkit/ssh_agent.0"_s},
                                        {u"agent"_s, QFile::decodeName(path)},
                                        {u"uid"_s, 5},
                                        {u"mode"_s, u"0640"_s}}};
    const QString look =
        u"stat -c '%a %u' /run/buildkit/ssh_agent.0; test -S /run/buildkit/ssh_agent.0 && echo socket"_s;
    QCOMPARE(outputOf(withMounts(look, mounts)), u"640 5\nsocket\n"_s);
    {
        const RunMount mount{.type = RunMount::Type::Agent, .agent = path.toStdString(), .mode = 0600};
        const auto relay = AgentRelay::start(folder.path().toStdString(), "relay", mount);
        QVERIFY(relay);
        const int client = unixSocket(QFile::encodeName(folder.filePath(u"relay"_s)), ::connect);
        const auto ask = [client](const char *request) {
            char answer[64];
            ::send(client, request, 5, MSG_NOSIGNAL);
            const ssize_t got = ::recv(client, answer, sizeof answer, 0);
            return QByteArray(answer, std::max<ssize_t>(got, 0)).toHex();
        };
        QCOMPARE(ask("\0\0\0\1\13"), "000000050c00000000");
        QCOMPARE(ask("\0\0\0\1\23"), "0000000105");
        QCOMPARE(requests, 1); // To remove all keys was not even asked for.
        ::close(client);
    }
    ::shutdown(listener, SHUT_RDWR);
    agent.join();
    ::close(listener);
    const QJsonObject gone = withMounts(u"true"_s, mounts);
    QVERIFY(gone.value(u"error"_s).toString().contains(u"SSH agent"_s));
}

void TestServerMounts::mountPointsDoNotStay()
{
    QJsonObject deep = cache(u"deep"_s);
    deep[u"target"_s] = u"/a/b/c"_s;
    const QJsonArray mounts{deep, file(u"/run/secrets/x"_s, "s"), file(u"/dev/pipes/EOF"_s, "#!/bin/sh\n")};
    const QJsonObject ran =
        withMounts(u"touch /a/b/c/cached /kept; chmod 700 /a/b; cat /dev/pipes/EOF"_s, mounts);
    QCOMPARE(outputOf(ran), u"#!/bin/sh\n"_s);
    const QJsonObject left = m_fixture->shell(u"ls -d /a /run/secrets /kept /dev/pipes 2>/dev/null"_s,
                                              {{u"image"_s, imageOf(ran)}});
    QCOMPARE(outputOf(left), u"/kept\n"_s);
    const QJsonObject filled = withMounts(u"touch /a/b/f"_s, {deep});
    const QJsonObject tree = m_fixture->shell(u"find /a"_s, {{u"image"_s, imageOf(filled)}});
    QCOMPARE(outputOf(tree), u"/a\n/a/b\n/a/b/f\n"_s);
}

void TestServerMounts::nothingStaysMounted()
{
    QCOMPARE(mountsInStore(), QStringList());
    const QJsonObject failed = withMounts(u"exit 3"_s, {cache(u"x"_s), file(u"/f"_s, "f")});
    QCOMPARE(stateOf(failed).value(u"exit_code"_s).toInt(), 3);
    QCOMPARE(mountsInStore(), QStringList());
}

void TestServerMounts::badMountsAreRefused_data()
{
    QTest::addColumn<QJsonObject>("mount");
    QTest::addColumn<QString>("where");
    const QString none = u"00000000-0000-0000-0000-000000000000"_s;
    const QJsonObject bind{{u"type"_s, u"bind"_s}, {u"target"_s, u"/x"_s}};
    const auto with = [&](const QString &key, const QJsonValue &value) {
        QJsonObject result = bind;
        result[key] = value;
        return result;
    };
    QTest::newRow("type") << with(u"type"_s, u"nfs"_s) << u"mounts[0].type"_s;
    QTest::newRow("no target") << QJsonObject{{u"type"_s, u"tmpfs"_s}} << u"mounts[0].target"_s;
    QTest::newRow("root") << with(u"target"_s, u"/"_s) << u"mounts[0].target"_s;
    QTest::newRow("relative") << with(u"target"_s, u"x"_s) << u"mounts[0].target"_s;
    QTest::newRow("dots") << with(u"target"_s, u"/a/../b"_s) << u"mounts[0].target"_s;
    QTest::newRow("kernel") << with(u"target"_s, u"/proc/sys"_s) << u"mounts[0].target"_s;
    QTest::newRow("image") << with(u"from"_s, none) << QString();
    QTest::newRow("sharing") << QJsonObject{{u"type"_s, u"cache"_s},
                                            {u"target"_s, u"/x"_s},
                                            {u"id"_s, u"i"_s},
                                            {u"sharing"_s, u"x"_s}}
                             << u"mounts[0].sharing"_s;
    QTest::newRow("no id") << QJsonObject{{u"type"_s, u"cache"_s}, {u"target"_s, u"/x"_s}}
                           << u"mounts[0].id"_s;
    QTest::newRow("content") << QJsonObject{{u"type"_s, u"file"_s},
                                            {u"target"_s, u"/x"_s},
                                            {u"content"_s, u"?"_s}}
                             << u"mounts[0].content"_s;
    QTest::newRow("variable") << QJsonObject{{u"type"_s, u"variable"_s}, {u"name"_s, u"A=B"_s}}
                              << u"mounts[0].name"_s;
}

void TestServerMounts::badMountsAreRefused()
{
    QFETCH(QJsonObject, mount);
    QFETCH(QString, where);
    const Reply reply = m_fixture->client().post(
        "/v1/instances",
        {{u"image"_s, m_fixture->busybox()}, {u"command"_s, u"true"_s}, {u"mounts"_s, QJsonArray{mount}}});
    QCOMPARE(reply.status, where.isEmpty() ? 404 : 400);
    QVERIFY2(reply.text(u"error"_s).contains(where), reply.body.c_str());
}

void TestServerMounts::withoutExtensionsTheyAreIgnored()
{
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = false; });
    const QJsonObject ran = withMounts(u"ls /cache 2>/dev/null || echo none"_s, {cache(u"x"_s)});
    QCOMPARE(outputOf(ran), u"none\n"_s);
    m_fixture->stop();
    m_fixture->start([](ServerOptions &options) { options.extensions = true; });
}

QTEST_GUILESS_MAIN(TestServerMounts)
#include "tst_servermounts.moc"
