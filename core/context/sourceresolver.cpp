#include "core/context/sourceresolver.h"

#include "core/context/filehashing.h"
#include "core/context/folderwalk.h"
#include "core/context/glob.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>

namespace cooperage::context {

static Error ignoredError(const QString &path, const IgnoreRule &rule)
{
    if (rule.line == 0)
        return {ErrorKind::NotFound,
                QCoreApplication::translate("FolderContext", "\"%1\" is excluded by built-in rule \"%2\"")
                    .arg(path, rule.pattern),
                {},
                QCoreApplication::translate("FolderContext",
                                            "Add the line \"!%1\" to .dockerignore, or switch the built-in "
                                            "excludes off.")
                    .arg(path)};
    return {
        ErrorKind::NotFound,
        QCoreApplication::translate("FolderContext", "\"%1\" is excluded by rule \"%2\" (%3:%4)")
            .arg(path, rule.pattern, rule.source, QString::number(rule.line)),
        {},
        QCoreApplication::translate("FolderContext", "Change that line, or add \"!%1\" below it.").arg(path)};
}

SourceResolver::SourceResolver(const ContextRoot &root, const IgnoreRules &rules,
                               const ResolveOptions &options, std::stop_token stop)
    : m_root(root), m_rules(rules), m_options(options), m_stop(std::move(stop))
{
}

Error SourceResolver::missing(const QString &source) const
{
    const bool climbs = cleanPath(source).startsWith(u"..");
    return {
        ErrorKind::NotFound,
        QCoreApplication::translate("FolderContext", "\"/%1\": not found").arg(placeInContext(source)),
        m_root.path(),
        climbs ? QCoreApplication::translate("FolderContext",
                                             "Sources cannot lie outside the context: \"%1\" means \"%2\" in "
                                             "this folder. Build a folder further up instead.")
                     .arg(source, placeInContext(source))
               : QCoreApplication::translate("FolderContext", "\"%1\" is not in the build context: sources "
                                                              "are looked for in this folder.")
                     .arg(source)};
}

Result<QList<SourceMatch>> SourceResolver::resolve(const QString &source) const
{
    if (source.contains(QChar::Null))
        return failure(
            ErrorKind::BadInput,
            QCoreApplication::translate("FolderContext", "A source path cannot hold a NUL character"),
            source);
    if (m_options.parents)
        return resolveParents(source);
    const auto patterns = CopyPatterns::compile({}, m_options.exclude);
    if (!patterns)
        return std::unexpected(patterns.error());
    return resolveWord(source, *patterns);
}

// Everything up to the pivot is the folder, the rest a pattern of what is below it.
Result<QList<SourceMatch>> SourceResolver::resolveParents(const QString &source) const
{
    const ParentsSource parts = splitAtPivot(source);
    const QStringList include = parts.pattern.isEmpty() ? QStringList() : QStringList{parts.pattern};
    const auto patterns = CopyPatterns::compile(include, m_options.exclude);
    if (!patterns)
        return std::unexpected(patterns.error());
    auto matches = resolveWord(parts.folder, *patterns);
    if (!matches || Glob::hasWildcards(parts.folder) || Glob::hasWildcards(parts.pattern))
        return matches;
    const SourceMatch &folder = matches->first();
    const QString wanted = joinPath(folder.place, Glob::unescaped(parts.pattern));
    const bool isThere =
        !folder.isFolder || parts.pattern.isEmpty() ||
        std::ranges::any_of(folder.found, [&](const Found &found) { return found.entry.path == wanted; });
    if (isThere)
        return matches;
    const auto wants = patterns->wants(Glob::unescaped(parts.pattern));
    if (!wants || !*wants) // --exclude took it.
        return wants ? matches : std::unexpected(wants.error());
    const auto ignored = resolvePath(wanted, source, *patterns);
    return std::unexpected(ignored ? missing(source) : ignored.error());
}

Result<QList<SourceMatch>> SourceResolver::resolveWord(const QString &source,
                                                       const CopyPatterns &patterns) const
{
    const QString place = placeInContext(source);
    if (Glob::hasWildcards(place))
        return resolvePattern(place, patterns);
    auto match = resolvePath(place, source, patterns);
    // Docker takes a backslash for an escape only beside a wildcard; nothing else is meant by it here either.
    if (!match && match.error().kind == ErrorKind::NotFound && place.contains(u'\\'))
        match = resolvePath(Glob::unescaped(place), source, patterns);
    return match.transform([](SourceMatch &one) { return QList<SourceMatch>{std::move(one)}; });
}

Result<QList<SourceMatch>> SourceResolver::resolvePattern(const QString &pattern,
                                                          const CopyPatterns &patterns) const
{
    const auto paths = expand(pattern);
    if (!paths)
        return std::unexpected(paths.error());
    QList<SourceMatch> matches;
    for (const QString &path : *paths) {
        auto match = resolvePath(path, path, patterns);
        // Dangling links, sockets and what is ignored are just not matched.
        if (match)
            matches.append(*std::move(match));
        else if (match.error().kind != ErrorKind::NotFound && match.error().kind != ErrorKind::Unsupported)
            return std::unexpected(match.error());
    }
    return matches;
}

// Component by component, so that only folders which can hold a match are read.
Result<QStringList> SourceResolver::expand(const QString &pattern) const
{
    QStringList paths{QString()};
    for (const QString &component : pattern.split(u'/')) {
        const std::optional<Glob> glob = Glob::compile(component);
        if (!glob)
            return failure(
                ErrorKind::BadInput, QCoreApplication::translate("FolderContext", "syntax error in pattern"),
                pattern,
                QCoreApplication::translate("FolderContext", "Close the [, and write a literal one as [[]."));
        QStringList longer;
        for (const QString &path : std::as_const(paths)) {
            if (m_stop.stop_requested())
                return std::unexpected(cancelled());
            if (!Glob::hasWildcards(component)) {
                longer.append(joinPath(path, Glob::unescaped(component)));
                continue;
            }
            const auto names =
                m_root.placeOf(path).and_then([&](const QString &place) { return m_root.names(place); });
            if (!names && names.error().kind != ErrorKind::NotFound)
                return std::unexpected(names.error());
            for (const QByteArray &name : names.value_or(QByteArrayList())) {
                if (glob->matches(QString::fromUtf8(name)))
                    longer.append(joinPath(path, QString::fromUtf8(name)));
            }
        }
        paths = longer;
    }
    return paths;
}

Result<std::optional<IgnoreRule>> SourceResolver::ignoring(const QString &path) const
{
    return m_rules.decide(path).transform([](const IgnoreVerdict &verdict) {
        return verdict.ignored ? std::optional(*verdict.rule) : std::nullopt;
    });
}

Result<SourceMatch> SourceResolver::resolvePath(const QString &path, const QString &source,
                                                const CopyPatterns &patterns) const
{
    const auto place = m_root.placeOf(path);
    if (!place)
        return std::unexpected(place.error().kind == ErrorKind::NotFound ? missing(source) : place.error());
    const auto found = m_root.look(*place);
    if (!found)
        return std::unexpected(found.error().kind == ErrorKind::NotFound ? missing(source) : found.error());
    if (!*found)
        return failure(
            ErrorKind::Unsupported,
            QCoreApplication::translate("FolderContext", "\"%1\" is neither a file nor a folder").arg(source),
            m_root.hostPath(*place),
            QCoreApplication::translate("FolderContext", "Sockets cannot be copied."));

    SourceMatch match{.path = path,
                      .place = *place,
                      .isFolder = (*found)->entry.type == EntryType::Folder,
                      .mtimeNs = (*found)->entry.mtimeNs};
    if (!match.isFolder)
        match.found.append(**found);
    else if (const auto filled = fillFolder(match, patterns); !filled)
        return std::unexpected(filled.error());

    // A link's target has to be there, too. A folder may be ignored and yet have something re-included below
    // it.
    for (const QString &name : {path, *place}) {
        const auto rule = ignoring(name);
        if (!rule)
            return std::unexpected(rule.error());
        if (*rule && !(match.isFolder && !match.found.isEmpty()))
            return std::unexpected(ignoredError(name, **rule));
    }
    return match;
}

Result<> SourceResolver::fillFolder(SourceMatch &match, const CopyPatterns &patterns) const
{
    const auto rule = ignoring(match.place);
    if (!rule)
        return std::unexpected(rule.error());
    if (*rule && !m_rules.mayReincludeBelow(match.place))
        return {};
    const qsizetype prefix = match.place.isEmpty() ? 0 : match.place.size() + 1;
    QList<FolderWalk::Filter> filters{{.rules = &m_rules, .skip = 0}};
    for (const std::optional<IgnoreRules> *rules : {&patterns.includeRules(), &patterns.excludeRules()}) {
        if (*rules)
            filters.append({.rules = &**rules, .skip = prefix});
    }
    FolderWalk walk(m_root, filters, m_stop);
    return walk.run(match.place).transform([&](QList<Found> found) { match.found = std::move(found); });
}

} // namespace cooperage::context
