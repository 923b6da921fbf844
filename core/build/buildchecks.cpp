#include "core/build/buildchecks.h"

#include "core/build/imageconfigs.h"
#include "core/build/instructioncheck.h"
#include "core/build/platforms.h"
#include "core/checks/rules.h"
#include "core/dockerfile/parser.h"
#include "core/sessions/sessionstore.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::build {

using dockerfile::Instruction;

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildChecks", text);
}

static std::optional<checks::EngineRemark> remarkOn(const Instruction &instruction, bool keepsConfig)
{
    if (const Result<> fine = checkSupported(instruction, {}); !fine)
        return checks::EngineRemark{true, fine.error().what, fine.error().next};
    if (!keepsConfig && onlySetsConfig(instruction.keyword))
        return checks::EngineRemark{false,
                                    tr("%1 has no effect: this engine keeps no image settings")
                                        .arg(dockerfile::keywordName(instruction.keyword)),
                                    tr("It has on the engine of this computer.")};
    return std::nullopt;
}

checks::CheckSettings checkSettings(const CheckRequest &request)
{
    checks::CheckSettings settings;
    settings.buildArgs = request.buildArgs;
    settings.platform = platformVariables(request.target);
    settings.target = request.target;
    settings.reachedOnly = request.reachedOnly;
    if (request.engineKeepsConfig) {
        settings.engine = [keeps = *request.engineKeepsConfig](const Instruction &instruction) {
            return remarkOn(instruction, keeps);
        };
    }
    return settings;
}

std::optional<checks::KnownImage> knownImage(sessions::SessionStore &sessions, const QString &reference)
{
    const auto uuid = sessions.baseImage(reference);
    const auto known = uuid ? ImageConfigs().find(*uuid) : std::nullopt;
    if (!known || !*known)
        return std::nullopt;
    const QJsonObject &image = **known;
    const QJsonObject config = image[u"config"_s].toObject();
    checks::KnownImage result{{}, !config[u"Shell"_s].toArray().isEmpty()};
    for (const QJsonValue assignment : config[u"Env"_s].toArray())
        result.env.append(assignment.toString());
    const QString variant = image[u"variant"_s].toString();
    if (image.contains(u"os"_s) && image.contains(u"architecture"_s))
        result.platform =
            normalisedPlatform(image[u"os"_s].toString() + u'/' + image[u"architecture"_s].toString() +
                               (variant.isEmpty() ? QString() : u'/' + variant));
    return result;
}

BuildWarnings buildWarnings(const QString &dockerfile, const checks::CheckSettings &settings)
{
    const checks::CheckResult result = checks::Checker(settings).check(dockerfile);
    BuildWarnings warnings{{}, result.fatalRules};
    for (const dockerfile::Diagnostic &diagnostic : result.diagnostics) {
        const checks::Rule *rule = checks::findRule(diagnostic.rule);
        if (!rule || rule->family == checks::Family::Hadolint ||
            diagnostic.severity == dockerfile::Severity::Error)
            continue;
        const QString detail = diagnostic.detail.isEmpty() ? QString() : u" ("_s + diagnostic.detail + u')';
        warnings.warnings.append(
            {diagnostic.line,
             tr("%1: %2%3 (line %4)").arg(rule->name, diagnostic.message, detail).arg(diagnostic.line)});
    }
    return warnings;
}

} // namespace cooperage::build
