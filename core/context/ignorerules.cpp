#include "core/context/ignorerules.h"

#include "core/context/glob.h"
#include "core/context/ignorepattern.h"
#include "core/context/pathnames.h"

#include <QCoreApplication>

#include <algorithm>
#include <vector>

namespace cooperage::context {

namespace {

enum Hit : char { Unknown, Miss, Found };

struct CompiledRule
{
    IgnoreRule rule;
    bool reincludes = false;
    IgnorePattern pattern;
};

QString syntaxError()
{
    return QCoreApplication::translate("IgnoreRules", "syntax error in pattern");
}

QString tooComplicated()
{
    return QCoreApplication::translate("IgnoreRules", "the pattern takes too many attempts to match");
}

Error errorAt(const IgnoreRule &rule, const QString &what)
{
    const QString where =
        rule.line > 0 ? QStringLiteral("%1:%2").arg(rule.source, QString::number(rule.line)) : rule.source;
    return {ErrorKind::BadInput, what, where,
            QCoreApplication::translate("IgnoreRules", "Correct or remove the pattern \"%1\".")
                .arg(rule.pattern)};
}

// Does the pattern match the path, or one of its parents where nothing is known of them yet?
std::optional<bool> matchesAnyOf(const IgnorePattern &pattern, QStringView path, bool parentsToo)
{
    std::optional<bool> match = pattern.matches(path);
    for (qsizetype slash = path.indexOf(u'/'); parentsToo && match == false && slash >= 0;
         slash = path.indexOf(u'/', slash + 1))
        match = pattern.matches(path.first(slash));
    return match;
}

} // namespace

struct IgnoreRules::Private
{
    std::vector<CompiledRule> rules;
};

IgnoreRules::IgnoreRules() : d(std::make_unique<Private>()) {}
IgnoreRules::~IgnoreRules() = default;
IgnoreRules::IgnoreRules(IgnoreRules &&) noexcept = default;
IgnoreRules &IgnoreRules::operator=(IgnoreRules &&) noexcept = default;

QList<IgnoreRule> IgnoreRules::read(const QString &content, const QString &source)
{
    QList<IgnoreRule> rules;
    int number = 0;
    for (QStringView line : QStringView(content).split(u'\n')) {
        if (++number == 1 && line.startsWith(QChar::ByteOrderMark))
            line = line.sliced(1);
        const bool comment = line.startsWith(u'#');
        line = line.trimmed();
        if (comment || line.isEmpty())
            continue;
        const bool reincludes = line.startsWith(u'!');
        if (reincludes)
            line = line.sliced(1).trimmed();
        QString pattern = line.isEmpty() ? QString() : cleanPath(line);
        if (pattern.size() > 1 && pattern.startsWith(u'/'))
            pattern.remove(0, 1);
        rules.append({.pattern = reincludes ? u'!' + pattern : pattern, .source = source, .line = number});
    }
    return rules;
}

Result<IgnoreRules> IgnoreRules::compile(const QList<IgnoreRule> &rules)
{
    IgnoreRules result;
    for (const IgnoreRule &rule : rules) {
        const QString trimmed = rule.pattern.trimmed();
        if (trimmed.isEmpty())
            continue;
        const QString cleaned = cleanPath(trimmed);
        const bool reincludes = cleaned.startsWith(u'!');
        if (cleaned == u"!")
            return std::unexpected(errorAt(
                rule, QCoreApplication::translate("IgnoreRules", "illegal exclusion pattern: \"!\"")));
        const QString pattern = reincludes ? cleaned.mid(1) : cleaned;
        if (!Glob::compile(pattern))
            return std::unexpected(errorAt(rule, syntaxError()));
        result.d->rules.push_back({{cleaned, rule.source, rule.line}, reincludes, IgnorePattern(pattern)});
    }
    return result;
}

QList<IgnoreRule> IgnoreRules::builtIn()
{
    const QStringList names{
        QStringLiteral(".git"),         QStringLiteral("__pycache__"),   QStringLiteral("*.pyc"),
        QStringLiteral(".mypy_cache"),  QStringLiteral(".pytest_cache"), QStringLiteral(".venv"),
        QStringLiteral("node_modules"), QStringLiteral("dist"),          QStringLiteral("build"),
    };
    QList<IgnoreRule> rules;
    for (const QString &name : names)
        rules.append({.pattern = QStringLiteral("**/") + name, .source = QStringLiteral("built-in")});
    return rules;
}

Result<IgnoreVerdict> IgnoreRules::decide(const QString &path) const
{
    return decide(path, {}, nullptr);
}

Result<IgnoreVerdict> IgnoreRules::decide(const QString &path, const IgnoreHits &folder,
                                          IgnoreHits *own) const
{
    IgnoreVerdict verdict;
    if (own)
        own->fill(Unknown, static_cast<qsizetype>(d->rules.size()));
    if (path.isEmpty() || path == u".")
        return verdict;
    for (size_t i = 0; i < d->rules.size(); ++i) {
        const CompiledRule &rule = d->rules[i];
        char hit = folder.isEmpty() ? char(Unknown) : folder.at(static_cast<qsizetype>(i));
        if (own && hit == Found)
            own->data()[i] = Found;
        if (rule.reincludes != verdict.ignored)
            continue;
        if (hit != Found) {
            const std::optional<bool> match = matchesAnyOf(rule.pattern, path, hit == Unknown);
            if (!match)
                return std::unexpected(
                    errorAt(rule.rule, rule.pattern.isMalformed() ? syntaxError() : tooComplicated()));
            hit = *match ? Found : Miss;
        }
        if (own)
            own->data()[i] = hit;
        if (hit == Found)
            verdict = {.ignored = !rule.reincludes, .rule = &rule.rule};
    }
    return verdict;
}

QList<IgnoreRule> IgnoreRules::rules() const
{
    QList<IgnoreRule> result;
    for (const CompiledRule &rule : d->rules)
        result.append(rule.rule);
    return result;
}

bool IgnoreRules::mayReincludeBelow(const QString &folder) const
{
    if (std::ranges::none_of(d->rules, &CompiledRule::reincludes))
        return false;
    const Result<IgnoreVerdict> verdict = decide(folder);
    // What stands before the rule that ignores the folder is overruled by it for everything below, too.
    bool after = !verdict || !verdict->rule;
    for (const CompiledRule &rule : d->rules) {
        if (after && rule.reincludes && rule.pattern.mayMatchBelow(folder))
            return true;
        after = after || &rule.rule == verdict->rule;
    }
    return false;
}

} // namespace cooperage::context
