#include "core/dockerfile/stages.h"

#include <algorithm>
#include <ranges>

namespace cooperage::dockerfile {

QString Stage::displayName() const
{
    return name.isEmpty() ? QStringLiteral("stage-%1").arg(index) : name;
}

static const Stage *lastNamed(std::ranges::view auto stages, const QString &name)
{
    if (name.isEmpty())
        return nullptr;
    for (const Stage &stage : stages | std::views::reverse) {
        if (stage.name == name)
            return &stage;
    }
    return nullptr;
}

const Stage *StageList::find(const QString &name) const
{
    return lastNamed(std::views::all(stages), name.toLower());
}

const Stage *StageList::findEarlier(const QString &name, int before) const
{
    return lastNamed(stages | std::views::take(std::clamp<qsizetype>(before, 0, stages.size())), name);
}

StageList stagesOf(const Dockerfile &file)
{
    StageList list;
    for (qsizetype i = 0; i < file.instructions.size(); ++i) {
        const Instruction &instruction = file.instructions[i];
        if (instruction.keyword == Keyword::From) {
            const bool named = instruction.words.size() == 3;
            list.stages.append(
                {int(list.stages.size()), named ? instruction.words[2].text.toLower() : QString(), i, {}});
        } else if (!list.stages.isEmpty()) {
            list.stages.last().body.append(i);
        } else if (instruction.keyword == Keyword::Arg) {
            list.globalArgs.append(i);
        }
    }
    return list;
}

} // namespace cooperage::dockerfile
