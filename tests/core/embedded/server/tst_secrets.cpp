#include "core/engine/localpaths.h"
#include "tests/app/cli/program.h"
#include "tests/core/embedded/archive/testimage.h"
#include "tests/core/embedded/server/serverfixture.h"
#include "tests/support/processes.h"

#include <QDirIterator>

using namespace Qt::StringLiterals;
using namespace cooperage;
using namespace cooperage::test;

/// Secrets of a user, and everything in which they could be left behind: each is looked for as it is and as
/// it goes over the wire.
class SecretsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void passwordOfARegistryStaysWithIt();
    void passwordInANameIsNotRepeated();
    void inputAndVariablesOfACommandStayWithIt();
    void tokenOfTheEngineIsInNoAnswer();
    void nothingWasWritten();

private:
    /// Nothing of `where`'s text is a secret.
    void check(const QByteArray &text, const QString &where);
    void checkProcesses();
    void checkFolder(const QString &folder);
    Outcome import(const QString &password);

    std::unique_ptr<PrivateHome> m_home;
    Registry m_registry;
    QTemporaryDir m_folder;
    QString m_socket;
    const QByteArray m_password = "canary-password-7d21";
    const QByteArray m_wrongPassword = "canary-mistyped-88e0";
    const QByteArray m_token = "canary-token-b3c9";
    const QByteArray m_input = "canary-input-19fa";
    const QByteArray m_variable = "canary-variable-c44d";
    QByteArrayList m_secrets;
};

void SecretsTest::initTestCase()
{
    if (!findPrograms() || ::geteuid() != 0)
        QSKIP("whole program: needs the built programs, and root for mounts");
    m_home = std::make_unique<PrivateHome>();
    const auto paths = engine::LocalPaths::standard();
    QVERIFY(paths);
    m_socket = paths->socket;
    for (const QByteArray &secret : {m_password, m_wrongPassword, m_token, m_input, m_variable}) {
        m_secrets << secret << secret.toBase64(QByteArray::OmitTrailingEquals).chopped(2);
        m_secrets << ("user:" + secret).toBase64(QByteArray::OmitTrailingEquals).chopped(2);
    }
    const auto started = m_registry.start(u"user"_s, QString::fromLatin1(m_password));
    if (!started)
        QSKIP(qPrintable(u"whole program: "_s + started.error().text()));
    const TestImage image({tarOf({folder("etc"), file("big", std::string(5'000'000, 'b'))})});
    image.writeTo(m_folder.filePath(u"layout"_s));
    QProcess skopeo;
    skopeo.start(u"skopeo"_s,
                 {u"--insecure-policy"_s, u"copy"_s, u"--dest-tls-verify=false"_s, u"--dest-creds"_s,
                  u"user:"_s + QString::fromLatin1(m_password), u"oci:"_s + m_folder.filePath(u"layout"_s),
                  u"docker://"_s + m_registry.reference(u"team/app:1"_s)});
    QVERIFY(skopeo.waitForFinished(60'000));
    QCOMPARE(skopeo.exitCode(), 0);
}

void SecretsTest::cleanupTestCase()
{
    if (m_home)
        run({u"engine"_s, u"stop"_s});
}

void SecretsTest::check(const QByteArray &text, const QString &where)
{
    for (const QByteArray &secret : m_secrets)
        if (text.contains(secret))
            QFAIL(qPrintable(u"%1 holds %2"_s.arg(where, QString::fromLatin1(secret))));
}

void SecretsTest::checkProcesses()
{
    const QString self = QString::number(::getpid());
    for (const QString &process : QDir(u"/proc"_s).entryList({u"[1-9]*"_s}, QDir::Dirs)) {
        for (const QString &name : {u"cmdline"_s, u"environ"_s}) {
            QFile file(u"/proc/%1/%2"_s.arg(process, name));
            if (process != self && file.open(QFile::ReadOnly))
                check(file.readAll(), file.fileName());
        }
    }
}

void SecretsTest::checkFolder(const QString &folder)
{
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        check(QFile::encodeName(file.fileName()), u"the name of "_s + file.fileName());
        if (file.open(QFile::ReadOnly))
            check(file.readAll(), file.fileName());
    }
}

Outcome SecretsTest::import(const QString &password)
{
    QProcess process;
    process.start(program, {u"import"_s, m_registry.reference(u"team/app:1"_s), u"--tag"_s, u"app:1"_s,
                            u"--username"_s, u"user"_s, u"--password-stdin"_s});
    process.write(password.toUtf8() + '\n');
    process.closeWriteChannel();
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(5))
        checkProcesses();
    return finish(process);
}

