#include "core/embedded/runtime/idmaps.h"
#include "core/embedded/runtime/imageusers.h"
#include "core/embedded/store/fd.h"
#include "tests/fuzz/targets/scratch.h"
#include "tests/fuzz/targets/targets.h"

#include <algorithm>
#include <fcntl.h>

using namespace cooperage::embedded;

namespace cooperage::fuzz {

void passwdFile(const QByteArray &bytes)
{
    static const Scratch root;
    static const bool made = (root.makeFolder("etc"), true);
    const auto [passwd, group] = twoParts(bytes);
    root.write("etc/passwd", passwd);
    root.write("etc/group", group);
    const Fd folder(::open(root.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const std::uint32_t uid : {0u, 1000u, 4294967295u}) {
        const ImageUser user = lookUpUser(folder.get(), uid, 7);
        must(made && std::ranges::contains(user.groups, 7u), "the primary group is among the groups");
        must(user.home.starts_with('/'), "a home is an absolute path");
    }
}

void subordinateIds(const QByteArray &bytes)
{
    for (const IdRange &range : idRanges(bytes.constData(), "ann", 1000))
        must(range.count > 0, "ranges hold something");
}

} // namespace cooperage::fuzz
