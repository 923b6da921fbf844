#pragma once

#include <QCoreApplication>

namespace cooperage::embedded {

/// Translations of the server's sentences.
struct Text
{
    Q_DECLARE_TR_FUNCTIONS(EngineServer)
};

} // namespace cooperage::embedded
