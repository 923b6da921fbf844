#pragma once

#include "core/base/error.h"
#include "core/dockerfile/expansion.h"
#include "core/dockerfile/tree.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>

namespace cooperage::build {

using VariableMap = QMap<QString, QString>;

/// The build-time variables of a stage. A name stands for the `--build-arg` of a declared ARG, else for ENV,
/// else for the ARG's default or global value, else for nothing (design.md, Language decisions).
class Variables
{
public:
    Variables() = default;
    /// `globals` are the values of global and platform ARGs, which an ARG without a default takes over.
    Variables(VariableMap buildArgs, VariableMap globals);

    /// The base image's `Env`.
    void setBaseEnv(const QStringList &assignments);
    /// Order kept; an existing name is replaced in place.
    void setEnv(const QString &name, const QString &value);
    void declareArg(const QString &name, const std::optional<QString> &defaultValue);

    [[nodiscard]] std::optional<QString> value(const QString &name) const;
    [[nodiscard]] std::optional<QString> env(const QString &name) const;
    [[nodiscard]] bool isBuildArgGiven(const QString &name) const { return m_buildArgs.contains(name); }
    [[nodiscard]] dockerfile::VariableLookup lookup() const;

    /// ENV and ARG values as RUN sees them, with the proxies given as build-args.
    [[nodiscard]] VariableMap runEnvironment() const;
    [[nodiscard]] VariableMap envMap() const;
    /// Declared ARGs that have a value, with the value in effect.
    [[nodiscard]] VariableMap argMap() const;
    /// `["K=V", ...]` for the image's config.
    [[nodiscard]] QStringList assignments() const;
    /// What BuildKit puts before the command of a RUN in the history: "|2 a=1 b=2 ", or nothing.
    [[nodiscard]] QString historyPrefix() const;

private:
    VariableMap m_buildArgs;
    VariableMap m_globals;
    QList<std::pair<QString, QString>> m_env;
    QStringList m_declared; ///< In order of first declaration.
    VariableMap m_argValues;
};

/// TARGETPLATFORM, BUILDARCH... (spec 2.6) for the machine that this runs on.
[[nodiscard]] VariableMap platformVariables(const QString &targetStage);
/// "linux/amd64"
[[nodiscard]] QString hostPlatform();
/// Aliases resolved: "linux/x86_64", "amd64" and "linux/amd64" are the same.
[[nodiscard]] QString normalisedPlatform(const QString &platform);

} // namespace cooperage::build
