#include "tests/core/embedded/archive/tarbuilder.h"
#include "tests/core/embedded/server/serverfixture.h"

#include <QDir>
#include <QProcess>

#include <fcntl.h>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::test;

/// The engine's process as somebody careless starts it: what it inherits must show in no image, and what it
/// has open in no command.
class TestEngineProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void maskAndLocaleOfTheCallerDoNotMatter();
    void everyOpenFileIsClosedForPrograms();

private:
    QString finished(const Reply &started);

    QTemporaryDir m_folder{QDir::tempPath() + u"/ep-XXXXXX"_s};
    QString m_socket;
    QProcess m_engine;
};

void TestEngineProcess::initTestCase()
{
    const QString program = QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine");
    if (::geteuid() != 0 || !QFile::exists(program))
        QSKIP("whole program: needs the engine, and root for mounts");
    if (embedded::staticBusybox().isEmpty())
        QSKIP("whole program: there is no static busybox on this machine");
    m_socket = m_folder.filePath(u"run/s"_s);
    m_engine.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // What this test itself was given open is none of the engine's.
    const QString script =
        u"for each in /proc/$$/fd/*; do n=${each##*/}; [ $n -le 2 ] || eval \"exec $n>&-\"; done;"
        "umask 0777; exec env LC_ALL=C LANG=C \"$@\""_s;
    m_engine.start(u"bash"_s, {u"-c"_s, script, u"bash"_s, program, u"serve"_s, u"--socket"_s, m_socket,
                               u"--store"_s, m_folder.filePath(u"store"_s), u"--idle-exit"_s, u"0"_s});
    QTRY_VERIFY_WITH_TIMEOUT(Reply(SocketClient(m_socket).Get("/v1/whoami")).status == 200, 20'000);
}

void TestEngineProcess::cleanupTestCase()
{
    m_engine.terminate();
    m_engine.waitForFinished();
    QProcess::execute(u"rm"_s, {u"-rf"_s, m_folder.path()}); // Names need not be UTF-8.
}

/// The image that an operation makes.
QString TestEngineProcess::finished(const Reply &started)
{
    SocketClient client(m_socket);
    QJsonObject operation;
    const auto ended = [&] {
        operation = Reply(client.Get("/v1/operations/" + started.text(u"uuid"_s).toStdString())).json();
        return statusOf(operation) == u"SUCCESS"_s || statusOf(operation) == u"FAILED"_s;
    };
    if (!QTest::qWaitFor(ended, 30'000) || statusOf(operation) != u"SUCCESS"_s)
        qWarning("%s %s", started.body.c_str(), QJsonDocument(operation).toJson().constData());
    return imageOf(operation);
}

void TestEngineProcess::maskAndLocaleOfTheCallerDoNotMatter()
{
    SocketClient client(m_socket);
    const QString archive = m_folder.filePath(u"root.tar"_s);
    QFile file(archive);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(tarOf({folder("etc"),
                      test::file("etc/gr\xc3\xb6\xc3\x9f"
                                 "e"),
                      test::file("etc/latin-\xf6"),
                      {.name = "etc/w", .content = "x", .mode = 0666},
                      softLink("etc/l", "gr\xc3\xb6\xc3\x9f"
                                        "e")}));
    file.close();
    const QString image =
        finished(client.post("/v1/images/import", {{u"archive"_s, QJsonObject{{u"path"_s, archive}}}}));
    const Reply listed = client.Get("/v1/inspect/" + image.toStdString() + "/list?path=/etc");
    QCOMPARE(listed.status, 200);
    const QByteArray names = QByteArray::fromStdString(listed.body);
    QVERIFY2(names.contains("gr\xc3\xb6\xc3\x9f"
                            "e") ||
                 names.contains("gr\\u00f6\\u00dfe"),
             names.constData());

    const Reply ran =
        client.post("/v1/instances", {{u"image"_s, u"tag:busybox:latest"_s},
                                      {u"command"_s, u"umask; touch /f; mkdir /d; stat -c %a /f /d"_s},
                                      {u"shell"_s, true}});
    finished(ran);
    const Reply operation = client.Get("/v1/operations/" + ran.text(u"uuid"_s).toStdString());
    QCOMPARE(outputOf(operation.json()), u"0022\n644\n755\n"_s);
}

/// The "flags:" line of an fdinfo file, which is octal.
static std::optional<int> flagsIn(const QString &path)
{
    QFile info(path);
    if (!info.open(QFile::ReadOnly))
        return {};
    for (const QByteArray &line : info.readAll().split('\n'))
        if (line.startsWith("flags:"))
            return line.sliced(6).trimmed().toInt(nullptr, 8);
    return {};
}

void TestEngineProcess::everyOpenFileIsClosedForPrograms()
{
    SocketClient client(m_socket);
    const Reply started = client.post("/v1/instances", {{u"image"_s, u"tag:busybox:latest"_s},
                                                        {u"command"_s, u"echo up; sleep 3"_s},
                                                        {u"shell"_s, true},
                                                        {u"disposable"_s, true}});
    QCOMPARE(started.status, 201);
    int seen = 0;
    const QDir infos(u"/proc/%1/fdinfo"_s.arg(m_engine.processId()));
    const auto look = [&] {
        for (const QString &name : infos.entryList(QDir::Files)) {
            const std::optional<int> flags = flagsIn(infos.filePath(name));
            if (name.toInt() <= 2 || !flags) // Closed meanwhile.
                continue;
            const QString target =
                QFile::symLinkTarget(u"/proc/%1/fd/%2"_s.arg(m_engine.processId()).arg(name));
            QVERIFY2(*flags & O_CLOEXEC, qPrintable(u"descriptor %1: %2"_s.arg(name, target)));
            ++seen;
        }
    };
    for (int i = 0; i < 20 && !QTest::currentTestFailed(); ++i)
        look();
    QVERIFY(seen > 20);
    (void)finished(started);
}

QTEST_GUILESS_MAIN(TestEngineProcess)
#include "tst_engineprocess.moc"
