#pragma once

#include "core/base/error.h"
#include "core/context/namepattern.h"
#include "core/embedded/server/clientwatch.h"
#include "core/embedded/store/fd.h"

#include <QJsonArray>
#include <queue>

#include <memory>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace cooperage::embedded {

/// Searches the folders of an image for names (docs/engine-protocol.md, find); links are not followed.
class NameSearch
{
public:
    NameSearch(context::NamePattern pattern, int limit) : m_pattern(std::move(pattern)), m_limit(limit) {}

    /// Everything below `folder`, whose path is `path`: plain, of the root empty. Cancelled when the client
    /// has gone.
    [[nodiscard]] Result<> search(const Fd &folder, const std::string &path, ClientWatch client);

    /// By path, byte by byte.
    [[nodiscard]] const QJsonArray &files() const { return m_files; }
    /// The limit ended the search, and there is more.
    [[nodiscard]] bool truncated() const { return m_truncated; }

private:
    /// Still to be looked at: what was found, or a folder.
    struct Pending
    {
        std::string path{};
        std::shared_ptr<Fd> folder{}; ///< That it lies in.
        struct stat info{};
        bool matches = false;
        int depth = 0;

        // For a queue with the first path on top.
        [[nodiscard]] bool operator<(const Pending &other) const { return path > other.path; }
    };
    [[nodiscard]] Result<> addFolder(const Fd &folder, const std::string &path, int depth);
    [[nodiscard]] Result<> visit(const Pending &next);

    const context::NamePattern m_pattern;
    const int m_limit;
    std::priority_queue<Pending> m_pending{};
    QJsonArray m_files{};
    bool m_truncated = false;
};

} // namespace cooperage::embedded
