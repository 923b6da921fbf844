#pragma once

#include "core/context/copypatterns.h"
#include "core/embedded/store/rootwriter.h"
#include "core/embedded/store/staging.h"

#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace cooperage::embedded {

/// Carries out one Copy entry: a file, link or folder of one root into another, all of a folder or what
/// `include` and `exclude` leave of it. Hard links among what is copied stay hard links, extended attributes
/// and times are kept, sockets are left out.
class TreeCopy
{
public:
    TreeCopy(RootWriter &writer, const StageEntry &entry, const std::stop_token &stop)
        : m_writer(writer), m_entry(entry), m_stop(stop)
    {
    }

    [[nodiscard]] Result<> run();

private:
    using Place = context::CopyPatterns::Place;

    /// A folder that comes only if something in it does.
    struct Waiting
    {
        std::string target;
        int source;
        struct stat info;
    };

    [[nodiscard]] Result<> copyOne(int folder, const std::string &name, const std::string &target,
                                   const Place &folderPlace);
    [[nodiscard]] Result<> copyFolder(Fd source, const struct stat &info, const std::string &target,
                                      const Place &place);
    [[nodiscard]] Result<> copyNames(int folder, const std::string &target, const Place &folderPlace);
    [[nodiscard]] Result<> makeFolder(int source, const struct stat &info, const std::string &target);
    [[nodiscard]] Result<> makeWaiting();
    [[nodiscard]] Result<> copyFile(int folder, const std::string &name, const struct stat &info,
                                    const std::string &target);
    [[nodiscard]] Result<> copyLink(int folder, const std::string &name, const struct stat &info,
                                    const std::string &target);
    [[nodiscard]] Result<> copySpecial(const struct stat &info, const std::string &target);
    [[nodiscard]] Result<> copyOpened(int source, const struct stat &info, const std::string &target);
    [[nodiscard]] Result<bool> linkToEarlier(const struct stat &info, const std::string &target);
    [[nodiscard]] FileAttributes attributesOf(const struct stat &info) const;
    /// The free place of a file: its open parent folder.
    [[nodiscard]] Result<int> placeOf(const std::string &target);

    RootWriter &m_writer;
    const StageEntry &m_entry;
    const std::stop_token &m_stop;
    context::CopyPatterns m_patterns;
    std::vector<Waiting> m_waiting;                          ///< Outermost first.
    std::map<std::pair<dev_t, ino_t>, std::string> m_linked; ///< Where the first name of a file went.
};

} // namespace cooperage::embedded
