#include "core/checks/suppression.h"

#include "core/checks/rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

dockerfile::CheckOptions optionsOf(const CheckSettings &settings, const dockerfile::Directives &directives)
{
    const QString text = settings.buildArgs.value(u"BUILDKIT_DOCKERFILE_CHECK"_s, directives.check);
    return dockerfile::parseCheckOptions(text).value_or(dockerfile::CheckOptions());
}

static bool names(const QStringList &list, const QString &rule)
{
    return list.contains(rule) || list.contains("all"_L1);
}

namespace {

class Filter
{
public:
    Filter(const CheckFile &file, const dockerfile::CheckOptions &options);
    [[nodiscard]] bool tells(const Finding &finding) const;

private:
    const CheckFile &m_file;
    const dockerfile::CheckOptions &m_options;
    QStringList m_globallyIgnored;
    QSet<qsizetype> m_silentLines; ///< Of stages that are not reached, and those before the first stage.
};

} // namespace

Filter::Filter(const CheckFile &file, const dockerfile::CheckOptions &options)
    : m_file(file), m_options(options)
{
    for (const CheckedLine *line : file.lines)
        m_globallyIgnored += line->facts.globallyIgnored;
    for (const qsizetype line : file.globalArgs)
        m_silentLines.insert(line);
    for (const CheckedStage &stage : file.stages) {
        if (stage.reached)
            continue;
        m_silentLines.insert(stage.from);
        for (const qsizetype line : stage.body)
            m_silentLines.insert(line);
    }
}

bool Filter::tells(const Finding &finding) const
{
    const QString &name = finding.diagnostic.rule;
    const Rule *rule = findRule(name);
    const LineFacts &facts = m_file.lines[finding.line]->facts;
    if (rule->experimental)
        return names(m_options.experimental, name) || names(facts.experimental, name);
    if (names(m_options.skip, name) || names(facts.skipped, name) || m_globallyIgnored.contains(name))
        return false;
    return !rule->reachedOnly || !m_silentLines.contains(finding.line);
}

QList<Finding> toldFindings(const CheckFile &file, const dockerfile::CheckOptions &options,
                            QList<Finding> findings)
{
    // Before anything is left out: who silences a rule does not want to hear it under another name.
    QSet<std::pair<qsizetype, QString>> said;
    for (const Finding &finding : findings)
        said.insert({finding.line, finding.diagnostic.rule});
    const Filter filter(file, options);
    findings.removeIf([&](const Finding &finding) {
        const QString &same = findRule(finding.diagnostic.rule)->sameAs;
        return (!same.isEmpty() && said.contains({finding.line, same})) || !filter.tells(finding);
    });
    return findings;
}

} // namespace cooperage::checks
