#include "core/credentials/signincheck.h"
#include "tests/core/engine/loopback.h"
#include "tests/support/processes.h"

#include <QNetworkInterface>
#include <QTest>

#include <httplib.h>

using namespace cooperage;
using namespace cooperage::credentials;
using namespace Qt::StringLiterals;

static const QString canary = u"canary-sign-in"_s;

static SignInCheck check(const QString &host, const QString &password = canary)
{
    const SignInCheck result = QCoro::waitFor(checkSignIn(host, {u"ann"_s, password}));
    if (result.error.text().contains(password))
        qFatal("the password is in the words");
    return result;
}

/// A server that answers every path with one status, headers and body.
class Answering : public test::Loopback
{
public:
    Answering(int status, const std::string &body, const httplib::Headers &headers = {})
    {
        server.Get(".*", [=](const httplib::Request &, httplib::Response &response) {
            response.status = status;
            for (const auto &[name, value] : headers)
                response.set_header(name, value);
            response.set_content(body, "application/json");
        });
        start();
    }
    [[nodiscard]] QString host() const { return u"127.0.0.1:%1"_s.arg(port()); }
};

/// A registry that sends to a token service on itself, which answers `status` and `body`.
class TokenRegistry : public test::Loopback
{
public:
    TokenRegistry(int status, const std::string &body)
    {
        server.Get("/v2/", [this](const httplib::Request &request, httplib::Response &response) {
            if (request.get_header_value("Authorization") == "Bearer good-token")
                return;
            response.status = 401;
            response.set_header("WWW-Authenticate",
                                "Bearer realm=\"" + url(u"/token"_s).toStdString() + "\",service=\"test\"");
        });
        server.Get("/token", [=](const httplib::Request &, httplib::Response &response) {
            response.status = status;
            response.set_content(body, "application/json");
        });
        start();
    }
    [[nodiscard]] QString host() const { return u"127.0.0.1:%1"_s.arg(port()); }
};

class SignInCheckTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void asksARealRegistry();
    void saysThatNoSignInIsNeeded();
    void asksTheTokenService();
    void tellsATokenFromAPassword_data();
    void tellsATokenFromAPassword();
    void tellsWhatElseAnswers_data();
    void tellsWhatElseAnswers();
    void saysThatNobodyListens();
    void saysThatThereIsNoSuchHost();
    void doesNotTrustAnUnknownAuthority();
    void sendsNoPasswordWithoutEncryption();
    void sendsNoPasswordToAStrangeTokenService();
    void endsWhenStopped();
};

void SignInCheckTest::asksARealRegistry()
{
    test::Registry registry;
    if (const auto started = registry.start(u"ann"_s, canary); !started)
        QSKIP(qPrintable(started.error().text()));
    const QString host = u"127.0.0.1:%1"_s.arg(registry.port());
    const SignInCheck good = check(host);
    QVERIFY2(good.isAccepted(), qPrintable(good.error.text()));
    const SignInCheck wrong = check(host, u"another"_s);
    QCOMPARE(wrong.state, SignInState::WrongPassword);
    QCOMPARE(wrong.error.kind, ErrorKind::Denied);
    QVERIFY(!wrong.error.next.isEmpty());
}

void SignInCheckTest::saysThatNoSignInIsNeeded()
{
    test::Registry registry;
    if (const auto started = registry.start(); !started)
        QSKIP(qPrintable(started.error().text()));
    QCOMPARE(check(u"127.0.0.1:%1"_s.arg(registry.port())).state, SignInState::NotNeeded);
}

void SignInCheckTest::asksTheTokenService()
{
    const TokenRegistry good(200, R"({"token":"good-token"})");
    QVERIFY(check(good.host()).isAccepted());
    const TokenRegistry odd(200, R"({"token":"two\r\nlines"})");
    QCOMPARE(check(odd.host()).state, SignInState::Failed);
    const TokenRegistry busy(429, "{}");
    QCOMPARE(check(busy.host()).state, SignInState::RateLimited);
}

void SignInCheckTest::tellsATokenFromAPassword_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<SignInState>("state");
    QTest::newRow("Docker Hub") << 401 << QByteArray(R"({"details":"incorrect username or password"})")
                                << SignInState::WrongPassword;
    QTest::newRow("two factors") << 401
                                 << QByteArray(R"({"details":"2FA is on: use a personal access token"})")
                                 << SignInState::NeedsToken;
    QTest::newRow("GitLab") << 403
                            << QByteArray(
                                   R"({"errors":[{"code":"DENIED","message":"HTTP Basic: Access denied. )"
                                   R"(You must use a token instead of a password"}]})")
                            << SignInState::NeedsToken;
    QTest::newRow("a server that repeats the password")
        << 401 << QByteArray("no such password: ") + canary.toUtf8() << SignInState::WrongPassword;
}

