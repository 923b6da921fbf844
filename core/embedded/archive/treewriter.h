#pragma once

#include "core/embedded/archive/entrymetadata.h"
#include "core/embedded/store/fd.h"

#include <map>
#include <memory>
#include <optional>

namespace cooperage::embedded {

/// Where an entry goes. The folder's descriptor is the writer's and good until its next call.
struct Place
{
    int folder = -1;
    std::string folderPath; ///< Below the root, links resolved.
    std::string name;       ///< Empty for the root itself.

    [[nodiscard]] std::string path() const;
};

/// Writes below one folder, which was empty when the writer was made and which nobody else writes to, and
/// never outside it: links are resolved against those the writer itself made, and the kernel is told to
/// follow none.
class TreeWriter
{
public:
    [[nodiscard]] static Result<std::unique_ptr<TreeWriter>> open(const std::string &root);

    /// Resolves the parent of a clean path inside the root. Missing parents are made, as implied folders.
    [[nodiscard]] Result<Place> place(const std::string &path);

    // Each replaces what is there, except that a folder merges with a folder.
    /// Mode 0700 until its metadata is applied; see folders().
    [[nodiscard]] Result<> addFolder(const Place &place, EntryMetadata metadata);
    /// Mode 0600, open for writing.
    [[nodiscard]] Result<Fd> addFile(const Place &place);
    [[nodiscard]] Result<> addLink(const Place &place, const std::string &target);
    [[nodiscard]] Result<> addNode(const Place &place, mode_t type, dev_t device);
    /// False if there is no `target` (a clean path).
    [[nodiscard]] Result<bool> addHardLink(const std::string &path, const std::string &target);

    /// All folders by resolved path; those without metadata were only implied by what lies in them.
    [[nodiscard]] const std::map<std::string, std::optional<EntryMetadata>> &folders() const
    {
        return m_folders;
    }
    /// A folder by its resolved path.
    [[nodiscard]] Result<Fd> openFolder(const std::string &resolved) const;
    [[nodiscard]] int root() const { return m_root.get(); }

private:
    explicit TreeWriter(Fd root);
    [[nodiscard]] Result<std::string> resolve(const std::string &path) const;
    [[nodiscard]] Result<> makeFolders(const std::string &resolved);
    [[nodiscard]] Result<> clear(const Place &place);

    Fd m_root;
    std::map<std::string, std::string> m_links; ///< Resolved path -> target.
    std::map<std::string, std::optional<EntryMetadata>> m_folders;
    std::string m_cachedParent;   ///< As asked for...
    std::string m_cachedResolved; ///< ...and where it led...
    Fd m_cached;                  ///< ...if this is open.
    bool m_stale = false;         ///< A link or folder went: resolve again.
};

} // namespace cooperage::embedded
