#include "core/embedded/registry/pull.h"
#include "tests/core/embedded/archive/asroot.h"
#include "tests/core/embedded/registry/badregistry.h"
#include "tests/core/embedded/registry/layersource.h"
#include "tests/core/embedded/registry/tcprelay.h"
#include "tests/core/embedded/registry/tlsfiles.h"
#include "tests/support/processes.h"

#include <QNetworkInterface>

using namespace cooperage;
using namespace cooperage::test;
using namespace cooperage::embedded;
using namespace Qt::StringLiterals;

/// Real registries behind TLS; the certificates lie in the user's own folder.
class RegistryTlsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void refusesAnUnknownAuthority();
    void trustsAnAuthorityOfTheRegistry_data();
    void trustsAnAuthorityOfTheRegistry();
    void refusesACertificateOfAnotherHost();
    void identifiesItselfWhereAsked();
    void saysWhichFileIsNoCertificate();
    void followsNoRedirectToPlainHttp();
    void goesThroughAProxy();
    void speaksPlainHttpOnlyWhereAllowed();

private:
    [[nodiscard]] Result<PushedImage> push(const QString &reference, bool plainHttp = false)
    {
        PushRequest request{.access = {.reference = images::Reference::parse(reference).value()}};
        request.access.plainHttp = plainHttp;
        return pushImage(m_fixture.store(), m_image, request, {}, {});
    }
    /// Puts a file into the folder of a host.
    void keep(const QString &root, const QString &host, const QString &source, const QString &name) const
    {
        const QString folder = m_home.path(root) + u'/' + host;
        QVERIFY(QDir().mkpath(folder) && QFile::copy(m_tls.path(source), folder + u'/' + name));
    }
    [[nodiscard]] static QString hostOf(const Registry &registry)
    {
        return u"127.0.0.1:%1"_s.arg(registry.port());
    }

    PrivateHome m_home;
    TlsFiles m_tls;
    Registry m_registry;
    Registry m_strict; ///< Wants a certificate of its clients.
    StoreFixture m_fixture;
    StoredImage m_image;
};

static const QString s_podmans = u"config/containers/certs.d"_s;
static const QString s_dockers = u"home/.docker/certs.d"_s;

void RegistryTlsTest::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path(u"home"_s)));
    const QByteArray problem = m_tls.make();
    QVERIFY2(problem.isEmpty(), problem.constData());
    const QString own =
        u"certificate: %1, key: %2"_s.arg(m_tls.path(u"server.crt"_s), m_tls.path(u"server.key"_s));
    m_registry.useTls(own);
    const auto started = m_registry.start();
    QVERIFY2(started, why(started).constData());
    m_strict.useTls(own + u", clientcas: [%1]"_s.arg(m_tls.path(u"ca.crt"_s)));
    const auto strict = m_strict.start();
    QVERIFY2(strict, why(strict).constData());
    m_image = ownImage(m_fixture, {{u"a"_s, "content"}});
}

void RegistryTlsTest::cleanup()
{
    for (const QString &folder : {s_podmans, s_dockers})
        QDir(m_home.path(folder)).removeRecursively();
    for (const char *name : {"HTTPS_PROXY", "NO_PROXY"})
        qunsetenv(name);
}

void RegistryTlsTest::refusesAnUnknownAuthority()
{
    const auto pushed = push(m_registry.reference(u"app:1"_s));
    QVERIFY(!pushed);
    QVERIFY2(pushed.error().what.contains("cannot be trusted"_L1), why(pushed).constData());
    QVERIFY2(pushed.error().next.contains(m_home.path(s_podmans) + u'/' + hostOf(m_registry) + u"/ca.crt"_s),
             why(pushed).constData());
}

void RegistryTlsTest::trustsAnAuthorityOfTheRegistry_data()
{
    QTest::addColumn<QString>("root");
    QTest::newRow("podman's folder") << s_podmans;
    QTest::newRow("docker's folder") << s_dockers;
}

void RegistryTlsTest::trustsAnAuthorityOfTheRegistry()
{
    QFETCH(QString, root);
    keep(root, hostOf(m_registry), u"ca.crt"_s, u"ca.crt"_s);
    const auto pushed = push(m_registry.reference(u"app:1"_s));
    QVERIFY2(pushed, why(pushed).constData());
    StoreFixture other;
    const auto pulled = pullImage(
        other.store(), {images::Reference::parse(m_registry.reference(u"app:1"_s)).value()}, {}, {});
    QVERIFY2(pulled, why(pulled).constData());
}

