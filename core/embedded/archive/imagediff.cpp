#include "core/embedded/archive/imagediff.h"

#include "core/embedded/archive/layerfolder.h"
#include "core/embedded/archive/layerform.h"
#include "core/embedded/archive/samecontent.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/xattrs.h"

#include <QCoreApplication>

#include <algorithm>
#include <fcntl.h>
#include <set>

namespace cooperage::embedded {

namespace {

struct DiffText
{
    Q_DECLARE_TR_FUNCTIONS(ImageDiff)
};

/// The layers, topmost first, that make up one merged folder.
using Parts = std::vector<const std::string *>;

struct Folder
{
    std::string path; ///< Of the root: empty.
    Parts parts{};
    Parts base{};
};

/// One layer's part of a folder, open.
struct OpenPart
{
    const std::string *layer;
    Fd fd;
};
using OpenParts = std::vector<OpenPart>;

/// What a name is in a merged folder.
struct Entry
{
    const Fd *folder = nullptr; ///< Of the layer that decides; null: there is nothing.
    struct stat info{};
    Parts parts{}; ///< Of a folder.
};

class StackComparison
{
public:
    StackComparison(const LayerStacks &stacks, const ChangeSink &sink) : m_stacks(stacks), m_sink(sink) {}
    Result<> run();

private:
    Result<Folder> start();
    Result<> compareFolder(const Folder &folder);
    Result<> compareName(const Folder &folder, const OpenParts &parts, const OpenParts &base,
                         const std::string &name);

