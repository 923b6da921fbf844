#include "core/embedded/runtime/ociconfig.h"

#include "core/embedded/runtime/seccomp.h"
#include "core/embedded/store/overlayform.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

// In /dev, which is a folder in memory: no stub of it can reach the image.
static const QString s_initPath = u"/dev/.cooperage-init"_s;

static QJsonObject mount(const QString &destination, const QString &type, const QString &source,
                         const QString &options)
{
    return {{u"destination"_s, destination},
            {u"type"_s, type},
            {u"source"_s, source},
            {u"options"_s, QJsonArray::fromStringList(options.split(u','))}};
}

static QJsonObject bindMount(const QString &destination, const std::string &source, const QString &options)
{
    return mount(destination, u"bind"_s, QString::fromStdString(source), options);
}

static QJsonObject sysMount(bool networking)
{
    // A new sysfs needs a network namespace that belongs to our user namespace.
    if (!inInitialUserNamespace() && networking)
        return bindMount(u"/sys"_s, "/sys", u"rbind,nosuid,noexec,nodev,ro"_s);
    return mount(u"/sys"_s, u"sysfs"_s, u"sysfs"_s, u"nosuid,noexec,nodev,ro"_s);
}

static QJsonArray mounts(const ContainerSpec &spec)
{
    QJsonArray all{
        mount(u"/proc"_s, u"proc"_s, u"proc"_s, u"nosuid,noexec,nodev"_s),
        mount(u"/dev"_s, u"tmpfs"_s, u"tmpfs"_s, u"nosuid,strictatime,mode=755,size=65536k"_s),
        mount(u"/dev/pts"_s, u"devpts"_s, u"devpts"_s,
              u"nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"_s),
        mount(u"/dev/shm"_s, u"tmpfs"_s, u"shm"_s, u"nosuid,noexec,nodev,mode=1777,size=65536k"_s),
        mount(u"/dev/mqueue"_s, u"mqueue"_s, u"mqueue"_s, u"nosuid,noexec,nodev"_s),
        sysMount(spec.networking),
        // The host's cgroups stay out of sight; `ro` on /sys does not reach the mounts below it.
        mount(u"/sys/fs/cgroup"_s, u"tmpfs"_s, u"tmpfs"_s, u"ro,nosuid,nodev,noexec,mode=755"_s),
        bindMount(u"/etc/resolv.conf"_s, spec.resolvConf, u"rbind,ro,nosuid,noexec,nodev"_s),
        bindMount(u"/etc/hosts"_s, spec.hosts, u"rbind,ro,nosuid,noexec,nodev"_s),
        bindMount(s_initPath, spec.initProgram, u"rbind,ro,nosuid,nodev"_s),
    };
    for (const ContainerMount &each : spec.mounts)
        all.append(mount(QString::fromStdString(each.destination), QString::fromStdString(each.type),
                         QString::fromStdString(each.source), QString::fromStdString(each.options)));
    return all;
}

// Docker's default capabilities but MKNOD: no device cgroup holds a made node back, and a node is no use
// without one.
static QJsonObject capabilities()
{
    const QJsonArray list{u"CAP_CHOWN"_s,      u"CAP_DAC_OVERRIDE"_s,     u"CAP_FSETID"_s,
                          u"CAP_FOWNER"_s,     u"CAP_NET_RAW"_s,          u"CAP_SETGID"_s,
                          u"CAP_SETUID"_s,     u"CAP_SETFCAP"_s,          u"CAP_SETPCAP"_s,
                          u"CAP_KILL"_s,       u"CAP_NET_BIND_SERVICE"_s, u"CAP_SYS_CHROOT"_s,
                          u"CAP_AUDIT_WRITE"_s};
    return {{u"bounding"_s, list}, {u"effective"_s, list}, {u"permitted"_s, list}};
}

static QJsonObject process()
{
    return {{u"terminal"_s, false},
            {u"cwd"_s, u"/"_s},
            {u"args"_s, QJsonArray{s_initPath, u"init"_s}},
            {u"env"_s, QJsonArray()},
            {u"noNewPrivileges"_s, false},
            {u"user"_s, QJsonObject{{u"uid"_s, 0}, {u"gid"_s, 0}, {u"additionalGids"_s, QJsonArray{0}}}},
            {u"capabilities"_s, capabilities()}};
}

static QJsonArray maskedPaths()
{
    QJsonArray paths{u"/sys/firmware"_s, u"/sys/devices/virtual/powercap"_s};
    for (const char *name : {"acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug",
                             "scsi", "timer_list", "timer_stats"})
        paths << u"/proc/"_s + QString::fromLatin1(name);
    const QDir processors(u"/sys/devices/system/cpu"_s);
    for (const QString &name : processors.entryList({u"cpu*"_s}, QDir::Dirs))
        if (const QString throttle = processors.filePath(name + u"/thermal_throttle"_s);
            QDir(throttle).exists())
            paths << throttle;
    return paths;
}

static QJsonObject linuxPart(const ContainerSpec &spec)
{
    QJsonArray namespaces;
    for (const char *type : {"mount", "pid", "ipc", "uts"})
        namespaces << QJsonObject{{u"type"_s, QString::fromLatin1(type)}};
    if (!spec.networking)
        namespaces << QJsonObject{{u"type"_s, u"network"_s}};
    return {{u"namespaces"_s, namespaces},
            {u"devices"_s, QJsonArray()},
            {u"rootfsPropagation"_s, u"private"_s},
            {u"maskedPaths"_s, maskedPaths()},
            {u"readonlyPaths"_s, QJsonArray{u"/proc/bus"_s, u"/proc/fs"_s, u"/proc/irq"_s, u"/proc/sys"_s,
                                            u"/proc/sysrq-trigger"_s}},
            {u"seccomp"_s, seccompProfile()}};
}

// Between the mounts and the change of the root, in the container's mount namespace. In a user namespace the
// kernel opens no device of an image anyway.
static QJsonObject hooks(const ContainerSpec &spec)
{
    if (!inInitialUserNamespace())
        return {};
    const QJsonObject hook{
        {u"path"_s, QString::fromStdString(spec.initProgram)},
        {u"args"_s, QJsonArray{u"cooperage-init"_s, u"nodev"_s, QString::fromStdString(spec.root)}}};
    return {{u"createContainer"_s, QJsonArray{hook}}};
}

QByteArray ociConfig(const ContainerSpec &spec)
{
    const QJsonObject config{
        {u"ociVersion"_s, u"1.0.2"_s},
        {u"root"_s, QJsonObject{{u"path"_s, QString::fromStdString(spec.root)}, {u"readonly"_s, false}}},
        {u"hostname"_s, QString::fromStdString(spec.hostname)},
        {u"process"_s, process()},
        {u"mounts"_s, mounts(spec)},
        {u"hooks"_s, hooks(spec)},
        {u"linux"_s, linuxPart(spec)}};
    return QJsonDocument(config).toJson(QJsonDocument::Compact);
}

} // namespace cooperage::embedded
