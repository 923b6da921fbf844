#include "core/checks/copysources.h"

#include "core/context/foldercontext.h"
#include "core/context/glob.h"
#include "core/context/pathnames.h"
#include "core/dockerfile/suggestion.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

struct CopySources::Private
{
    context::ContextRoot root;
    std::unique_ptr<context::FolderContext> all;      ///< With the built-in excludes, if they apply.
    std::unique_ptr<context::FolderContext> fileOnly; ///< The ignore file alone, as Docker has it.
};

CopySources::CopySources() = default;
CopySources::~CopySources() = default;

Result<std::shared_ptr<const CopySources>> CopySources::open(const QString &folder, const QString &dockerfile,
                                                             bool builtInExcludes)
{
    auto root = context::ContextRoot::open(folder);
    if (!root)
        return std::unexpected(root.error());
    auto all = context::FolderContext::open(
        folder, {.dockerfile = dockerfile, .builtInExcludes = builtInExcludes, .hashCacheFile = {}});
    auto fileOnly = context::FolderContext::open(
        folder, {.dockerfile = dockerfile, .builtInExcludes = false, .hashCacheFile = {}});
    if (!all || !fileOnly)
        return std::unexpected(all ? fileOnly.error() : all.error());
    std::shared_ptr<CopySources> sources(new CopySources);
    sources->d.reset(new Private{*std::move(root), *std::move(all), *std::move(fileOnly)});
    return sources;
}

std::optional<context::IgnoreRule> CopySources::ignoring(const QString &source) const
{
    const context::IgnoreRules &rules = d->fileOnly->rules();
    const QList<context::IgnoreRule> lines = rules.rules();
    const QString place = context::placeInContext(source);
    for (const context::IgnoreRule &line : lines) {
        if (line.pattern.startsWith(u'!'))
            return std::nullopt; // BuildKit does not look then.
        if (place.isEmpty() && QStringList{u"*"_s, u"**"_s, u"**/*"_s}.contains(line.pattern))
            return line;
    }
    const auto verdict = rules.decide(place);
    return verdict && verdict->ignored ? std::optional(*verdict->rule) : std::nullopt;
}

static QString similarName(const context::ContextRoot &root, const QString &place)
{
    const qsizetype slash = place.lastIndexOf(u'/');
    const QString folder = slash < 0 ? QString() : place.first(slash);
    const auto names = root.names(folder);
    // Of one or two letters everything is near; in a huge folder something always is.
    if (!names || names->size() > 2000 || place.size() - slash <= 3)
        return {};
    QStringList candidates;
    for (const QByteArray &name : *names)
        candidates.append(QString::fromUtf8(name));
    const QString meant = dockerfile::nearestOf(context::lastComponent(place), candidates, Qt::CaseSensitive);
    return meant.isEmpty() ? QString() : context::joinPath(folder, meant);
}

std::optional<SourceTrouble> CopySources::troubleOf(const QString &source) const
{
    const QString place = context::placeInContext(source);
    if (place.isEmpty() || context::Glob::hasWildcards(place))
        return std::nullopt;
    const auto found = d->root.placeOf(place);
    if (!found && found.error().kind == ErrorKind::NotFound)
        return SourceTrouble{SourceTrouble::Kind::Missing, {}, similarName(d->root, place)};
    const context::IgnoreRules &rules = d->all->rules();
    const auto verdict = rules.decide(place);
    // Something below an ignored folder may be taken in again.
    if (!verdict || !verdict->ignored || rules.mayReincludeBelow(place))
        return std::nullopt;
    const bool builtIn = verdict->rule->line == 0;
    return SourceTrouble{
        builtIn ? SourceTrouble::Kind::BuiltIn : SourceTrouble::Kind::Ignored, *verdict->rule, {}};
}

} // namespace cooperage::checks
