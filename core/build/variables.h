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
    /// What the base stage has declared stays visible, but is no part of this stage's history.
    void beginStage() { m_declared.clear(); }

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
    /// What BuildKit puts before the command of a RUN in the history: "|2 a=1 b=2 ", or nothing. Every
    /// declaration of the stage is there with the value in effect, empty where there is none.
    [[nodiscard]] QString historyPrefix() const;

private:
    VariableMap m_buildArgs;
    VariableMap m_globals;
    QList<std::pair<QString, QString>> m_env;
    QStringList m_declared; ///< By this stage, in order, as often as it does.
    VariableMap m_argValues;
};

} // namespace cooperage::build
