#include "core/build/buildevent.h"

using namespace Qt::StringLiterals;

namespace cooperage::build {

QString stateName(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return u"waiting"_s;
    case StepState::Running:
        return u"running"_s;
    case StepState::Cached:
        return u"cached"_s;
    case StepState::Done:
        return u"done"_s;
    case StepState::Failed:
        return u"failed"_s;
    case StepState::Cancelled:
        return u"cancelled"_s;
    case StepState::Skipped:
        break;
    }
    return u"skipped"_s;
}

} // namespace cooperage::build