    const LayerStacks &m_stacks;
    const ChangeSink &m_sink;
    std::vector<Folder> m_waiting{};
    bool m_stopped = false;
};

} // namespace

static Result<OpenParts> openParts(const Parts &parts, const std::string &path)
{
    OpenParts opened;
    for (const std::string *layer : parts) {
        Result<Fd> folder = openLayerFolder(*layer, path);
        if (!folder)
            return std::unexpected(folder.error());
        opened.push_back({layer, std::move(*folder)});
    }
    return opened;
}

// By the kernel's rules: the topmost layer that knows the name decides, folders merge down to the first layer
// that hides those below it.
static Entry entryOf(const OpenParts &parts, const std::string &name)
{
    Entry entry;
    for (const OpenPart &part : parts) {
        struct stat info{};
        if (::fstatat(part.fd.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (isWhiteout(info) || (entry.folder && !S_ISDIR(info.st_mode)))
            break;
        if (!entry.folder) {
            entry.folder = &part.fd;
            entry.info = info;
        }
        if (!S_ISDIR(info.st_mode))
            break;
        entry.parts.push_back(part.layer);
        const Fd folder(
            ::openat(part.fd.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (folder && isOpaque(folder.get()))
            break;
    }
    return entry;
}

// How many layers, from the bottom, both share.
static size_t sharedParts(const OpenParts &parts, const OpenParts &base)
{
    size_t count = 0;
    while (count < std::min(parts.size(), base.size()) &&
           *parts[parts.size() - 1 - count].layer == *base[base.size() - 1 - count].layer)
        ++count;
    return count;
}

static Result<> addNames(const OpenParts &parts, size_t count, const std::string &path,
                         std::set<std::string> &names)
{
    for (size_t i = 0; i < count; ++i) {
        const Result<std::vector<std::string>> found = namesIn(parts[i].fd, path);
        if (!found)
            return std::unexpected(found.error());
        names.insert(found->begin(), found->end());
    }
    return {};
}

static bool sameAttributes(const Entry &one, const Entry &other, const std::string &name)
{
    if (one.info.st_mode != other.info.st_mode || one.info.st_uid != other.info.st_uid ||
        one.info.st_gid != other.info.st_gid)
        return false;
    if (!S_ISDIR(one.info.st_mode) && (one.info.st_mtim.tv_sec != other.info.st_mtim.tv_sec ||
                                       one.info.st_mtim.tv_nsec != other.info.st_mtim.tv_nsec))
        return false;
    const auto attributes = [&](const Entry &entry) {
        const Fd object(::openat(entry.folder->get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        return imageXattrs(object.get());
    };
    return S_ISLNK(one.info.st_mode) || attributes(one) == attributes(other);
}

static bool isSameObject(const Entry &one, const Entry &other)
{
    return one.info.st_ino == other.info.st_ino && one.info.st_dev == other.info.st_dev;
}

Result<> StackComparison::compareName(const Folder &folder, const OpenParts &parts, const OpenParts &base,
                                      const std::string &name)
{
    const Entry now = entryOf(parts, name);
    const Entry before = entryOf(base, name);
    if (!now.folder && !before.folder)
        return {};
    ChangedPath change{.path = folder.path + '/' + name, .info = now.info, .base = before.info};
    if (!before.folder || !now.folder) {
        change.kind = before.folder ? ChangedPath::Kind::Removed : ChangedPath::Kind::Added;
        m_stopped = !m_sink(change);
    } else if (!isSameObject(now, before)) {
        const Result<bool> same = sameContent({*now.folder, now.info}, {*before.folder, before.info}, name);
        if (!same)
            return std::unexpected(same.error());
        change.content = !*same;
        if (change.content || !sameAttributes(now, before, name))
            m_stopped = !m_sink(change);
    }
    if ((!now.parts.empty() || !before.parts.empty()) && now.parts != before.parts)
        m_waiting.push_back({change.path, now.parts, before.parts});
    return {};
}

Result<> StackComparison::compareFolder(const Folder &folder)
{
    const Result<OpenParts> parts = openParts(folder.parts, folder.path);
    const Result<OpenParts> base = openParts(folder.base, folder.path);
    if (!parts || !base)
        return std::unexpected((parts ? base : parts).error());
    const size_t shared = sharedParts(*parts, *base);
    std::set<std::string> names;
    const Result<> listed = addNames(*parts, parts->size() - shared, folder.path, names).and_then([&] {
        return addNames(*base, base->size() - shared, folder.path, names);
    });
    if (!listed)
        return listed;
    for (const std::string &name : names) {
        if (const Result<> done = compareName(folder, *parts, *base, name); !done || m_stopped)
            return done;
    }
    return {};
}

// Goes down to the folder that was asked for.
Result<Folder> StackComparison::start()
{
    Folder folder;
    // One string per layer: parts are compared by their addresses.
    const auto known = [&](const std::string &layer) {
        const auto found = std::ranges::find(m_stacks.base, layer);
        return found == m_stacks.base.end() ? &layer : &*found;
    };
    std::ranges::transform(m_stacks.layers, std::back_inserter(folder.parts), known);
    std::ranges::transform(m_stacks.base, std::back_inserter(folder.base), known);
    const std::string path = m_stacks.path + '/';
    for (size_t from = 1; from < path.size();) {
        const size_t end = path.find('/', from);
        const std::string name = path.substr(from, end - from);
        from = end + 1;
        if (name.empty())
            continue;
        const Result<OpenParts> parts = openParts(folder.parts, folder.path);
        const Result<OpenParts> base = openParts(folder.base, folder.path);
        if (!parts || !base)
            return std::unexpected((parts ? base : parts).error());
        folder = {folder.path + '/' + name, entryOf(*parts, name).parts, entryOf(*base, name).parts};
        if (folder.parts.empty() && folder.base.empty())
            return failure(ErrorKind::NotFound, DiffText::tr("there is no such folder in either image"),
                           QString::fromStdString(m_stacks.path));
    }
    return folder;
}

Result<> StackComparison::run()
{
    Result<Folder> first = start();
    if (!first)
        return std::unexpected(first.error());
    if (first->parts != first->base)
        m_waiting.push_back(std::move(*first));
    while (!m_waiting.empty() && !m_stopped) {
        const Folder folder = std::move(m_waiting.back());
        m_waiting.pop_back();
        if (const Result<> done = compareFolder(folder); !done)
            return done;
    }
    return {};
}

Result<> compareStacks(const LayerStacks &stacks, const ChangeSink &sink)
{
    return StackComparison(stacks, sink).run();
}

} // namespace cooperage::embedded
