#pragma once

#include <QCoreApplication>

namespace cooperage::embedded {

/// tr() for the sentences about running commands.
struct RuntimeText
{
    Q_DECLARE_TR_FUNCTIONS(Runtime)
};

} // namespace cooperage::embedded
