#pragma once

#include <QCoreApplication>

namespace cooperage::embedded {

/// tr() for the store's sentences.
struct StoreText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

} // namespace cooperage::embedded
