#include "core/checks/checkfile.h"

#include "core/checks/linechecks.h"
#include "core/dockerfile/expansion.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

void Findings::add(qsizetype line, const QString &rule, const SourceRange &range, const QString &message,
                   const QList<Fix> &fixes, const QString &detail)
{
    QList<Diagnostic> one;
    addFinding(one, rule, range, message, fixes, detail);
    m_findings.append({line, one.first()});
}

namespace {

class FileMaker
{
public:
    FileMaker(const CheckSettings &settings, const dockerfile::Directives &directives,
              const QList<const CheckedLine *> &lines)
        : m_file{settings, directives, lines, {}, {}, {}, {}}
    {
    }

    CheckFile make()
    {
        sortLines();
        evaluateGlobals();
        for (CheckedStage &stage : m_file.stages)
            stage.baseName = expanded(m_file.instruction(stage.from).words.first().text).value_or(QString());
        findBases();
        if (m_file.settings.reachedOnly)
            markReached();
        return std::move(m_file);
    }

private:
    void sortLines();
    void evaluateGlobals();
    void findBases();
    void markReached();
    [[nodiscard]] QList<int> neededBy(const CheckedStage &stage) const;
    [[nodiscard]] std::optional<QString> expanded(const QString &text) const;

    CheckFile m_file;
    QHash<QString, int> m_byName; ///< The last stage of that name.
};

} // namespace

void FileMaker::sortLines()
{
    for (qsizetype i = 0; i < m_file.lines.size(); ++i) {
        if (!m_file.lines[i]->isUsable())
            continue;
        const Instruction &instruction = m_file.instruction(i);
        if (instruction.keyword == Keyword::From) {
            const bool named = instruction.words.size() == 3;
            m_file.stages.append(
                {named ? instruction.words[2].text.toLower() : QString(), i, {}, -1, {}, true});
        } else if (!m_file.stages.isEmpty()) {
            m_file.stages.last().body.append(i);
        } else if (instruction.keyword == Keyword::Arg) {
            m_file.globalArgs.append(i);
        }
    }
}

std::optional<QString> FileMaker::expanded(const QString &text) const
{
    const auto lookup = [this](const QString &name) -> std::optional<QString> {
        const auto known = m_file.globals.constFind(name);
        return known == m_file.globals.constEnd() ? std::nullopt : std::optional(*known);
    };
    const auto result = dockerfile::expand(text, lookup, {.escape = m_file.directives.escape});
    return result ? std::optional(result->text) : std::nullopt;
}

void FileMaker::evaluateGlobals()
{
    const CheckSettings &settings = m_file.settings;
    for (const QString &name : settings.platform.keys()) {
        m_file.globalNames.insert(name);
        m_file.globals.insert(name, settings.buildArgs.value(name, settings.platform[name]));
    }
    for (const qsizetype line : std::as_const(m_file.globalArgs)) {
        for (const dockerfile::Word &word : m_file.instruction(line).words) {
            const qsizetype equals = word.text.indexOf(u'=');
            const QString name = equals < 0 ? word.text : word.text.first(equals);
            m_file.globalNames.insert(name);
            if (settings.buildArgs.contains(name))
                m_file.globals.insert(name, settings.buildArgs[name]);
            else if (equals >= 0)
                m_file.globals.insert(name, expanded(word.text.sliced(equals + 1)).value_or(QString()));
        }
    }
}

void FileMaker::findBases()
{
    for (int i = 0; i < m_file.stages.size(); ++i) {
        CheckedStage &stage = m_file.stages[i];
        if (stage.baseName != "scratch"_L1)
            stage.base = m_byName.value(stage.baseName, -1);
        if (!stage.name.isEmpty())
            m_byName.insert(stage.name, i);
    }
}

/// Stages that a stage takes files from: COPY --from and RUN --mount=from.
QList<int> FileMaker::neededBy(const CheckedStage &stage) const
{
    QList<int> result;
    const auto add = [&](const QString &name) {
        bool isNumber = false;
        const int index = name.toInt(&isNumber);
        if (isNumber && index >= 0 && index < m_file.stages.size())
            result.append(index);
        else if (const auto known = m_byName.constFind(name.toLower()); known != m_byName.constEnd())
            result.append(*known);
    };
    if (stage.base >= 0)
        result.append(stage.base);
    for (const qsizetype line : stage.body) {
        for (const dockerfile::Flag &flag : m_file.instruction(line).flags) {
            if (flag.name == "from"_L1 && flag.value)
                add(*flag.value);
            if (flag.name != "mount"_L1 || !flag.value)
                continue;
            for (const QString &field : flag.value->split(u',')) {
                if (field.startsWith("from="_L1))
                    add(field.sliced(5));
            }
        }
    }
    return result;
}

void FileMaker::markReached()
{
    for (CheckedStage &stage : m_file.stages)
        stage.reached = false;
    const QString &target = m_file.settings.target;
    const int last = int(m_file.stages.size()) - 1;
    QList<int> waiting{target.isEmpty() ? last : m_byName.value(target.toLower(), last)};
    while (!waiting.isEmpty()) {
        const int index = waiting.takeLast();
        if (index < 0 || m_file.stages[index].reached)
            continue;
        m_file.stages[index].reached = true;
        waiting += neededBy(m_file.stages[index]);
    }
}

CheckFile makeCheckFile(const CheckSettings &settings, const dockerfile::Directives &directives,
                        const QList<const CheckedLine *> &lines)
{
    return FileMaker(settings, directives, lines).make();
}

} // namespace cooperage::checks
