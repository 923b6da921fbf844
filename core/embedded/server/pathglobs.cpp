#include "core/embedded/server/pathglobs.h"

#include "core/embedded/server/text.h"

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

// Each `**` multiplies the ways to match: more than a few are a mistake or an attack.
static constexpr qsizetype mostAnyFolders = 4;

Result<PathGlobs> PathGlobs::compile(const std::vector<std::string> &patterns)
{
    PathGlobs globs;
    for (const std::string &given : patterns) {
        QString text = QString::fromStdString(given);
        Pattern pattern{.excludes = text.startsWith(u'!')};
        if (pattern.excludes)
            text.remove(0, 1);
        pattern.wholePath = text.contains(u'/');
        const QStringList parts = text.split(u'/', Qt::SkipEmptyParts);
        for (const QString &part : parts) {
            Part compiled{.anyFolders = part == "**"_L1};
            compiled.glob = context::Glob::compile(part);
            if (!compiled.glob || parts.count(u"**"_s) > mostAnyFolders)
                return failure(
                    ErrorKind::BadInput,
                    Text::tr("\"%1\" is not a pattern for paths").arg(QString::fromStdString(given)));
            pattern.parts.push_back(std::move(compiled));
        }
        globs.m_patterns.push_back(std::move(pattern));
    }
    return globs;
}

bool PathGlobs::matches(const std::vector<Part> &parts, size_t part, const QStringList &names, qsizetype name)
{
    for (; part < parts.size(); ++part, ++name) {
        if (parts[part].anyFolders) {
            for (qsizetype next = name; next <= names.size(); ++next) {
                if (matches(parts, part + 1, names, next))
                    return true;
            }
            return false;
        }
        if (name >= names.size() || !parts[part].glob->matches(names[name]))
            return false;
    }
    return name == names.size();
}

bool PathGlobs::chooses(const std::string &path) const
{
    const QStringList names = QString::fromStdString(path).split(u'/', Qt::SkipEmptyParts);
    bool chosen = std::ranges::all_of(m_patterns, &Pattern::excludes);
    for (const Pattern &pattern : m_patterns) {
        if (pattern.excludes == chosen &&
            matches(pattern.parts, 0,
                    pattern.wholePath ? names : names.last(std::min<qsizetype>(names.size(), 1)), 0))
            chosen = !chosen;
    }
    return chosen;
}

} // namespace cooperage::embedded
