#pragma once

#include "core/base/error.h"
#include "core/embedded/store/fd.h"
#include "core/embedded/store/filecopy.h"
#include "core/embedded/store/rootpath.h"
#include "core/embedded/store/staging.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace cooperage::embedded {

/// What a made file gets besides its contents.
struct FileAttributes
{
    uid_t uid = 0;
    gid_t gid = 0;
    mode_t mode = 0644;
    timespec mtime{0, UTIME_NOW};
};

/// The single steps of writing into a root: resolved parents, replaced files, attributes in the order in
/// which the kernel does not clear them (owner, extended attributes, mode, time).
class RootWriter
{
public:
    explicit RootWriter(int root) : m_root(root) {}

    /// The open parent folder of a plain path; made if missing. The last one is kept open: neighbours come
    /// together.
    [[nodiscard]] Result<int> parentOf(const SplitPath &path);
    /// Makes the name free: a file or link there is removed; a folder there, also behind a link that is
    /// followed, is BadInput if it is not to be replaced.
    [[nodiscard]] Result<> clearFile(int parent, const std::string &plain, const std::string &name,
                                     Standing standing = Standing::Follow);
    /// Opens the folder `plain`, or makes it with `attributes`; `made` says which.
    [[nodiscard]] Result<Fd> folder(const std::string &plain, const FileAttributes &attributes, bool *made,
                                    Standing standing = Standing::Follow);
    /// Makes an empty file, for writing, with no access for others until finish().
    [[nodiscard]] Result<Fd> newFile(int parent, const std::string &plain, const std::string &name);
    [[nodiscard]] Result<> copyContents(int from, int to, off_t size, const std::string &plain);
    /// Owner, extended attributes of `source` (-1: none), mode, time.
    [[nodiscard]] Result<> finish(int fd, int source, const FileAttributes &attributes,
                                  const std::string &plain);
    /// Those that the file system takes; the rest is left out, as BuildKit does.
    void setXattrs(int fd, const std::map<std::string, std::string> &xattrs);
    /// A further name for the file `original`, a plain path in this root.
    [[nodiscard]] Result<> hardLink(int parent, const std::string &plain, const std::string &name,
                                    const std::string &original);
    /// A FIFO, socket or device.
    [[nodiscard]] Result<> special(int parent, const std::string &plain, const std::string &name, mode_t kind,
                                   dev_t device, const FileAttributes &attributes);
    [[nodiscard]] Result<> symlink(int parent, const std::string &plain, const std::string &name,
                                   const std::string &target, const FileAttributes &attributes);
    /// A folder's time is set last: everything put into it changes it.
    void keepFolderTime(const std::string &plain, const timespec &time) { m_times[plain] = time; }
    void applyFolderTimes();
    [[nodiscard]] int root() const { return m_root; }

private:
    [[nodiscard]] Result<> clearFolder(const std::string &plain, Standing standing);

    int m_root;
    std::string m_parentPath;
    Fd m_parent;
    FileCopier m_copier;
    std::map<std::string, timespec> m_times; ///< The last one that was asked for.
};

} // namespace cooperage::embedded
