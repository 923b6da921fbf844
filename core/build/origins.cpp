#include "core/build/origins.h"

namespace cooperage::build {

engine::Task<CopyOrigin> originOf(const Preparation *preparation, PlannedStep step, StageSource source)
{
    if (source.kind == StageSource::Kind::Stage) {
        const Result<StageEnd> end = co_await preparation->surroundings->stage(source.stage);
        if (!end)
            co_return std::unexpected(end.error());
        co_return CopyOrigin{end->key, end->image};
    }
    if (source.kind == StageSource::Kind::Image) {
        const Result<BaseImage> base = co_await preparation->surroundings->base(source.image, step);
        if (!base)
            co_return std::unexpected(base.error());
        co_return CopyOrigin{baseKey(base->uuid), base->uuid};
    }
    co_return CopyOrigin{scratchKey(), {}};
}

} // namespace cooperage::build
