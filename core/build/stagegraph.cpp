#include "core/build/stagegraph.h"

#include "core/build/mountgraph.h"
#include "core/build/platforms.h"
#include "core/dockerfile/suggestion.h"
#include "core/images/reference.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::Stage;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildPlan", text);
}

QSet<int> StageGraph::reachableFrom(int stage) const
{
    QSet<int> reached{stage};
    QList<int> waiting{stage};
    while (!waiting.isEmpty()) {
        for (const int next : edges[waiting.takeLast()]) {
            if (!reached.contains(next)) {
                reached << next;
                waiting << next;
            }
        }
    }
    return reached;
}

QString placeIn(const dockerfile::Dockerfile &file, const PlanOptions &options, qsizetype position)
{
    const auto [line, column] = file.lineAndColumn(position);
    return u"%1:%2:%3"_s.arg(options.fileName).arg(line).arg(column);
}

// What is said of a name that is no reference.
static Error referenceError(const QString &text, const Error &why)
{
    return {ErrorKind::BadInput,
            tr("failed to parse stage name \"%1\": invalid reference format: %2").arg(text, why.what),
            {},
            why.next};
}

static Result<> checkReference(const QString &text)
{
    if (images::isUuid(text) || text.startsWith("tag:"_L1))
        return {};
    const auto reference = images::Reference::parse(text);
    return reference ? Result<>() : std::unexpected(referenceError(text, reference.error()));
}

namespace {

class GraphMaker
{
public:
    GraphMaker(const dockerfile::Dockerfile &file, const PlanOptions &options)
        : m_file(file), m_options(options)
    {
    }

    Result<StageGraph> make();

private:
    std::unexpected<Error> failAt(const Instruction &instruction, ErrorKind kind, const QString &what,
                                  const QString &next = {}) const;
    Result<const Stage *> findTarget() const;
    Result<> evaluateGlobals();
    Result<> checkPlatformOf(const Instruction &from, const dockerfile::VariableLookup &lookup) const;
    Result<StageSource> baseOf(const Stage &stage) const;
    Result<> addCopySource(const Stage &stage, const Instruction &instruction, qsizetype index);
    void addTriggerSources(const Stage &stage, const Stage &base);
    void addTriggerSource(const Stage &stage, const QString &from);
    Result<> findSources();

