#include "core/build/stagestate.h"

#include "core/build/configsteps.h"
#include "core/build/platforms.h"
#include "core/context/pathnames.h"

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;
using dockerfile::Keyword;

static const QString defaultPath = u"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"_s;

StageState::StageState(VariableMap buildArgs, VariableMap globals, QChar escape)
    : m_variables(std::move(buildArgs), std::move(globals)), m_escape(escape)
{
}

void StageState::takeConfig(const QJsonObject &config)
{
    m_image = config;
    m_config = m_image.take(u"config"_s).toObject();
    m_history = m_image.take(u"history"_s).toArray();
    m_inheritedHistory = m_history.size();
    m_image.remove(u"created"_s);
    m_image.remove(u"rootfs"_s); // The engine knows the layers.
    m_triggers = m_config.take(u"OnBuild"_s).toArray();
    m_workdir = m_config[u"WorkingDir"_s].toString();
    m_user = m_config[u"User"_s].toString();
    for (const QJsonValue assignment : m_config[u"Env"_s].toArray())
        m_variables.setBaseEnv({assignment.toString()});
}

void StageState::startFromImage(const std::optional<QJsonObject> &config)
{
    if (!config)
        return;
    takeConfig(*config);
    if (m_workdir.isEmpty())
        m_workdir = u"/"_s;
    if (!m_variables.env(u"PATH"_s))
        m_variables.setEnv(u"PATH"_s, defaultPath);
    m_baseConfig = imageConfig();
}

void StageState::startFromScratch()
{
    takeConfig(QJsonObject{{u"architecture"_s, hostPlatform().section(u'/', 1, 1)},
                           {u"os"_s, u"linux"_s},
                           {u"config"_s, QJsonObject{{u"WorkingDir"_s, u"/"_s}}}});
    m_variables.setEnv(u"PATH"_s, defaultPath);
}

void StageState::startFromStage(const StageState &base)
{
    *this = base;
    m_triggers = m_config.take(u"OnBuild"_s).toArray();
    m_commandSetHere = false;
    m_variables.beginStage();
}

QStringList StageState::shell() const
{
    QStringList result;
    for (const QJsonValue part : m_config[u"Shell"_s].toArray())
        result << part.toString();
    return result.isEmpty() ? QStringList{u"/bin/sh"_s, u"-c"_s} : result;
}

bool StageState::hasDefaultShell() const
{
    return shell() == QStringList{u"/bin/sh"_s, u"-c"_s};
}

KeyState StageState::keyState() const
{
    // As written it goes into the config; a command starts in the same folder however it is spelled.
    return {context::cleanPath(workdir()), m_user, m_variables.envMap(), m_variables.argMap()};
}

void StageState::setImageOptions(const VariableMap &labels, const QString &created)
{
    m_labels = labels;
    m_created = created;
}

static QJsonArray dated(QJsonArray history, qsizetype first, const QString &time)
{
    for (qsizetype i = first; i < history.size(); ++i) {
        QJsonObject entry = history[i].toObject();
        entry[u"created"_s] = time;
        history[i] = entry;
    }
    return history;
}

QJsonObject StageState::imageConfig(const QString &now) const
{
    QJsonObject result = m_image;
    QJsonObject config = m_config;
    if (const QStringList assignments = m_variables.assignments(); !assignments.isEmpty())
        config[u"Env"_s] = QJsonArray::fromStringList(assignments);
    if (!m_labels.isEmpty()) {
        QJsonObject labels = config[u"Labels"_s].toObject();
        for (auto it = m_labels.cbegin(); it != m_labels.cend(); ++it)
            labels[it.key()] = it.value();
        config[u"Labels"_s] = labels;
    }
    result[u"config"_s] = config;
    result[u"history"_s] = m_history;
    if (const QString time = m_created.isEmpty() ? now : m_created; !time.isEmpty()) {
        result[u"created"_s] = time;
        result[u"history"_s] = dated(m_history, m_inheritedHistory, time);
    }
    return result;
}

void StageState::addHistory(const QString &createdBy, bool emptyLayer)
{
    QJsonObject entry{{u"created_by"_s, createdBy}, {u"comment"_s, u"buildkit.dockerfile.v0"_s}};
    if (emptyLayer)
        entry[u"empty_layer"_s] = true;
    m_history.append(entry);
}