void SignInCheckTest::tellsATokenFromAPassword()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const SignInState, state);
    const TokenRegistry registry(status, body.toStdString());
    QCOMPARE(check(registry.host()).state, state);
}

void SignInCheckTest::tellsWhatElseAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<SignInState>("state");
    QTest::newRow("a web page") << 200 << QByteArray("<html>hello</html>") << SignInState::NotRegistry;
    QTest::newRow("nothing there") << 404 << QByteArray() << SignInState::NotRegistry;
    QTest::newRow("a redirect") << 302 << QByteArray() << SignInState::NotRegistry;
    QTest::newRow("too many requests") << 429 << QByteArray() << SignInState::RateLimited;
}

void SignInCheckTest::tellsWhatElseAnswers()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const SignInState, state);
    const Answering server(status, body.toStdString(), {{"Retry-After", "7"}});
    const SignInCheck result = check(server.host());
    QCOMPARE(result.state, state);
    if (state == SignInState::RateLimited)
        QVERIFY(result.error.next.contains(u'7'));
}

void SignInCheckTest::saysThatNobodyListens()
{
    const SignInCheck result = check(u"127.0.0.1:%1"_s.arg(test::freePort()));
    QCOMPARE(result.state, SignInState::NoConnection);
    QCOMPARE(result.error.kind, ErrorKind::Unreachable);
}

void SignInCheckTest::saysThatThereIsNoSuchHost()
{
    const SignInCheck result = check(u"registry.invalid"_s);
    QCOMPARE(result.state, SignInState::NameNotFound);
    QVERIFY(result.error.where.contains("registry.invalid"_L1));
}

void SignInCheckTest::doesNotTrustAnUnknownAuthority()
{
    const QString key = m_folder.filePath(u"key.pem"_s);
    const QString certificate = m_folder.filePath(u"certificate.pem"_s);
    QProcess openssl;
    openssl.start(u"openssl"_s,
                  {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
                   u"-nodes"_s, u"-subj"_s, u"/CN=127.0.0.1"_s, u"-keyout"_s, key, u"-out"_s, certificate});
    if (!openssl.waitForFinished() || openssl.exitCode() != 0)
        QSKIP("openssl is not installed");
    httplib::SSLServer server(certificate.toLocal8Bit().constData(), key.toLocal8Bit().constData());
    std::atomic<int> requests = 0;
    server.Get(".*", [&requests](const httplib::Request &, httplib::Response &) { ++requests; });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&server] { server.listen_after_bind(); });
    server.wait_until_ready();
    const SignInCheck result = check(u"127.0.0.1:%1"_s.arg(port));
    server.stop();
    thread.join();
    QCOMPARE(result.state, SignInState::Tls);
    QVERIFY2(result.error.what.contains("certificate"_L1), qPrintable(result.error.text()));
    QCOMPARE(requests.load(), 0);
}

void SignInCheckTest::sendsNoPasswordWithoutEncryption()
{
    QCOMPARE(check(u"http://registry.example.com"_s).state, SignInState::PlainHttp);
    QString address;
    for (const QHostAddress &own : QNetworkInterface::allAddresses()) {
        if (!own.isLoopback() && own.protocol() == QAbstractSocket::IPv4Protocol)
            address = own.toString();
    }
    if (address.isEmpty())
        QSKIP("this computer has no address but loopback");
    httplib::Server server;
    server.set_read_timeout(1); // What https sends first is no request that would end.
    std::atomic<bool> sawPassword = false;
    server.Get(".*", [&sawPassword](const httplib::Request &request, httplib::Response &response) {
        sawPassword = sawPassword || request.has_header("Authorization");
        response.status = 401;
        response.set_header("WWW-Authenticate", "Basic realm=\"test\"");
    });
    const int port = server.bind_to_any_port("0.0.0.0");
    std::thread thread([&server] { server.listen_after_bind(); });
    server.wait_until_ready();
    const SignInCheck result = check(u"%1:%2"_s.arg(address).arg(port));
    server.stop();
    thread.join();
    QCOMPARE(result.state, SignInState::PlainHttp);
    QVERIFY(!sawPassword);
}

void SignInCheckTest::sendsNoPasswordToAStrangeTokenService()
{
    for (const char *realm : {"http://auth.example.com/token", "https://10.1.2.3/token", "nonsense"}) {
        const Answering registry(
            401, "{}", {{"WWW-Authenticate", std::string("Bearer realm=\"") + realm + "\",service=\"x\""}});
        const SignInCheck result = check(registry.host());
        QCOMPARE(result.state, SignInState::Failed);
        QCOMPARE(result.error.kind, ErrorKind::Failed);
    }
}

void SignInCheckTest::endsWhenStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto result =
        QCoro::waitFor(checkSignIn(u"registry.invalid"_s, {u"ann"_s, canary}, stop.get_token()));
    QCOMPARE(result.state, SignInState::Cancelled);
}

QTEST_GUILESS_MAIN(SignInCheckTest)
#include "tst_signincheck.moc"
