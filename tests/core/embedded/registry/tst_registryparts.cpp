#include "core/embedded/registry/httpurl.h"
#include "core/embedded/registry/proxysettings.h"
#include "core/embedded/registry/registryauth.h"
#include "core/embedded/registry/retryafter.h"

#include <QDateTime>
#include <QLocale>
#include <QTest>

using namespace cooperage;
using namespace cooperage::embedded;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class RegistryPartsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsSeveralChallengesInOneValue();
    void toleratesOddChallenges();
    void keepsUrlsByteForByte();
    void resolvesRedirects();
    void refusesOddUrls();
    void waitsAsLongAsAsked();
    void knowsPrivateAddresses();
    void readsProxyVariables();
};

void RegistryPartsTest::readsSeveralChallengesInOneValue()
{
    const auto challenges = parseChallenges(
        R"(Bearer realm="https://a/token?x=1,2",service="s \"q\"",scope="repository:a:pull,push", Basic realm="b")");
    QCOMPARE(challenges.size(), 2u);
    QCOMPARE(challenges[0].scheme, std::string("bearer"));
    QCOMPARE(challenges[0].parameters.at("realm"), std::string("https://a/token?x=1,2"));
    QCOMPARE(challenges[0].parameters.at("service"), std::string("s \"q\""));
    QCOMPARE(challenges[0].parameters.at("scope"), std::string("repository:a:pull,push"));
    QCOMPARE(challenges[1].scheme, std::string("basic"));
    QCOMPARE(challenges[1].parameters.at("realm"), std::string("b"));
}

void RegistryPartsTest::toleratesOddChallenges()
{
    QCOMPARE(parseChallenges("").size(), 0u);
    QCOMPARE(parseChallenges(",, ,").size(), 0u);
    QCOMPARE(parseChallenges("Negotiate, BASIC Realm = open").back().parameters.at("realm"),
             std::string("open"));
    QCOMPARE(parseChallenges("Bearer realm=\"cut").front().parameters.at("realm"), std::string("cut"));
    QCOMPARE(parseChallenges("Bearer realm=\"cut\\").front().parameters.size(), 1u);
}

void RegistryPartsTest::keepsUrlsByteForByte()
{
    const auto url = HttpUrl::parse("HTTPS://S3.Example:8443/a%2Fb+c/%7Ed?X-Amz-Signature=a%2Bb==&x#part");
    QVERIFY(url);
    QCOMPARE(url->origin.toString(), std::string("https://s3.example:8443"));
    QCOMPARE(url->target, std::string("/a%2Fb+c/%7Ed?X-Amz-Signature=a%2Bb==&x"));
    QCOMPARE(HttpUrl::parse("http://[::1]:80?q")->origin.toString(), std::string("http://[::1]"));
    QCOMPARE(HttpUrl::parse("http://[::1]:80?q")->target, std::string("/?q"));
}

void RegistryPartsTest::resolvesRedirects()
{
    const auto base = HttpUrl::parse("https://r:5000/v2/app/blobs/x?y=1");
    QCOMPARE(base->resolved("/z?a")->target, std::string("/z?a"));
    QCOMPARE(base->resolved("other")->target, std::string("/v2/app/blobs/other"));
    QCOMPARE(base->resolved("//cdn/x")->origin.toString(), std::string("https://cdn"));
    QCOMPARE(base->resolved("http://cdn/x")->origin.scheme, std::string("http"));
    QVERIFY(base->resolved("/z")->origin == base->origin);
    QVERIFY(!(HttpUrl::parse("https://r:5001/")->origin == base->origin));
}

void RegistryPartsTest::refusesOddUrls()
{
    for (const char *text : {"", "ftp://x/", "https://", "https://u:p@h/", "https://h:0/", "https://h:x/",
                             "https://h/a b", "https://[::1/", "https://h/\r\nX: y"})
        QVERIFY2(!HttpUrl::parse(text), text);
}

void RegistryPartsTest::waitsAsLongAsAsked()
{
    QCOMPARE(retryAfter("7"), 7000ms);
    QCOMPARE(retryAfter("100000"), 60'000ms);
    QCOMPARE(retryAfter(""), 0ms);
    QCOMPARE(retryAfter("-3"), 0ms);
    const auto soon =
        retryAfter(QDateTime::currentDateTimeUtc().addSecs(20).toString(Qt::RFC2822Date).toStdString());
    QVERIFY(soon > 15s && soon <= 20s);
    const QString http = QLocale::c().toString(QDateTime::currentDateTimeUtc().addSecs(20),
                                               u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    QVERIFY(retryAfter(http.toStdString()) > 15s);
}

void RegistryPartsTest::knowsPrivateAddresses()
{
    for (const char *host : {"10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "::1",
                             "fe80::1", "fd00::1", "::ffff:10.0.0.1"})
        QVERIFY2(isPrivateAddress(host), host);
    for (const char *host : {"8.8.8.8", "172.32.0.1", "2606:4700::1", "auth.docker.io", "10.example"})
        QVERIFY2(!isPrivateAddress(host), host);
}

void RegistryPartsTest::readsProxyVariables()
{
    const HttpOrigin origin{"https", "registry.example", 443};
    for (const char *name : {"https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY"})
        qunsetenv(name);
    QVERIFY(!proxyFor(origin).value());
    qputenv("HTTPS_PROXY", "http://u:p%40w@proxy.example:3129");
    QCOMPARE(proxyFor(origin).value()->port, 3129);
    QCOMPARE(proxyFor(origin).value()->password, std::string("p@w"));
    QVERIFY(!proxyFor({"https", "127.0.0.1", 5000}).value());
    qputenv("NO_PROXY", "other, .example");
    QVERIFY(!proxyFor(origin).value());
    QVERIFY(isExempt(origin, "registry.example:443"));
    QVERIFY(!isExempt(origin, "registry.example:444"));
    QVERIFY(!isExempt(origin, "istry.example"));
    QVERIFY(isExempt(origin, "*"));
    QVERIFY(!isExempt(origin, ""));
    qputenv("NO_PROXY", "");
    qputenv("HTTPS_PROXY", "socks5://u:SECRET@p:1");
    const auto refused = proxyFor(origin);
    QVERIFY(!refused);
    QVERIFY(!refused.error().text().contains("SECRET"_L1));
    qunsetenv("HTTPS_PROXY");
}

QTEST_GUILESS_MAIN(RegistryPartsTest)
#include "tst_registryparts.moc"
