#include "core/credentials/imageaccess.h"

#include "core/credentials/registryprobe.h"
#include "core/credentials/tokenservice.h"

#include <QUrlQuery>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace cooperage::credentials {

static QUrl manifestUrl(const images::Reference &image, const QString &scheme)
{
    return QUrl(u"%1://%2/v2/%3/manifests/%4"_s.arg(scheme, image.apiHost(), image.repository,
                                                    image.digest.isEmpty() ? image.tag : image.digest),
                QUrl::StrictMode);
}

static ImageAccess accessOf(const ProbeAnswer &answer)
{
    switch (answer.status) {
    case 200:
        return ImageAccess::Everybody;
    case 401:
    case 403:
        return ImageAccess::SignedIn;
    case 404:
        return ImageAccess::Missing;
    default:
        return ImageAccess::Unknown;
    }
}

// Public images of most registries want a token too, which everybody gets.
static QCoro::Task<ImageAccess> askWithToken(RegistryProbe *probe, images::Reference image, QUrl manifest,
                                             images::AuthChallenge challenge, std::stop_token stop)
{
    QUrl service = tokenService(image, challenge);
    if (!service.isValid())
        co_return ImageAccess::Unknown;
    QUrlQuery query(service);
    query.addQueryItem(u"scope"_s, u"repository:%1:pull"_s.arg(image.repository));
    service.setQuery(query);
    const ProbeAnswer answer = co_await probe->get(service, {}, stop);
    const QByteArray token = answer.status == 200 ? tokenIn(answer.body) : QByteArray();
    if (token.isEmpty())
        co_return answer.status == 401 || answer.status == 403 ? ImageAccess::SignedIn : ImageAccess::Unknown;
    co_return accessOf(co_await probe->headManifest(manifest, "Bearer " + token, stop));
}

QCoro::Task<ImageAccess> accessWithoutAccount(images::Reference image, std::stop_token stop)
{
    const auto probe = std::make_unique<RegistryProbe>(image.isLoopback());
    QUrl url = manifestUrl(image, image.isLoopback() ? u"http"_s : u"https"_s);
    ProbeAnswer answer = co_await probe->headManifest(url, {}, stop);
    if (image.isLoopback() && (answer.status == 0 || answer.status == 400)) {
        url = manifestUrl(image, u"https"_s);
        answer = co_await probe->headManifest(url, {}, stop);
    }
    const auto bearer = std::ranges::find(answer.challenges, "bearer", &images::AuthChallenge::scheme);
    if (answer.status == 401 && bearer != answer.challenges.end())
        co_return co_await askWithToken(probe.get(), image, url, *bearer, stop);
    co_return accessOf(answer);
}

} // namespace cooperage::credentials
