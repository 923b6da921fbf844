#pragma once

#include "core/engine/contree/contreeengine.h"

namespace cooperage::engine {

/// This user's embedded engine. It is started when a call finds nobody listening, also when it has ended
/// meanwhile because it had nothing to do.
class LocalEngine : public contree::ContreeEngine
{
    Q_OBJECT

public:
    explicit LocalEngine(QObject *parent = nullptr);
};

} // namespace cooperage::engine
