#include "core/checks/rules.h"

#include <QCoreApplication>
#include <QHash>

using namespace Qt::StringLiterals;

namespace cooperage::checks {

using dockerfile::Severity;

static QString tr(const char *text)
{
    return QCoreApplication::translate("CheckRules", text);
}

static QList<Rule> buildKitRules()
{
    constexpr auto family = Family::BuildKit;
    constexpr auto warning = Severity::Warning;
    return {
        {u"StageNameCasing"_s, family, warning, tr("A stage's name has upper-case letters.")},
        {u"FromAsCasing"_s, family, warning, tr("FROM and AS are not written in the same case.")},
        {u"NoEmptyContinuation"_s, family, warning, tr("A blank line stands in a continued instruction.")},
        {u"ConsistentInstructionCasing"_s, family, warning,
         tr("A keyword is not written in the case of the others.")},
        {u"DuplicateStageName"_s, family, warning, tr("Two stages have the same name.")},
        {u"ReservedStageName"_s, family, warning, tr("A stage is named scratch or context.")},
        {u"JSONArgsRecommended"_s, family, warning,
         tr("CMD or ENTRYPOINT runs through a shell, which does not pass signals on."), true},
        {u"MaintainerDeprecated"_s, family, warning, tr("MAINTAINER has been replaced by a label.")},
        {u"UndefinedArgInFrom"_s, family, warning,
         tr("FROM uses a variable that no ARG before it declares.")},
        {u"WorkdirRelativePath"_s, family, warning,
         tr("A relative WORKDIR depends on the working directory of the base image."), true},
        {u"UndefinedVar"_s, family, warning, tr("A variable is used that nothing has set."), true},
        {u"MultipleInstructionsDisallowed"_s, family, warning,
         tr("A later CMD, ENTRYPOINT or HEALTHCHECK of the stage replaces this one."), true},
        {u"LegacyKeyValueFormat"_s, family, warning, tr("ENV or LABEL is written without an equals sign."),
         true},
        {u"InvalidBaseImagePlatform"_s, family, warning,
         tr("The base image is for another platform than the build."), true},
        {u"RedundantTargetPlatform"_s, family, warning, tr("--platform names the default.")},
        {u"SecretsUsedInArgOrEnv"_s, family, warning,
         tr("The name of an ARG or ENV says that it holds a secret."), true},
        {u"InvalidDefaultArgInFrom"_s, family, warning,
         tr("With the defaults of its variables, FROM names no valid image.")},
        {u"FromPlatformFlagConstDisallowed"_s, family, warning,
         tr("--platform of FROM is a constant, so that the file builds for one platform only.")},
        {u"CopyIgnoredFile"_s, family, warning, tr("An ignore file excludes what is copied."), true},
        {u"InvalidDefinitionDescription"_s, family, warning,
         tr("The comment above an ARG or a named FROM does not begin with its name."), false, true},
        {u"ExposeProtoCasing"_s, family, warning, tr("The protocol of a port has upper-case letters."), true},
        {u"ExposeInvalidFormat"_s, family, warning, tr("EXPOSE names an address or a port of the host."),
         true},
    };
}

static QList<Rule> hadolintRules()
{
    constexpr auto family = Family::Hadolint;
    return {
        {u"DL3000"_s, family, Severity::Error, tr("WORKDIR is relative."), false, false,
         u"WorkdirRelativePath"_s},
        {u"DL3002"_s, family, Severity::Warning, tr("The last USER of a stage is root.")},
        {u"DL3003"_s, family, Severity::Warning, tr("RUN changes the folder by cd.")},
        {u"DL3006"_s, family, Severity::Warning, tr("FROM names no version of the image.")},
        {u"DL3007"_s, family, Severity::Warning, tr("FROM uses the tag latest.")},
        {u"DL3008"_s, family, Severity::Warning, tr("apt-get installs a package in whatever version.")},
        {u"DL3009"_s, family, Severity::Info, tr("The package lists of apt stay in the layer.")},
        {u"DL3013"_s, family, Severity::Warning, tr("pip installs a package in whatever version.")},
        {u"DL3015"_s, family, Severity::Info, tr("apt-get installs recommended packages, too.")},
        {u"DL3018"_s, family, Severity::Warning, tr("apk adds a package in whatever version.")},
        {u"DL3020"_s, family, Severity::Error, tr("ADD is used where COPY does.")},
        {u"DL3021"_s, family, Severity::Error,
         tr("COPY has several sources, and a destination that is not written as a folder.")},
        {u"DL3022"_s, family, Severity::Warning, tr("COPY --from names no earlier stage.")},
        {u"DL3025"_s, family, Severity::Warning,
         tr("CMD, ENTRYPOINT or a health check is not written as a JSON array."), false, false,
         u"JSONArgsRecommended"_s},
        {u"DL3042"_s, family, Severity::Warning, tr("pip leaves its cache in the layer.")},
        {u"DL3044"_s, family, Severity::Error, tr("ENV uses a variable that it sets itself.")},
        {u"DL3045"_s, family, Severity::Warning,
         tr("COPY has a relative destination, and no WORKDIR is set.")},
        {u"DL3059"_s, family, Severity::Info, tr("RUN follows RUN: one could do the work of both.")},
        {u"DL4006"_s, family, Severity::Warning,
         tr("The exit code of all but the last command of a pipe is lost.")},
    };
}

static QList<Rule> ownRules()
{
    constexpr auto family = Family::Cooperage;
    return {
        {u"CopySourceMissing"_s, family, Severity::Error, tr("What is copied is not in the build context.")},
        {u"CopySourceIgnored"_s, family, Severity::Error, tr("An ignore file excludes what is copied."),
         false, false, u"CopyIgnoredFile"_s},
        {u"CopySourceExcluded"_s, family, Severity::Error,
         tr("A built-in exclude (.git, node_modules, build...) removes what is copied.")},
        {u"VariableOrder"_s, family, Severity::Warning,
         tr("Docker would give the variable another value: there the later of ARG and ENV wins.")},
        {u"SecretValue"_s, family, Severity::Warning, tr("The value of an ARG or ENV looks like a secret.")},
        {u"EngineSkips"_s, family, Severity::Warning, tr("The engine cannot keep what the line sets."), true},
        {u"EngineCannot"_s, family, Severity::Error, tr("The line cannot be carried out here."), true},
    };
}

const QList<Rule> &rules()
{
    static const QList<Rule> all = buildKitRules() + hadolintRules() + ownRules();
    return all;
}

const Rule *findRule(const QString &name)
{
    static const QHash<QString, const Rule *> byName = [] {
        QHash<QString, const Rule *> result;
        for (const Rule &rule : rules())
            result.insert(rule.name, &rule);
        return result;
    }();
    return byName.value(name);
}

static QString kebabCase(const QString &name)
{
    QString result;
    for (qsizetype i = 0; i < name.size(); ++i) {
        // "JSONArgs": a word begins before its last capital.
        const bool wordBegins = name[i].isUpper() && i > 0 &&
                                (name[i - 1].isLower() || (i + 1 < name.size() && name[i + 1].isLower()));
        if (wordBegins)
            result += u'-';
        result += name[i].toLower();
    }
    return result;
}

QString documentation(const Rule &rule)
{
    switch (rule.family) {
    case Family::BuildKit:
        // The one rule without a page of its own.
        if (rule.name == "InvalidBaseImagePlatform"_L1)
            return u"https://docs.docker.com/reference/build-checks/"_s;
        return u"https://docs.docker.com/go/dockerfile/rule/%1/"_s.arg(kebabCase(rule.name));
    case Family::Hadolint:
        return u"https://github.com/hadolint/hadolint/wiki/%1"_s.arg(rule.name);
    case Family::Cooperage:
        break;
    }
    return u"docs/checks.md#%1"_s.arg(rule.name.toLower());
}

} // namespace cooperage::checks
