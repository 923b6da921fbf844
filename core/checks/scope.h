#pragma once

#include "core/checks/checkfile.h"
#include "core/dockerfile/expansion.h"

#include <QHash>
#include <QSet>

namespace cooperage::checks {

/// What the variables of a stage are at one of its lines, by Docker's rules: the later of ARG and ENV wins
/// (spec 2.5). Where ours differ from those (a given --build-arg stays in force, then ENV, then the default
/// of an ARG), `differs` tells. Looking up and setting take constant time. Copies are cheap.
class Scope
{
public:
    Scope() = default;
    explicit Scope(const CheckFile &file) : m_file(&file) {}

    void setEnv(const QString &name, const QString &value);
    /// nullopt: no default.
    void declareArg(const QString &name, const std::optional<QString> &value);

    [[nodiscard]] std::optional<QString> value(const QString &name) const;
    [[nodiscard]] bool isDeclaredArg(const QString &name) const { return m_declared.contains(name); }
    [[nodiscard]] bool isGiven(const QString &name) const;
    /// False while there is no ARG: then no value differs.
    [[nodiscard]] bool mayDiffer() const { return !m_declared.isEmpty(); }
    /// Whether a build here uses another value than one by Docker.
    [[nodiscard]] bool differs(const QString &name) const;
    /// Names that have a value, in the order in which they got it last.
    [[nodiscard]] QStringList names() const;
    [[nodiscard]] qsizetype size() const { return m_variables.size(); }

private:
    struct Variable
    {
        QString docker;
        std::optional<QString> env{};
        std::optional<QString> arg{};
        int order = 0; ///< Higher for those that were set later.
    };

    const CheckFile *m_file = nullptr;
    QHash<QString, Variable> m_variables;
    int m_lastOrder = 0;
    QSet<QString> m_declared;
};

} // namespace cooperage::checks
