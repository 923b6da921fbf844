#include "core/embedded/archive/platform.h"

#include <QHash>
#include <QRegularExpression>

#include <sys/utsname.h>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

int x86Level()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v4"))
        return 4;
    if (__builtin_cpu_supports("x86-64-v3"))
        return 3;
    if (__builtin_cpu_supports("x86-64-v2"))
        return 2;
#endif
    return 1;
}

} // namespace

QString Platform::toString() const
{
    const QString base = os + u'/' + architecture;
    return variant.isEmpty() ? base : base + u'/' + variant;
}

Platform normalised(Platform platform)
{
    static const QHash<QString, QString> names = {
        {u"x86_64"_s, u"amd64"_s},       {u"x86-64"_s, u"amd64"_s}, {u"i386"_s, u"386"_s},
        {u"i486"_s, u"386"_s},           {u"i586"_s, u"386"_s},     {u"i686"_s, u"386"_s},
        {u"aarch64"_s, u"arm64"_s},      {u"armel"_s, u"arm"_s},    {u"armhf"_s, u"arm"_s},
        {u"loongarch64"_s, u"loong64"_s}};
    platform.os = platform.os.toLower();
    platform.architecture = platform.architecture.toLower();
    platform.variant = platform.variant.toLower();
    if (platform.architecture == "armel"_L1)
        platform.variant = u"v6"_s;
    platform.architecture = names.value(platform.architecture, platform.architecture);
    if (platform.architecture == "arm"_L1) {
        if (platform.variant.isEmpty())
            platform.variant = u"v7"_s;
        else if (!platform.variant.startsWith(u'v'))
            platform.variant.prepend(u'v');
    }
    if ((platform.architecture == "arm64"_L1 &&
         (platform.variant == "v8"_L1 || platform.variant == "8"_L1)) ||
        (platform.architecture == "amd64"_L1 && platform.variant == "v1"_L1))
        platform.variant.clear();
    return platform;
}

std::optional<Platform> parsePlatform(const QString &text)
{
    static const QRegularExpression form(QRegularExpression::anchoredPattern(
        u"([A-Za-z0-9._-]{1,64})/([A-Za-z0-9._-]{1,64})(?:/([A-Za-z0-9._-]{1,64}))?"_s));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return normalised({match.captured(1), match.captured(2), match.captured(3)});
}

QList<Platform> platformsOf(const QString &machine, int level)
{
    const QString system = u"linux"_s;
    QList<Platform> result;
    const auto arms = [&](int from) {
        for (int version = from; version >= 5; --version)
            result.append({system, u"arm"_s, u"v%1"_s.arg(version)});
    };
    const Platform own = normalised({system, machine});
    if (own.architecture == "amd64"_L1) {
        for (int variant = level; variant > 1; --variant)
            result.append({system, u"amd64"_s, u"v%1"_s.arg(variant)});
        result.append({system, u"amd64"_s});
        result.append({system, u"386"_s});
    } else if (own.architecture == "arm64"_L1) {
        result.append({system, u"arm64"_s});
        arms(8);
    } else if (machine.startsWith("armv"_L1)) {
        arms(QStringView(machine).sliced(4, 1).toInt());
    } else {
        result.append(own);
    }
    return result;
}

QList<Platform> machinePlatforms()
{
    utsname names{};
    ::uname(&names);
    return platformsOf(QString::fromLatin1(names.machine), x86Level());
}

} // namespace cooperage::embedded
