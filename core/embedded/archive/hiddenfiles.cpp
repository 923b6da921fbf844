#include "core/embedded/archive/hiddenfiles.h"

#include "core/embedded/archive/layerfolder.h"
#include "core/embedded/archive/layerform.h"

#include <QCoreApplication>

#include <algorithm>
#include <climits>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>

namespace cooperage::embedded {

namespace {

constexpr int nobody = INT_MAX;

/// One layer's part of a folder, and the lowest layer that hides all of it.
struct Part
{
    int layer = 0;
    int hiddenBy = nobody;
};

struct Folder
{
    std::string path{};        ///< Of the root: empty.
    std::vector<Part> parts{}; ///< The lowest first.
};

/// What a layer has under a name.
struct Entry
{
    Part part{};
    struct stat info{};
    bool isOpaque = false;
};
using Entries = std::vector<Entry>;

/// A file with several names, of which some are known to be hidden.
struct LinkedFile
{
    HiddenFile file{};
    nlink_t hiddenNames = 0;
};

class Search
{
public:
    explicit Search(const HiddenFileSearch &request) : m_request(request) {}
    Result<> run();

private:
    Result<> searchFolder(const Folder &folder);
    void searchName(const std::string &path, const Entries &entries);
    void addFile(const HiddenFile &file, const struct stat &info);

    const HiddenFileSearch &m_request;
    std::vector<Folder> m_waiting{};
    std::map<std::pair<int, ino_t>, LinkedFile> m_linked{}; ///< By layer.
};

} // namespace

void Search::addFile(const HiddenFile &file, const struct stat &info)
{
    if (info.st_nlink == 1) {
        m_request.found(file);
        return;
    }
    const std::pair key{file.layer, info.st_ino};
    LinkedFile &linked = m_linked[key];
    const bool isLater = file.hiddenBy > linked.file.hiddenBy ||
                         (file.hiddenBy == linked.file.hiddenBy && file.path < linked.file.path);
    if (linked.hiddenNames == 0 || isLater)
        linked.file = file;
    if (++linked.hiddenNames < info.st_nlink)
        return;
    m_request.found(linked.file);
    m_linked.erase(key);
}

// `entries` are those of the layers that know the path, the lowest first.
void Search::searchName(const std::string &path, const Entries &entries)
{
    Folder below{.path = path};
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
        const bool isFolder = S_ISDIR(entry->info.st_mode);
        if (!isFolder && !S_ISREG(entry->info.st_mode))
            continue;
        const auto hider = std::find_if(entry + 1, entries.end(), [&](const Entry &above) {
            return !isFolder || !S_ISDIR(above.info.st_mode) || above.isOpaque;
        });
        const int hiddenBy =
            std::min(entry->part.hiddenBy, hider == entries.end() ? nobody : hider->part.layer);
        if (isFolder) {
            below.parts.push_back({entry->part.layer, hiddenBy});
        } else if (hiddenBy != nobody) {
            const bool isReplaced = std::ranges::any_of(entries, [&](const Entry &above) {
                return above.part.layer == hiddenBy && !isWhiteout(above.info);
            });
            addFile({path, entry->info.st_blocks * 512, entry->part.layer, hiddenBy, !isReplaced},
                    entry->info);
        }
    }
    const bool isHidden =
        std::ranges::any_of(below.parts, [](const Part &part) { return part.hiddenBy != nobody; });
    if (isHidden || below.parts.size() > 1)
        m_waiting.push_back(std::move(below));
}

static Entry entryOf(const Fd &folder, const Part &part, const std::string &name)
{
    Entry entry{.part = part};
    // A layer in the store does not change: what was listed is there.
    (void)::fstatat(folder.get(), name.c_str(), &entry.info, AT_SYMLINK_NOFOLLOW);
    if (S_ISDIR(entry.info.st_mode)) {
        const Fd opened(
            ::openat(folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        entry.isOpaque = opened && isOpaque(opened.get());
    }
    return entry;
}

Result<> Search::searchFolder(const Folder &folder)
{
    std::vector<Fd> opened;
    std::map<std::string, std::vector<size_t>> names; // With the parts that have them.
    for (const Part &part : folder.parts) {
        Result<Fd> fd = openLayerFolder(m_request.layers[static_cast<size_t>(part.layer)], folder.path);
        if (!fd)
            return std::unexpected(fd.error());
        const Result<std::vector<std::string>> found = namesIn(*fd, folder.path);
        if (!found)
            return std::unexpected(found.error());
        for (const std::string &name : *found)
            names[name].push_back(opened.size());
        opened.push_back(std::move(*fd));
    }
    for (const auto &[name, parts] : names) {
        if (parts.size() == 1 && folder.parts[parts.front()].hiddenBy == nobody)
            continue; // To be seen, with all that is below.
        Entries entries;
        for (const size_t part : parts)
            entries.push_back(entryOf(opened[part], folder.parts[part], name));
        searchName(folder.path + '/' + name, entries);
    }
    return {};
}

Result<> Search::run()
{
    Folder root;
    for (size_t layer = 0; layer < m_request.layers.size(); ++layer)
        root.parts.push_back({.layer = static_cast<int>(layer)});
    m_waiting.push_back(std::move(root));
    while (!m_waiting.empty()) {
        if (m_request.mustStop())
            return failure(ErrorKind::Cancelled,
                           QCoreApplication::translate("HiddenFiles", "The search was cancelled"));
        const Folder folder = std::move(m_waiting.back());
        m_waiting.pop_back();
        if (const Result<> done = searchFolder(folder); !done)
            return done;
    }
    return {};
}

Result<> findHiddenFiles(const HiddenFileSearch &search)
{
    return Search(search).run();
}

} // namespace cooperage::embedded
