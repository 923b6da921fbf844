#include "core/embedded/store/layersize.h"

#include "core/embedded/store/storeprivate.h"
#include "core/embedded/store/storetext.h"

#include <cerrno>
#include <fts.h>
#include <memory>
#include <set>
#include <sys/stat.h>

namespace cooperage::embedded {

Result<LayerSize> measureLayer(const std::string &folder)
{
    std::string root = folder;
    char *const paths[] = {root.data(), nullptr};
    // NOCHDIR: the working folder belongs to the whole process.
    const std::unique_ptr<FTS, int (*)(FTS *)> walk(
        ::fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr), ::fts_close);
    if (!walk)
        return pathFailure(errno, StoreText::tr("Cannot measure the layer"), folder);
    LayerSize size;
    std::set<ino_t> seen;
    while (const FTSENT *entry = ::fts_read(walk.get())) {
        const bool unreadable =
            entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS;
        if (entry->fts_info == FTS_DP || (unreadable && entry->fts_errno == ENOENT))
            continue; // Seen before, or gone meanwhile: a layer may still be written to.
        if (unreadable)
            return pathFailure(entry->fts_errno, StoreText::tr("Cannot measure the layer"), entry->fts_path);
        const struct stat &info = *entry->fts_statp;
        if (!S_ISDIR(info.st_mode) && info.st_nlink > 1 && !seen.insert(info.st_ino).second)
            continue;
        ++size.inodes;
        size.allocated += info.st_blocks * 512;
        if (S_ISREG(info.st_mode) || S_ISLNK(info.st_mode))
            size.apparent += info.st_size;
    }
    return size;
}

} // namespace cooperage::embedded
