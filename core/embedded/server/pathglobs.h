#pragma once

#include "core/base/error.h"
#include "core/context/glob.h"

#include <string>
#include <vector>

namespace cooperage::embedded {

/// Patterns that choose files by their paths. One without a slash is about the file's name, one with a slash
/// about the whole path; `**` as a part stands for any number of folders, and a leading `!` leaves out what
/// the rest chooses.
class PathGlobs
{
public:
    /// BadInput for a malformed pattern.
    [[nodiscard]] static Result<PathGlobs> compile(const std::vector<std::string> &patterns);

    /// `path` without its first slash. Without patterns everything is chosen; with only `!` patterns all that
    /// they do not leave out.
    [[nodiscard]] bool chooses(const std::string &path) const;

private:
    struct Part
    {
        bool anyFolders = false;
        std::optional<context::Glob> glob{};
    };
    struct Pattern
    {
        std::vector<Part> parts{};
        bool excludes = false;
        bool wholePath = false;
    };
    [[nodiscard]] static bool matches(const std::vector<Part> &parts, size_t part, const QStringList &names,
                                      qsizetype name);

    std::vector<Pattern> m_patterns{};
};

} // namespace cooperage::embedded
