#include "core/checks/scope.h"

#include <algorithm>

namespace cooperage::checks {

void Scope::setEnv(const QString &name, const QString &value)
{
    Variable &variable = m_variables[name];
    variable.order = ++m_lastOrder;
    variable.docker = value;
    variable.env = value;
}

void Scope::declareArg(const QString &name, const std::optional<QString> &value)
{
    m_declared.insert(name);
    std::optional<QString> taken = value;
    if (isGiven(name))
        taken = m_file->settings.buildArgs.value(name);
    else if (const auto global = m_file->globals.constFind(name);
             !taken && global != m_file->globals.constEnd())
        taken = *global;
    if (!taken)
        return;
    Variable &variable = m_variables[name];
    variable.order = ++m_lastOrder;
    variable.docker = *taken;
    variable.arg = taken;
}

QStringList Scope::names() const
{
    QStringList names = m_variables.keys();
    std::ranges::sort(names, {}, [this](const QString &name) { return m_variables[name].order; });
    return names;
}

bool Scope::isGiven(const QString &name) const
{
    return m_file->settings.buildArgs.contains(name);
}

std::optional<QString> Scope::value(const QString &name) const
{
    const auto known = m_variables.constFind(name);
    return known == m_variables.constEnd() ? std::nullopt : std::optional(known->docker);
}

bool Scope::differs(const QString &name) const
{
    const auto known = m_variables.constFind(name);
    if (known == m_variables.constEnd() || !known->env || !known->arg)
        return false;
    return known->docker != (isGiven(name) ? *known->arg : *known->env);
}

} // namespace cooperage::checks
