#include "core/embedded/runtime/seccomp.h"

#include "core/embedded/runtime/seccomptable.h"

#include <QJsonArray>
#include <QString>
#include <QStringList>

#include <cerrno>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static QJsonObject condition(int index, qint64 value, const QString &op, qint64 valueTwo = 0)
{
    return {{u"index"_s, index}, {u"value"_s, value}, {u"valueTwo"_s, valueTwo}, {u"op"_s, op}};
}

static QJsonObject allowIf(const QString &name, const QJsonObject &argument)
{
    return {{u"names"_s, QJsonArray{name}},
            {u"action"_s, u"SCMP_ACT_ALLOW"_s},
            {u"args"_s, QJsonArray{argument}}};
}

static QJsonArray architectures()
{
#if defined(__x86_64__)
    return {u"SCMP_ARCH_X86_64"_s, u"SCMP_ARCH_X86"_s, u"SCMP_ARCH_X32"_s};
#elif defined(__aarch64__)
    return {u"SCMP_ARCH_AARCH64"_s, u"SCMP_ARCH_ARM"_s};
#else
    return {}; // The runtime takes the machine's own.
#endif
}

QJsonObject seccompProfile()
{
    constexpr qint64 newNamespaces = 0x7E020000; // All CLONE_NEW* flags
    const QStringList names = QString::fromLatin1(allowedSystemCalls).split(u' ');
    QJsonArray calls{
        QJsonObject{{u"names"_s, QJsonArray::fromStringList(names)}, {u"action"_s, u"SCMP_ACT_ALLOW"_s}},
        allowIf(u"clone"_s, condition(0, newNamespaces, u"SCMP_CMP_MASKED_EQ"_s)),
        // Its flags are behind a pointer; ENOSYS makes the C library use clone.
        QJsonObject{{u"names"_s, QJsonArray{u"clone3"_s}},
                    {u"action"_s, u"SCMP_ACT_ERRNO"_s},
                    {u"errnoRet"_s, ENOSYS}},
        // No AF_ALG (38), no AF_VSOCK (40).
        allowIf(u"socket"_s, condition(0, 38, u"SCMP_CMP_LT"_s)),
        allowIf(u"socket"_s, condition(0, 39, u"SCMP_CMP_EQ"_s)),
        allowIf(u"socket"_s, condition(0, 40, u"SCMP_CMP_GT"_s)),
    };
    for (const qint64 persona : {qint64(0), qint64(8), qint64(0x20000), qint64(0x20008), qint64(0xffffffff)})
        calls << allowIf(u"personality"_s, condition(0, persona, u"SCMP_CMP_EQ"_s));
    return {{u"defaultAction"_s, u"SCMP_ACT_ERRNO"_s},
            {u"defaultErrnoRet"_s, EPERM},
            {u"architectures"_s, architectures()},
            {u"syscalls"_s, calls}};
}

} // namespace cooperage::embedded