void SecretsTest::passwordOfARegistryStaysWithIt()
{
    const Outcome wrong = import(QString::fromLatin1(m_wrongPassword));
    QVERIFY(wrong.exitCode > 0);
    QVERIFY2(wrong.errors.contains(u"user name and password"_s), qPrintable(wrong.errors));
    check((wrong.output + wrong.errors).toUtf8(), u"the import's error"_s);
    const Outcome right = import(QString::fromLatin1(m_password));
    QVERIFY2(right.exitCode == 0, qPrintable(right.errors));
    check((right.output + right.errors).toUtf8(), u"the import's output"_s);

    SocketClient client(m_socket);
    const Reply list = client.Get("/v1/operations?kind=image_import");
    QCOMPARE(list.status, 200);
    check(QByteArray::fromStdString(list.body), u"the list of operations"_s);
    int masked = 0;
    for (const QJsonValue &operation : list.array()) {
        const std::string uuid = operation.toObject().value(u"uuid"_s).toString().toStdString();
        const Reply one = client.Get("/v1/operations/" + uuid);
        masked += QByteArray::fromStdString(one.body).contains("<MASKED>") ? 1 : 0;
        check(QByteArray::fromStdString(one.body), u"an operation"_s);
        check(QByteArray::fromStdString(Reply(client.Get("/v1/operations/" + uuid + "/events")).body),
              u"its events"_s);
    }
    QCOMPARE(masked, 2);
}

void SecretsTest::passwordInANameIsNotRepeated()
{
    const Reply refused = SocketClient(m_socket).post(
        "/v1/images/import",
        {{u"registry"_s,
          QJsonObject{{u"url"_s, u"docker://user:%1@%2"_s.arg(QString::fromLatin1(m_password),
                                                              m_registry.reference(u"team/app:1"_s))}}}});
    QCOMPARE(refused.status, 400);
    check(QByteArray::fromStdString(refused.body), u"the refusal"_s);
}

void SecretsTest::inputAndVariablesOfACommandStayWithIt()
{
    SocketClient client(m_socket);
    const Reply started = client.post(
        "/v1/instances",
        {{u"image"_s, u"tag:busybox:latest"_s},
         {u"command"_s,
          u"read line; [ \"$line\" = \"$EXPECTED_PASSWORD\" ] || [ -n \"$API_TOKEN\" ] && wc -c"_s},
         {u"shell"_s, true},
         {u"env"_s, QJsonObject{{u"API_TOKEN"_s, QString::fromLatin1(m_variable)},
                                {u"EXPECTED_PASSWORD"_s, QString::fromLatin1(m_variable)}}},
         {u"stdin"_s, QJsonObject{{u"value"_s, QString::fromLatin1(m_input) + u"\nmore"_s},
                                  {u"encoding"_s, u"ascii"_s}}}});
    QCOMPARE(started.status, 201);
    const std::string uuid = started.text(u"uuid"_s).toStdString();
    std::string body;
    const auto ended = [&] {
        body = Reply(client.Get("/v1/operations/" + uuid)).body;
        return body.find("SUCCESS") != std::string::npos || body.find("FAILED") != std::string::npos;
    };
    QTRY_VERIFY_WITH_TIMEOUT(ended(), 30'000);
    QVERIFY2(body.find("SUCCESS") != std::string::npos, body.c_str());
    check(QByteArray::fromStdString(body), u"the operation"_s);
    const Reply events = client.Get("/v1/operations/" + uuid + "/events");
    QVERIFY(events.body.find("MASKED") != std::string::npos);
    check(QByteArray::fromStdString(events.body), u"its events"_s);
}

void SecretsTest::tokenOfTheEngineIsInNoAnswer()
{
    const QString tokenFile = m_folder.filePath(u"token"_s); // Where the user has put it.
    QFile file(tokenFile);
    QVERIFY(file.open(QFile::WriteOnly) && file.write(m_token + '\n') > 0);
    file.close();
    const quint16 port = freePort();
    QProcess engine;
    engine.setProcessChannelMode(QProcess::MergedChannels);
    engine.start(QStringLiteral(COOPERAGE_BIN_DIR "/cooperage-engine"),
                 {u"serve"_s, u"--socket"_s, m_home->path(u"other/e.sock"_s), u"--store"_s,
                  m_home->path(u"other-store"_s), u"--listen"_s, u"127.0.0.1:%1"_s.arg(port),
                  u"--token-file"_s, tokenFile});
    httplib::Client client("127.0.0.1", port);
    QTRY_VERIFY_WITH_TIMEOUT(accepts(port), 10'000);
    checkProcesses();
    const Reply without = client.Get("/v1/whoami");
    QCOMPARE(without.status, 401);
    const Reply wrong =
        client.Get("/v1/whoami", {{"Authorization", "Bearer " + m_wrongPassword.toStdString()}});
    QCOMPARE(wrong.status, 401);
    const Reply right = client.Get("/v1/whoami", {{"Authorization", "Bearer " + m_token.toStdString()}});
    QCOMPARE(right.status, 200);
    for (const Reply &reply : {without, wrong, right})
        check(QByteArray::fromStdString(reply.body), u"an answer"_s);
    engine.terminate();
    QVERIFY(engine.waitForFinished());
    check(engine.readAll(), u"the engine's log"_s);
}

void SecretsTest::nothingWasWritten()
{
    checkFolder(m_home->path()); // Store with its database and journal, logs, settings, caches.
    QCOMPARE(run({u"engine"_s, u"stop"_s}).exitCode, 0);
    checkFolder(m_home->path());
    QVERIFY(QFile::exists(m_home->path(u"data"_s)));
}

QTEST_GUILESS_MAIN(SecretsTest)
#include "tst_secrets.moc"
