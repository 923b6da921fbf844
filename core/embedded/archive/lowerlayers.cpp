#include "core/embedded/archive/lowerlayers.h"

#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/layerform.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>

namespace cooperage::embedded {

namespace {

enum class Verdict { Visible, Hidden, LookBelow };

Fd openFolderAt(int folder, const std::string &name)
{
    return Fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Walks one layer. `endsHere` is set when an opaque folder on the way hides the layers further down.
Verdict walk(const std::string &layer, const std::vector<std::string> &parts, LowerLayers::Found &found,
             bool &endsHere)
{
    Fd folder = openFolderAt(AT_FDCWD, layer);
    for (size_t i = 0; i < parts.size(); ++i) {
        struct stat info{};
        if (!folder || ::fstatat(folder.get(), parts[i].c_str(), &info, AT_SYMLINK_NOFOLLOW) < 0)
            return endsHere ? Verdict::Hidden : Verdict::LookBelow;
        if (isWhiteout(info))
            return Verdict::Hidden;
        if (i + 1 == parts.size()) {
            found = {std::move(folder), parts[i], info};
            return Verdict::Visible;
        }
        if (!S_ISDIR(info.st_mode))
            return Verdict::Hidden;
        folder = openFolderAt(folder.get(), parts[i]);
        endsHere |= folder && isOpaque(folder.get());
    }
    found.name = ".";
    if (!folder || ::fstat(folder.get(), &found.info) < 0)
        return Verdict::LookBelow;
    found.folder = std::move(folder);
    return Verdict::Visible;
}

} // namespace

std::optional<LowerLayers::Found> LowerLayers::find(const std::string &path) const
{
    const std::vector<std::string> parts = pathParts(path);
    Found found;
    bool endsHere = false;
    for (const std::string &layer : m_layers) {
        switch (walk(layer, parts, found, endsHere)) {
        case Verdict::Visible:
            return std::optional<Found>(std::move(found));
        case Verdict::Hidden:
            return std::nullopt;
        case Verdict::LookBelow:
            break;
        }
    }
    return std::nullopt;
}

std::set<std::string> LowerLayers::rootNames() const
{
    std::set<std::string> visible;
    std::set<std::string> decided;
    for (const std::string &layer : m_layers) {
        DIR *root = ::opendir(layer.c_str());
        while (const dirent *entry = root ? ::readdir(root) : nullptr) {
            const std::string name = entry->d_name;
            struct stat info{};
            if (name == "." || name == ".." || !decided.insert(name).second)
                continue;
            if (::fstatat(::dirfd(root), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && !isWhiteout(info))
                visible.insert(name);
        }
        if (root)
            ::closedir(root);
    }
    return visible;
}

} // namespace cooperage::embedded