Result<QString> StageState::expand(const QString &text) const
{
    return dockerfile::expand(text, m_variables.lookup(), {.escape = m_escape})
        .transform([](const dockerfile::Expansion &result) { return result.text; });
}

Result<QString> StageState::expandHeredoc(const QString &body) const
{
    return dockerfile::expand(body, m_variables.lookup(), {.escape = u'\\', .keepQuotes = true})
        .transform([](const dockerfile::Expansion &result) { return result.text; });
}

QString StageState::absolute(const QString &path) const
{
    const bool folder = path.isEmpty() || path.endsWith(u'/') || path == "."_L1 || path.endsWith("/."_L1) ||
                        path == ".."_L1 || path.endsWith("/.."_L1);
    const QString clean = context::cleanPath(path.startsWith(u'/') ? path : workdir() + u'/' + path);
    return folder && !clean.endsWith(u'/') ? clean + u'/' : clean;
}

Result<> StageState::applyEnv(const Instruction &instruction)
{
    QList<std::pair<QString, QString>> values; // All words see the state before the instruction (spec 2.4).
    QStringList history;
    for (const dockerfile::KeyValue &pair : instruction.pairs) {
        const Result<QString> name = expand(pair.key.text);
        const Result<QString> value = expand(pair.value.text);
        if (!name || !value)
            return std::unexpected(name ? value.error() : name.error());
        values.emplaceBack(*name, *value);
        history << *name + u'=' + *value;
    }
    for (const auto &[name, value] : values)
        m_variables.setEnv(name, value);
    addHistory(u"ENV "_s + history.join(u' '), true);
    return {};
}

Result<> StageState::applyArg(const Instruction &instruction)
{
    QStringList history;
    for (const dockerfile::Word &word : instruction.words) {
        const qsizetype equals = word.text.indexOf(u'=');
        const QString name = equals < 0 ? word.text : word.text.first(equals);
        std::optional<QString> value;
        if (equals >= 0) {
            const QString text = word.text.sliced(equals + 1);
            const Result<QString> expanded = expand(text);
            if (!expanded && !m_variables.isBuildArgGiven(name))
                return std::unexpected(expanded.error());
            value = expanded.value_or(text);
        }
        m_variables.declareArg(name, value);
        // The default, whatever value was given: that is in the history of the RUNs that it reaches.
        history << (value ? name + u'=' + *value : name);
    }
    addHistory(u"ARG "_s + history.join(u' '), true);
    return {};
}

Result<> StageState::applyUser(const Instruction &instruction)
{
    const Result<QString> user = expand(instruction.words.value(0).text);
    if (!user)
        return std::unexpected(user.error());
    m_user = *user;
    m_config[u"User"_s] = m_user;
    addHistory(u"USER "_s + m_user, true);
    return {};
}

Result<> StageState::applyWorkdir(const Instruction &instruction)
{
    const Result<QString> path = expand(instruction.words.value(0).text);
    if (!path)
        return std::unexpected(path.error());
    m_workdir = path->startsWith(u'/') ? *path : context::cleanPath(absolute(*path));
    m_config[u"WorkingDir"_s] = m_workdir;
    return {};
}

Result<> StageState::apply(const Instruction &instruction)
{
    switch (instruction.keyword) {
    case Keyword::Env:
        return applyEnv(instruction);
    case Keyword::Arg:
        return applyArg(instruction);
    case Keyword::User:
        return applyUser(instruction);
    case Keyword::Workdir:
        return applyWorkdir(instruction);
    default:
        return applyConfig(instruction);
    }
}

Result<> StageState::applyConfig(const Instruction &instruction)
{
    if (instruction.keyword == Keyword::Maintainer) {
        m_image[u"author"_s] = instruction.words.value(0).text;
        addHistory(u"MAINTAINER "_s + instruction.words.value(0).text, true);
        return {};
    }
    ConfigStep step{instruction, m_config, shell(), m_commandSetHere, m_variables.lookup(), m_escape};
    const Result<QString> history = step.apply();
    if (!history)
        return std::unexpected(history.error());
    m_config = step.config;
    m_commandSetHere = m_commandSetHere || instruction.keyword == Keyword::Cmd;
    if (!history->isEmpty())
        addHistory(*history, true);
    return {};
}

} // namespace cooperage::build
