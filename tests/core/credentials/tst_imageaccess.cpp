#include "core/credentials/imageaccess.h"
#include "tests/core/engine/loopback.h"
#include "tests/support/processes.h"

#include <QTest>

using namespace cooperage;
using namespace cooperage::credentials;
using namespace Qt::StringLiterals;

static ImageAccess access(int port, const QString &name)
{
    const auto image = images::Reference::parse(u"127.0.0.1:%1/%2"_s.arg(port).arg(name));
    return QCoro::waitFor(accessWithoutAccount(image.value()));
}

/// A registry that gives everybody a token for `open/...`, and for nothing else.
class TokenRegistry : public test::Loopback
{
public:
    TokenRegistry()
    {
        server.Get("/v2/.*/manifests/1", [this](const httplib::Request &request,
                                                httplib::Response &response) {
            if (request.get_header_value("Authorization") == "Bearer good-token")
                return response.set_content("{}", "application/vnd.oci.image.manifest.v1+json");
            response.status = 401;
            response.set_header("WWW-Authenticate",
                                "Bearer realm=\"" + url(u"/token"_s).toStdString() + "\",service=\"test\"");
        });
        server.Get("/token", [](const httplib::Request &request, httplib::Response &response) {
            const bool open = request.get_param_value("scope") == "repository:open/app:pull" &&
                              request.get_param_value("service") == "test";
            response.status = open ? 200 : 403;
            response.set_content(open ? R"({"token":"good-token"})" : "{}", "application/json");
        });
        start();
    }
};

class ImageAccessTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void needsAnAccountAtAClosedRegistry();
    void isMissingAtAnOpenRegistry();
    void isForEverybodyWhereTheTokenIs();
    void isUnknownWithoutAnAnswer();
    void endsWhenStopped();
};

void ImageAccessTest::needsAnAccountAtAClosedRegistry()
{
    test::Registry registry;
    if (const auto started = registry.start(u"ann"_s, u"secret"_s); !started)
        QSKIP(qPrintable(started.error().text()));
    QCOMPARE(access(registry.port(), u"team/app:1"_s), ImageAccess::SignedIn);
}

void ImageAccessTest::isMissingAtAnOpenRegistry()
{
    test::Registry registry;
    if (const auto started = registry.start(); !started)
        QSKIP(qPrintable(started.error().text()));
    QCOMPARE(access(registry.port(), u"team/app:1"_s), ImageAccess::Missing);
}

void ImageAccessTest::isForEverybodyWhereTheTokenIs()
{
    const TokenRegistry registry;
    QCOMPARE(access(registry.port(), u"open/app:1"_s), ImageAccess::Everybody);
    QCOMPARE(access(registry.port(), u"closed/app:1"_s), ImageAccess::SignedIn);
}

void ImageAccessTest::isUnknownWithoutAnAnswer()
{
    QCOMPARE(access(test::freePort(), u"team/app:1"_s), ImageAccess::Unknown);
}

void ImageAccessTest::endsWhenStopped()
{
    std::stop_source stop;
    stop.request_stop();
    const auto image = images::Reference::parse(u"127.0.0.1:%1/app:1"_s.arg(test::freePort()));
    QCOMPARE(QCoro::waitFor(accessWithoutAccount(image.value(), stop.get_token())), ImageAccess::Unknown);
}

QTEST_GUILESS_MAIN(ImageAccessTest)
#include "tst_imageaccess.moc"
