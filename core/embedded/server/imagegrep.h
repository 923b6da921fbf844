#pragma once

#include "core/base/error.h"
#include "core/embedded/server/imagepath.h"
#include "core/embedded/server/linematcher.h"
#include "core/embedded/server/linereader.h"
#include "core/embedded/server/pathglobs.h"

#include <QJsonArray>

#include <chrono>
#include <functional>
#include <string>

namespace cooperage::embedded {

struct GrepOptions
{
    LineMatcher matcher;
    PathGlobs globs{};
    int before = 0; ///< Lines of context.
    int after = 0;
    int maxPerFile = 0; ///< 0: no limit.
    int maxTotal = 0;
    std::chrono::steady_clock::time_point deadline{};
    std::function<bool()> isAbandoned{}; ///< The client has gone.
};

/// Searches files of an image for lines (contract 2.8). Folders are searched with all that is below, sorted
/// by name; links are not followed, and files with zero bytes in them are searched up to the first one.
class ImageGrep
{
public:
    explicit ImageGrep(GrepOptions options) : m_options(std::move(options)) {}

    /// `name` is what `start` is called, without the first slash; empty for the image's root. Denied and
    /// Cancelled files aside, an error says why nothing can be found: a pattern that needs too long.
    [[nodiscard]] Result<> search(const OpenedPath &start, const std::string &name);

    [[nodiscard]] const QJsonArray &matches() const { return m_matches; }
    /// A limit ended the search; there may be more.
    [[nodiscard]] bool truncated() const { return m_truncated; }

private:
    [[nodiscard]] Result<> searchFolder(const Fd &folder, const std::string &name, int depth);
    [[nodiscard]] Result<> searchFile(Fd file, const std::string &name);
    void append(const std::string &name, const Line &line, const std::vector<Submatch> &submatches);
    [[nodiscard]] bool mustStop();

    const GrepOptions m_options;
    QJsonArray m_matches{};
    int m_total = 0; ///< Without context.
    qint64 m_bytes = 0;
    bool m_truncated = false;
    std::chrono::steady_clock::time_point m_nextLook{};
};

} // namespace cooperage::embedded
