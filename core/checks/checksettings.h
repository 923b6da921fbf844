#pragma once

#include "core/checks/copysources.h"
#include "core/dockerfile/tree.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>

namespace cooperage::checks {

/// What is known of a base image.
struct KnownImage
{
    QStringList env;       ///< "NAME=value"
    bool hasShell = false; ///< Its config sets a SHELL.
    QString platform{};    ///< "linux/amd64"
};

/// What can be said of a line when the engine is known.
struct EngineRemark
{
    bool cannot = false; ///< The build fails there; otherwise the line has no effect.
    QString message;
    QString next{};
};

/// What the checks are to know beside the text. Everything may be left out.
struct CheckSettings
{
    QMap<QString, QString> buildArgs{};
    QMap<QString, QString> platform{}; ///< TARGETPLATFORM, BUILDARCH... and their values (spec 2.6).
    QString target{};                  ///< With `reachedOnly`: empty stands for the last stage.
    bool reachedOnly = false;          ///< As in a build: rules that need it are silent elsewhere.
    /// What COPY and ADD can take; without it nothing is said of sources.
    std::shared_ptr<const CopySources> sources{};
    std::function<std::optional<KnownImage>(const QString &reference)> image{};
    std::function<std::optional<EngineRemark>(const dockerfile::Instruction &instruction)> engine{};
};

} // namespace cooperage::checks
