#include "core/checks/checker.h"

#include "core/checks/linecache.h"
#include "core/checks/rules.h"
#include "core/checks/suppression.h"
#include "core/dockerfile/instructionchecks.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

using dockerfile::Severity;

bool CheckResult::hasErrors() const
{
    return std::ranges::contains(diagnostics, Severity::Error, &Diagnostic::severity);
}

struct Checker::Private
{
    CheckSettings settings;
    LineCache cache;

    [[nodiscard]] QList<Finding> findings(const QList<const CheckedLine *> &lines,
                                          const dockerfile::CheckOptions &options) const;
};

namespace {

/// Moves what was found to its place in the present text, and finds its line numbers.
class Placer
{
public:
    Placer(const dockerfile::SourceText &source, const QList<PlacedLine> &lines)
        : m_source(source), m_lines(lines)
    {
    }

    [[nodiscard]] Diagnostic placed(Diagnostic diagnostic, qsizetype line) const
    {
        const PlacedLine &place = m_lines[line];
        const qsizetype shift = place.shift;
        const qsizetype size = m_source.text().size();
        const qsizetype begin = std::clamp<qsizetype>(diagnostic.range.begin + shift, 0, size);
        const qsizetype end = std::clamp<qsizetype>(diagnostic.range.end + shift, begin, size);
        diagnostic.range = m_source.range(begin, end);
        for (Fix &fix : diagnostic.fixes) {
            for (dockerfile::TextEdit &edit : fix.edits) {
                edit.begin += shift;
                edit.end += shift;
            }
        }
        const SourceRange &instruction = place.checked->instruction.range;
        const bool last = diagnostic.rule == "NoEmptyContinuation"_L1;
        diagnostic.line = m_source
                              .range((last ? instruction.end - 1 : instruction.begin) + shift,
                                     (last ? instruction.end : instruction.begin + 1) + shift)
                              .firstLine;
        return diagnostic;
    }

private:
    const dockerfile::SourceText &m_source;
    const QList<PlacedLine> &m_lines;
};

} // namespace

Checker::Checker(CheckSettings settings) : d(std::make_unique<Private>())
{
    d->settings = std::move(settings);
}

Checker::~Checker() = default;

void Checker::setSettings(CheckSettings settings)
{
    d->settings = std::move(settings);
}

QList<Finding> Checker::Private::findings(const QList<const CheckedLine *> &lines,
                                          const dockerfile::CheckOptions &options) const
{
    const CheckFile file = makeCheckFile(settings, cache.directives(), lines);
    Findings found;
    checkCasing(file, found);
    checkStageNames(file, found);
    checkBases(file, found);
    checkDescriptions(file, found);
    checkStageStyle(file, found);
    checkStates(file, found);
    QList<Finding> all = found.take();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        for (const Diagnostic &diagnostic : lines[i]->diagnostics)
            all.append({i, diagnostic});
    }
    return toldFindings(file, options, std::move(all));
}

/// The errors of the syntax and the instruction phase (spec 1.11).
static QList<Diagnostic> syntaxErrors(const dockerfile::SourceText &source, const QList<PlacedLine> &lines,
                                      const Placer &placer, const LineCache &cache)
{
    if (source.text().isEmpty())
        return {{Severity::Error, u"the Dockerfile cannot be empty"_s, {0, 0, 1, 1}}};
    QList<Diagnostic> errors = cache.directiveErrors();
    dockerfile::reportLongLines(source, errors);
    if (const auto options = dockerfile::parseCheckOptions(cache.directives().check); !options)
        errors.append({Severity::Error, options.error().what, {0, 0, 1, 1}});
    if (lines.isEmpty()) {
        errors.append({Severity::Error, u"file with no instructions"_s,
                       source.range(source.text().size(), source.text().size())});
        return errors;
    }
    QList<Keyword> keywords;
    bool anyError = !errors.isEmpty();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const CheckedLine &line = *lines[i].checked;
        keywords.append(line.instruction.keyword);
        for (const Diagnostic &diagnostic : line.syntax)
            errors.append(placer.placed(diagnostic, i));
        if (line.error)
            errors.append(placer.placed({Severity::Error, line.error->message, line.error->range}, i));
        anyError = anyError || !line.syntax.isEmpty();
    }
    const auto order = dockerfile::checkOrder(
        keywords, [&](qsizetype i) { return !lines[i].checked->isUsable(); }, anyError);
    if (order)
        errors.append(placer.placed(
            {Severity::Error, order->message, lines[order->instruction].checked->instruction.range},
            order->instruction));
    return errors;
}

CheckResult Checker::check(const QString &text)
{
    const dockerfile::SourceText source(text);
    const QList<PlacedLine> &lines = d->cache.update(source);
    QList<const CheckedLine *> checked;
    checked.reserve(lines.size());
    for (const PlacedLine &line : lines)
        checked.append(line.checked.get());
    const dockerfile::CheckOptions options = optionsOf(d->settings, d->cache.directives());
    const Placer placer(source, lines);
    CheckResult result;
    result.diagnostics = syntaxErrors(source, lines, placer, d->cache);
    for (const Finding &finding : d->findings(checked, options)) {
        const QString &rule = finding.diagnostic.rule;
        if (options.error && findRule(rule)->family == Family::BuildKit && !result.fatalRules.contains(rule))
            result.fatalRules.append(rule);
        result.diagnostics.append(placer.placed(finding.diagnostic, finding.line));
    }
    result.fatalRules.sort();
    std::ranges::stable_sort(result.diagnostics, {}, [](const Diagnostic &one) { return one.range.begin; });
    return result;
}

} // namespace cooperage::checks