void RegistryTlsTest::refusesACertificateOfAnotherHost()
{
    TcpRelay proxy(m_registry.port(), true);
    keep(s_podmans, u"elsewhere.test"_s, u"ca.crt"_s, u"ca.crt"_s);
    qputenv("HTTPS_PROXY", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
    const auto pushed = push(u"elsewhere.test/app:1"_s);
    QVERIFY(!pushed);
    QVERIFY2(pushed.error().what.contains("cannot be trusted"_L1), why(pushed).constData());
}

void RegistryTlsTest::identifiesItselfWhereAsked()
{
    keep(s_podmans, hostOf(m_strict), u"ca.crt"_s, u"ca.crt"_s);
    keep(s_podmans, hostOf(m_strict), u"client.crt"_s, u"me.cert"_s);
    const auto halved = push(m_strict.reference(u"app:1"_s));
    QVERIFY2(!halved && halved.error().what.contains("no key"_L1), why(halved).constData());
    keep(s_podmans, hostOf(m_strict), u"client.key"_s, u"me.key"_s);
    const auto pushed = push(m_strict.reference(u"app:1"_s));
    QVERIFY2(pushed, why(pushed).constData());
}

void RegistryTlsTest::saysWhichFileIsNoCertificate()
{
    keep(s_podmans, hostOf(m_registry), u"ca.key"_s, u"wrong.crt"_s);
    const auto pushed = push(m_registry.reference(u"app:1"_s));
    QVERIFY2(!pushed && pushed.error().where.endsWith("wrong.crt"_L1), why(pushed).constData());
}

void RegistryTlsTest::followsNoRedirectToPlainHttp()
{
    BadRegistry plain(noisyImage());
    plain.start();
    httplib::SSLServer server(m_tls.path(u"server.crt"_s).toLatin1().constData(),
                              m_tls.path(u"server.key"_s).toLatin1().constData());
    server.Get("/v2/.*", [&](const httplib::Request &request, httplib::Response &reply) {
        reply.set_redirect("http://" + plain.host() + request.path, 307);
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&] { server.listen_after_bind(); });
    server.wait_until_ready();
    TcpRelay proxy(static_cast<quint16>(port),
                   true); // Not loopback by its name, so that https is all that is tried.
    keep(s_podmans, u"registry.test"_s, u"ca.crt"_s, u"ca.crt"_s);
    qputenv("HTTPS_PROXY", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
    StoreFixture other;
    const auto pulled = pullApp(other, "registry.test", u"user"_s, u"password"_s);
    server.stop();
    thread.join();
    QVERIFY2(!pulled && pulled.error().what.contains("not safe to follow"_L1), why(pulled).constData());
    QVERIFY(plain.seen().empty());
}

void RegistryTlsTest::goesThroughAProxy()
{
    TcpRelay proxy(m_registry.port(), true);
    keep(s_podmans, u"registry.test"_s, u"ca.crt"_s, u"ca.crt"_s);
    qputenv("HTTPS_PROXY", "http://someone:secret@127.0.0.1:" + QByteArray::number(proxy.port()));
    const auto pushed = push(u"registry.test/app:1"_s);
    QVERIFY2(pushed, why(pushed).constData());
    QVERIFY(proxy.seen().startsWith("CONNECT registry.test:443 "));
    QVERIFY(proxy.seen().contains("Proxy-Authorization: Basic " + QByteArray("someone:secret").toBase64()));
    const qsizetype before = proxy.seen().size();
    qputenv("NO_PROXY", ".test");
    const auto direct = push(u"registry.test/app:1"_s);
    QVERIFY2(!direct && direct.error().kind == ErrorKind::Unreachable, why(direct).constData());
    QCOMPARE(proxy.seen().size(), before);
}

// An address of this machine that is not loopback: plain http must be allowed for it.
void RegistryTlsTest::speaksPlainHttpOnlyWhereAllowed()
{
    QString own;
    for (const QHostAddress &address : QNetworkInterface::allAddresses())
        if (!address.isLoopback() && address.protocol() == QAbstractSocket::IPv4Protocol)
            own = address.toString();
    if (own.isEmpty())
        QSKIP("this machine has no address but loopback");
    Registry plain;
    plain.listenOn(own);
    const auto started = plain.start();
    QVERIFY2(started, why(started).constData());
    const QString reference = plain.reference(u"app:1"_s);
    const auto refused = push(reference);
    QVERIFY2(!refused && refused.error().next.contains("--plain-http"_L1), why(refused).constData());
    const auto pushed = push(reference, true);
    QVERIFY2(pushed, why(pushed).constData());
}

COOPERAGE_TEST_MAIN_AS_ROOT(RegistryTlsTest)
#include "tst_registrytls.moc"
