#include "core/build/variables.h"

#include <QSysInfo>

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
    if (!m_declared.contains(name))
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
    for (const QString &name : m_declared) {
        if (m_argValues.contains(name))
            parts << name + u'=' + value(name).value_or(QString());
    }
    return parts.isEmpty() ? QString() : u"|%1 "_s.arg(parts.size()) + parts.join(u' ') + u' ';
}

static QString architecture(const QString &name)
{
    static const QMap<QString, QString> aliases{{u"x86_64"_s, u"amd64"_s},  {u"x86-64"_s, u"amd64"_s},
                                                {u"aarch64"_s, u"arm64"_s}, {u"i386"_s, u"386"_s},
                                                {u"armhf"_s, u"arm/v7"_s},  {u"armel"_s, u"arm/v6"_s},
                                                {u"arm64/v8"_s, u"arm64"_s}};
    return aliases.value(name, name);
}

QString hostPlatform()
{
    return u"linux/"_s + architecture(QSysInfo::currentCpuArchitecture());
}

QString normalisedPlatform(const QString &platform)
{
    const QString text = platform.toLower();
    if (text == "linux"_L1)
        return hostPlatform();
    const qsizetype slash = text.indexOf(u'/');
    if (slash < 0)
        return u"linux/"_s + architecture(text);
    return text.first(slash + 1) + architecture(text.sliced(slash + 1));
}

VariableMap platformVariables(const QString &targetStage)
{
    const QStringList parts = hostPlatform().split(u'/');
    VariableMap result{{u"TARGETSTAGE"_s, targetStage.isEmpty() ? u"default"_s : targetStage}};
    for (const QString &side : {u"TARGET"_s, u"BUILD"_s}) {
        result[side + u"PLATFORM"_s] = parts.join(u'/');
        result[side + u"OS"_s] = parts.value(0);
        result[side + u"ARCH"_s] = parts.value(1);
        result[side + u"VARIANT"_s] = parts.value(2);
        result[side + u"OSVERSION"_s] = QString();
    }
    return result;
}

} // namespace cooperage::build