    const dockerfile::Dockerfile &m_file;
    const PlanOptions &m_options;
    StageGraph m_graph;
};

std::unexpected<Error> GraphMaker::failAt(const Instruction &instruction, ErrorKind kind, const QString &what,
                                          const QString &next) const
{
    return failure(kind, what, placeIn(m_file, m_options, instruction.range.begin), next);
}

Result<const Stage *> GraphMaker::findTarget() const
{
    if (m_graph.list.stages.isEmpty())
        return failure(ErrorKind::BadInput, tr("The Dockerfile has no FROM"), m_options.fileName,
                       tr("Begin with a line such as \"FROM debian:stable\"."));
    if (m_options.target.isEmpty())
        return &m_graph.list.stages.last();
    if (const Stage *stage = m_graph.list.find(m_options.target))
        return stage;
    QStringList names;
    for (const Stage &stage : m_graph.list.stages) {
        if (!stage.name.isEmpty())
            names << stage.name;
    }
    const QString meant = dockerfile::suggestionFor(m_options.target, names, Qt::CaseInsensitive);
    return failure(ErrorKind::NotFound,
                   tr("target stage \"%1\" could not be found").arg(m_options.target) + meant,
                   m_options.fileName,
                   names.isEmpty() ? tr("The file has no named stages.")
                                   : tr("Its stages: %1.").arg(names.join(u", "_s)));
}

Result<> GraphMaker::evaluateGlobals()
{
    Variables variables(m_options.buildArgs, m_graph.globals);
    for (const QString &name : m_graph.globals.keys())
        variables.declareArg(name, std::nullopt);
    for (const qsizetype index : m_graph.list.globalArgs) {
        const Instruction &instruction = m_file.instructions[index];
        for (const dockerfile::Word &word : instruction.words) {
            const qsizetype equals = word.text.indexOf(u'=');
            const QString name = equals < 0 ? word.text : word.text.first(equals);
            std::optional<QString> value;
            if (equals >= 0 && !m_options.buildArgs.contains(name)) {
                const auto expansion = dockerfile::expand(word.text.sliced(equals + 1), variables.lookup(),
                                                          {.escape = m_file.directives.escape});
                if (!expansion)
                    return failAt(instruction, ErrorKind::BadInput, expansion.error().what);
                value = expansion->text;
            }
            variables.declareArg(name, value);
        }
    }
    m_graph.globals = variables.argMap();
    return {};
}

Result<> GraphMaker::checkPlatformOf(const Instruction &from, const dockerfile::VariableLookup &lookup) const
{
    const auto platform = from.flag(u"platform");
    if (!platform)
        return {};
    const auto wanted = dockerfile::expand(*platform, lookup, {.escape = m_file.directives.escape});
    if (!wanted)
        return failAt(from, ErrorKind::BadInput, wanted.error().what);
    if (wanted->text.isEmpty())
        return failAt(from, ErrorKind::BadInput,
                      tr("empty platform value from expression %1").arg(*platform));
    const Result<> fine = checkPlatform(wanted->text);
    return fine ? fine : failAt(from, fine.error().kind, fine.error().what, fine.error().next);
}

Result<StageSource> GraphMaker::baseOf(const Stage &stage) const
{
    const Instruction &from = m_file.instructions[stage.from];
    const auto lookup = [this](const QString &name) {
        return m_graph.globals.contains(name) ? std::optional(m_graph.globals[name]) : std::nullopt;
    };
    const dockerfile::ExpansionOptions options{.escape = m_file.directives.escape};
    if (const Result<> fine = checkPlatformOf(from, lookup); !fine)
        return std::unexpected(fine.error());
    const QString text = from.words.value(0).text;
    const auto base = dockerfile::expand(text, lookup, options);
    if (!base)
        return failAt(from, ErrorKind::BadInput, base.error().what);
    if (base->text.isEmpty())
        return failAt(from, ErrorKind::BadInput, tr("base name (%1) should not be blank").arg(text),
                      tr("Give the ARG that it comes from a value before the first FROM or by --build-arg."));
    if (base->text == "scratch"_L1)
        return StageSource{StageSource::Kind::Scratch};
    if (const Stage *earlier = m_graph.list.findEarlier(base->text, stage.index))
        return StageSource{StageSource::Kind::Stage, earlier->index};
    if (const Result<> fine = checkReference(base->text); !fine)
        return failAt(from, fine.error().kind, fine.error().what, fine.error().next);
    return StageSource{StageSource::Kind::Image, -1, base->text};
}

Result<> GraphMaker::addCopySource(const Stage &stage, const Instruction &instruction, qsizetype index)
{
    const auto from = instruction.flag(u"from");
    if (instruction.keyword != Keyword::Copy || !from)
        return {};
    const Result<StageSource> source = copySource(m_graph.list, stage, *from);
    if (!source)
        return failAt(m_file.instructions[index], source.error().kind, source.error().what,
                      source.error().next);
    m_graph.sources[index] = *source;
    if (source->stage >= 0)
        m_graph.edges[stage.index] << source->stage;
    return {};
}

// What the triggers of a stage take from, the stage needs that has it as its base.
void GraphMaker::addTriggerSources(const Stage &stage, const Stage &base)
{
    for (const qsizetype index : base.body) {
        const Instruction *trigger = m_file.instructions[index].trigger.get();
        if (trigger)
            (void)addMounts(&m_graph, stage, *trigger, -1);
        const auto from = trigger ? trigger->flag(u"from") : std::nullopt;
        if (from && trigger->keyword == Keyword::Copy)
            addTriggerSource(stage, *from);
    }
}

// An error in it is told when the trigger is carried out.
void GraphMaker::addTriggerSource(const Stage &stage, const QString &from)
{
    if (const auto source = copySource(m_graph.list, stage, from); source && source->stage >= 0)
        m_graph.edges[stage.index] << source->stage;
}

Result<> GraphMaker::findSources()
{
    for (const Stage &stage : m_graph.list.stages) {
        const Result<StageSource> base = baseOf(stage);
        if (!base)
            return std::unexpected(base.error());
        m_graph.sources[stage.from] = *base;
        if (base->stage >= 0) {
            m_graph.edges[stage.index] << base->stage;
            addTriggerSources(stage, m_graph.list.stages[base->stage]);
        }
        for (const QString &from : m_options.triggerSources.value(base->image))
            addTriggerSource(stage, from);
        for (const qsizetype index : stage.body) {
            const Instruction &instruction = m_file.instructions[index];
            if (const Result<> added = addCopySource(stage, instruction, index); !added)
                return added;
            if (const Result<> added = addMounts(&m_graph, stage, instruction, index); !added)
                return failAt(instruction, added.error().kind, added.error().what, added.error().next);
        }
    }
    return {};
}

Result<StageGraph> GraphMaker::make()
{
    if (!m_options.platform.isEmpty()) {
        if (const Result<> fine = checkPlatform(m_options.platform); !fine)
            return std::unexpected(fine.error());
    }
    m_graph.list = dockerfile::stagesOf(m_file);
    const Result<const Stage *> target = findTarget();
    if (!target)
        return std::unexpected(target.error());
    m_graph.target = (*target)->index;
    m_graph.globals = platformVariables((*target)->name);
    Result<> done = evaluateGlobals();
    if (done)
        done = findSources();
    if (!done)
        return std::unexpected(done.error());
    return m_graph;
}

} // namespace

Result<StageSource> copySource(const dockerfile::StageList &stages, const Stage &stage, const QString &from)
{
    if (from.contains(u'$'))
        return failure(
            ErrorKind::BadInput,
            tr("variable expansion is not supported for --from, define a new stage with FROM using "
               "ARG from global scope as a workaround"));
    bool isNumber = false;
    const int number = from.toInt(&isNumber);
    if (isNumber && (number < 0 || number >= stages.stages.size()))
        return failure(ErrorKind::BadInput, tr("invalid stage index %1").arg(number));
    const Stage *source = isNumber ? &stages.stages[number] : stages.find(from);
    if (!source) {
        if (from == "scratch"_L1)
            return StageSource{StageSource::Kind::Scratch};
        return checkReference(from).transform(
            [&from] { return StageSource{StageSource::Kind::Image, -1, from}; });
    }
    if (source->index == stage.index)
        return failure(ErrorKind::BadInput,
                       tr("circular dependency detected on stage: %1").arg(stage.displayName()));
    return StageSource{StageSource::Kind::Stage, source->index};
}

QString laterStageMessage(const QString &later, const QString &stage)
{
    return tr("cannot copy from stage \"%1\", it needs to be defined before current stage \"%2\"")
        .arg(later, stage);
}

Result<StageGraph> makeStageGraph(const dockerfile::Dockerfile &file, const PlanOptions &options)
{
    return GraphMaker(file, options).make();
}

} // namespace cooperage::build
