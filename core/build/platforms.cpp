#include "core/build/platforms.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildPlan", text);
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

Result<> checkPlatform(const QString &platform)
{
    static const QRegularExpression form(
        u"^[A-Za-z0-9_.-]+(\\([A-Za-z0-9_.-]*\\))?(/[A-Za-z0-9_.-]+){0,2}$"_s);
    if (!form.match(platform).hasMatch())
        return failure(ErrorKind::BadInput, tr("failed to parse platform %1: invalid argument").arg(platform),
                       {}, tr("A platform is OS/ARCHITECTURE, such as linux/arm64."));
    if (normalisedPlatform(platform) != hostPlatform())
        return failure(
            ErrorKind::Unsupported,
            tr("This machine builds for %1 only, not for %2").arg(hostPlatform(), platform), {},
            tr("The steps of another platform cannot run here; build on a machine of that platform."));
    return {};
}

} // namespace cooperage::build
