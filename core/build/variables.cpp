#include "core/build/variables.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace cooperage::build {

Variables::Variables(VariableMap buildArgs, VariableMap globals)
    : m_buildArgs(std::move(buildArgs)), m_globals(std::move(globals))
{
}

void Variables::setBaseEnv(const QStringList &assignments)
{
    for (const QString &assignment : assignments) {
        const qsizetype equals = assignment.indexOf(u'=');
        if (equals > 0)
            setEnv(assignment.first(equals), assignment.sliced(equals + 1));
    }
}

void Variables::setEnv(const QString &name, const QString &value)
{
    const auto known = std::ranges::find(m_env, name, &std::pair<QString, QString>::first);
    if (known != m_env.end())
        known->second = value;
    else
        m_env.emplaceBack(name, value);
}

void Variables::declareArg(const QString &name, const std::optional<QString> &defaultValue)
{
    m_declared << name;
    if (const auto given = m_buildArgs.constFind(name); given != m_buildArgs.constEnd())
        m_argValues[name] = *given;
    else if (defaultValue)
        m_argValues[name] = *defaultValue;
    else if (const auto global = m_globals.constFind(name); global != m_globals.constEnd())
        m_argValues[name] = *global;
}

std::optional<QString> Variables::env(const QString &name) const
{
    const auto known = std::ranges::find(m_env, name, &std::pair<QString, QString>::first);
    return known == m_env.end() ? std::nullopt : std::optional(known->second);
}

std::optional<QString> Variables::value(const QString &name) const
{
    const auto argument = m_argValues.constFind(name);
    if (argument != m_argValues.constEnd() && m_buildArgs.contains(name))
        return *argument;
    if (const auto fromEnv = env(name))
        return fromEnv;
    return argument == m_argValues.constEnd() ? std::nullopt : std::optional(*argument);
}

dockerfile::VariableLookup Variables::lookup() const
{
    return [variables = *this](const QString &name) { return variables.value(name); };
}

VariableMap Variables::envMap() const
{
    VariableMap result;
    for (const auto &[name, value] : m_env)
        result[name] = value;
    return result;
}

VariableMap Variables::argMap() const
{
    VariableMap result;
    for (const QString &name : m_argValues.keys())
        result[name] = value(name).value_or(QString());
    return result;
}

VariableMap Variables::runEnvironment() const
{
    VariableMap result;
    for (const char *name : {"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"}) {
        const QString upper = QLatin1StringView(name);
        const QString lower = upper.toLower();
        for (const QString &given : {upper, lower}) {
            if (m_buildArgs.contains(given))
                result[upper] = result[lower] = m_buildArgs[given];
        }
    }
    result.insert(envMap());
    result.insert(argMap());
    return result;
}

QStringList Variables::assignments() const
{
    QStringList result;
    for (const auto &[name, value] : m_env)
        result << name + u'=' + value;
    return result;
}

QString Variables::historyPrefix() const
{
    QStringList parts;
    for (const QString &name : m_declared)
        parts << name + u'=' + value(name).value_or(QString());
    return parts.isEmpty() ? QString() : u"|%1 "_s.arg(parts.size()) + parts.join(u' ') + u' ';
}

} // namespace cooperage::build
