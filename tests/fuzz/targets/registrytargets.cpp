#include "core/embedded/registry/blobfile.h"
#include "core/embedded/registry/httpurl.h"
#include "core/embedded/registry/proxysettings.h"
#include "core/embedded/registry/registryauth.h"
#include "core/embedded/registry/retryafter.h"
#include "core/engine/contree/retry.h"
#include "tests/fuzz/targets/scratch.h"
#include "tests/fuzz/targets/targets.h"

using namespace cooperage::embedded;

namespace cooperage::fuzz {

static std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

void httpUrl(const QByteArray &bytes)
{
    const auto [base, location] = twoParts(bytes);
    const auto url = HttpUrl::parse(view(base));
    if (!url)
        return;
    must(url->origin.scheme == "http" || url->origin.scheme == "https", "only http and https are taken");
    must(!url->origin.host.empty() && url->origin.port > 0 && url->origin.port < 65536,
         "hosts and ports are real");
    must(url->target.starts_with('/'), "targets begin with a slash");
    must(url->target.find_first_of("\r\n ") == std::string::npos, "a target cannot end the request line");
    const auto again = HttpUrl::parse(url->origin.toString() + url->target);
    must(again && again->origin == url->origin && again->target == url->target,
         "a URL is the same once more");
    (void)isPrivateAddress(url->origin.host);
    (void)isExempt(url->origin, view(location));
    if (const auto next = url->resolved(view(location)); next)
        must(next->target.find_first_of("\r\n ") == std::string::npos,
             "a redirect cannot end the request line");
}

void authChallenge(const QByteArray &bytes)
{
    for (const AuthChallenge &challenge : parseChallenges(view(bytes)))
        for (const auto &[name, value] : challenge.parameters)
            (void)queryEncoded(name + value);
}

void retryAfter(const QByteArray &bytes)
{
    const auto wait = embedded::retryAfter(bytes.toStdString());
    must(wait.count() >= 0 && wait <= std::chrono::minutes(1), "no registry makes the engine wait for long");
    const auto other = engine::contree::parseRetryAfter(bytes, QDateTime::fromSecsSinceEpoch(1'800'000'000));
    must(!other || (other->count() >= 0 && *other <= std::chrono::minutes(5)),
         "no engine makes a client wait for long");
}

void blobDownload(const QByteArray &bytes)
{
    const auto [range, body] = twoParts(bytes);
    constexpr qint64 size = 100;
    qint64 arrived = 0;
    BlobFile blob(Fd(fileOf({})), {.mediaType = {}, .digest = "sha256:" + QByteArray(64, '0'), .size = size},
                  [&](qint64 change) { arrived += change; });
    for (const int status : {200, 206, 206, 200}) {
        if (blob.begin({status, {{"content-range", range.toStdString()}}}))
            (void)blob.write(body);
        must(arrived >= 0 && arrived <= size, "a blob is never longer than it should be");
    }
    must(!blob.finish(), "other bytes than the digest's are refused");
}

} // namespace cooperage::fuzz
