#include "tests/fuzz/targets/targets.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace cooperage::fuzz {

static constexpr std::array s_targets{
    Target{"dockerfile", dockerfile},         Target{"expansion", expansion},
    Target{"ignorerules", ignoreRules},       Target{"glob", globPattern},
    Target{"gitsource", gitSource},           Target{"modechange", modeChange},
    Target{"reference", reference},           Target{"layer", layer},
    Target{"archivemembers", archiveMembers}, Target{"imagedocument", imageDocument},
    Target{"entrypath", entryPath},           Target{"httpurl", httpUrl},
    Target{"authchallenge", authChallenge},   Target{"retryafter", retryAfter},
    Target{"blobdownload", blobDownload},     Target{"instancerequest", instanceRequest},
    Target{"commitrequest", commitRequest},   Target{"querytime", queryTime},
    Target{"eventstream", eventStream},       Target{"enginejson", engineJson},
    Target{"inspectarchive", inspectArchive}, Target{"passwdfile", passwdFile},
    Target{"subordinateids", subordinateIds}, Target{"checks", checkedDockerfile},
};

std::span<const Target> targets()
{
    return s_targets;
}

void must(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "must hold, but does not: %s\n", what);
    std::abort();
}

TwoParts twoParts(const QByteArray &bytes)
{
    const qsizetype cut = bytes.indexOf('\0');
    return cut < 0 ? TwoParts{bytes, {}} : TwoParts{bytes.first(cut), bytes.sliced(cut + 1)};
}

} // namespace cooperage::fuzz
