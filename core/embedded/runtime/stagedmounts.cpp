#include "core/embedded/runtime/stagedmounts.h"

#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/filecopy.h"
#include "core/embedded/store/rootpath.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <format>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace cooperage::embedded {

static std::unexpected<Error> mountFailure(int errnoValue, const std::string &target)
{
    return std::unexpected(systemError(errnoValue, RuntimeText::tr("Cannot prepare a mount"),
                                       QFile::decodeName(target.c_str())));
}

// Flags that a user namespace must not take off the mount of the source.
static std::string keptFlags(const std::string &place)
{
    struct statvfs info{};
    if (::statvfs(place.c_str(), &info) != 0)
        return {};
    std::string flags;
    if ((info.f_flag & ST_NOSUID) != 0)
        flags += ",nosuid";
    if ((info.f_flag & ST_NOEXEC) != 0)
        flags += ",noexec";
    return flags;
}

static int makeFile(const std::string &path, const RunMount &mount)
{
    const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    int failed = file ? 0 : errno;
    if (failed == 0)
        failed = writeBytes(file.get(), mount.content.data(), mount.content.size(), 0);
    if (failed == 0 &&
        (::fchown(file.get(), mount.uid, mount.gid) != 0 || ::fchmod(file.get(), mount.mode) != 0))
        failed = errno;
    return failed;
}

// Its root looks like what it hides.
static ContainerMount emptyMemory(int root, const RunMount &mount)
{
    const Fd target(openInRoot(root, mount.target, O_PATH));
    struct stat info{};
    const bool known = target && ::fstat(target.get(), &info) == 0;
    std::string options = std::format("{},nosuid,nodev,mode={:o}", mount.readOnly ? "ro" : "rw",
                                      known ? info.st_mode & 07777U : 01777U);
    if (mount.size > 0)
        options += std::format(",size={}", mount.size);
    return {mount.target, "tmpfs", "tmpfs", options};
}

StagedMounts::~StagedMounts()
{
    m_relays.clear();
    // A run that is just starting has copies of all mounts for an instant: these need not be waited for.
    for (auto place = m_attached.rbegin(); place != m_attached.rend(); ++place)
        ::umount2(place->c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
}

// A folder in memory, closed to everybody: the container sees single files of it.
Result<std::string> StagedMounts::memory()
{
    if (!m_memory.empty())
        return m_memory;
    const std::string folder = m_folder + "/memory";
    if (::mkdir(folder.c_str(), 0700) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=700") != 0)
        return mountFailure(errno, folder);
    m_attached.push_back(folder);
    m_memory = folder;
    return folder;
}

Result<ContainerMount> StagedMounts::attach(const RunMount &mount)
{
    const std::string place = m_folder + '/' + std::to_string(m_next++);
    struct stat info{};
    const Fd tree(::open_tree(mount.source->get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
    if (!tree || ::fstat(tree.get(), &info) != 0)
        return mountFailure(errno, mount.target);
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NODEV | (mount.readOnly ? MOUNT_ATTR_RDONLY : 0U);
    attributes.propagation = MS_PRIVATE;
    const int made =
        S_ISDIR(info.st_mode) ? ::mkdir(place.c_str(), 0700) : ::mknod(place.c_str(), S_IFREG | 0600, 0);
    if (made != 0 || ::mount_setattr(tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0 ||
        ::move_mount(tree.get(), "", AT_FDCWD, place.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return mountFailure(errno, mount.target);
    m_attached.push_back(place);
    return ContainerMount{mount.target, "bind", place,
                          (mount.readOnly ? "bind,ro,nodev" : "bind,rw,nodev") + keptFlags(place)};
}

Result<ContainerMount> StagedMounts::stage(int root, const RunMount &mount)
{
    if (mount.type == RunMount::Type::Bind)
        return attach(mount);
    if (mount.type == RunMount::Type::Memory)
        return emptyMemory(root, mount);
    const Result<std::string> folder = memory();
    if (!folder)
        return std::unexpected(folder.error());
    const std::string name = std::to_string(m_next++);
    const std::string path = *folder + '/' + name;
    if (mount.type == RunMount::Type::Agent) {
        Result<std::unique_ptr<AgentRelay>> relay = AgentRelay::start(*folder, name, mount);
        if (!relay)
            return std::unexpected(relay.error());
        m_relays.push_back(std::move(*relay));
        return ContainerMount{mount.target, "bind", path, "bind,rw,nosuid,nodev"};
    }
    if (const int failed = makeFile(path, mount); failed != 0)
        return mountFailure(failed, mount.target);
    return ContainerMount{mount.target, "bind", path, "bind,ro,nosuid,nodev"};
}

Result<> StagedMounts::make(int root, const std::vector<RunMount> &mounts)
{
    if (mounts.empty())
        return {};
    if (::mkdir(m_folder.c_str(), 0700) != 0)
        return mountFailure(errno, m_folder);
    for (const RunMount &mount : mounts) {
        Result<ContainerMount> staged = stage(root, mount);
        if (!staged)
            return std::unexpected(staged.error());
        m_mounts.push_back(std::move(*staged));
    }
    std::ranges::stable_sort(m_mounts, {}, &ContainerMount::destination);
    return {};
}

} // namespace cooperage::embedded
