#include "core/embedded/runtime/busyboximage.h"

#include "core/base/sha256.h"
#include "core/embedded/runtime/runtimetext.h"
#include "core/embedded/store/staging.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

static const QString s_tag = u"busybox:latest"_s;

QString staticBusybox()
{
    const QString ours = QCoreApplication::applicationDirPath() + u"/../lib/cooperage/busybox"_s;
    for (const QString &path : {u"/usr/bin/busybox"_s, u"/bin/busybox"_s, ours}) {
        QFile file(path);
        // A program without an interpreter is static: /lib/ld-linux... stands near the beginning of the
        // others.
        if (QFileInfo(path).isExecutable() && file.open(QFile::ReadOnly) && !file.read(4096).contains("/ld-"))
            return QFileInfo(path).canonicalFilePath();
    }
    return {};
}

static StageEntry folder(const char *path, std::uint32_t mode = 0755)
{
    return {.type = StageEntry::Type::Folder, .path = path, .mode = mode, .mtimeNs = 0};
}

static StageEntry text(const char *path, const char *content)
{
    return {.path = path, .mtimeNs = 0, .content = content};
}

static StageEntry link(const std::string &path, const std::string &target)
{
    return {.type = StageEntry::Type::Symlink, .path = path, .mtimeNs = 0, .linkTarget = target};
}

static Result<QList<QByteArray>> applets(const QString &busybox)
{
    QProcess process;
    process.start(busybox, {u"--list-full"_s});
    if (!process.waitForFinished(10'000) || process.exitCode() != 0)
        return failure(ErrorKind::Failed, RuntimeText::tr("busybox does not list its programs"), busybox);
    QList<QByteArray> names = process.readAllStandardOutput().split('\n');
    names.removeAll(QByteArray());
    std::ranges::sort(names);
    return names;
}

static std::vector<StageEntry> rootEntries(const QString &busybox, const QList<QByteArray> &applets)
{
    std::vector<StageEntry> entries{
        folder("/bin"),
        folder("/dev"),
        folder("/etc"),
        folder("/home"),
        folder("/proc"),
        folder("/root", 0700),
        folder("/run"),
        folder("/sbin"),
        folder("/sys"),
        folder("/tmp", 01777),
        folder("/usr"),
        folder("/usr/bin"),
        folder("/usr/sbin"),
        folder("/var"),
        folder("/var/log"),
        folder("/var/spool"),
        folder("/var/tmp", 01777),
        text("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
                            "daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
                            "www-data:x:33:33:www-data:/var/www:/bin/false\n"
                            "nobody:x:65534:65534:nobody:/home:/bin/false\n"),
        text("/etc/group", "root:x:0:\ndaemon:x:1:\ntty:x:5:\nwww-data:x:33:\nnogroup:x:65534:\n"),
        text("/etc/shells", "/bin/sh\n"),
    };
    entries.push_back({.path = "/bin/busybox",
                       .mode = 0755,
                       .mtimeNs = 0,
                       .hostFile = QFile::encodeName(busybox).toStdString()});
    for (const QByteArray &applet : applets) {
        // Everything in /bin, and where scripts expect it by its full name (/usr/bin/env).
        const std::string name = applet.mid(applet.lastIndexOf('/') + 1).toStdString();
        if (name != "busybox")
            entries.push_back(link("/bin/" + name, "busybox"));
        if (applet.contains('/') && !applet.startsWith("bin/"))
            entries.push_back(link('/' + applet.toStdString(), "/bin/busybox"));
    }
    return entries;
}

// Tells which program an image was made of.
static QString origin(const QByteArray &sha256)
{
    return u"static busybox sha256:"_s + QString::fromLatin1(sha256);
}

static QString architecture()
{
    const QString name = QSysInfo::currentCpuArchitecture();
    return name == "x86_64"_L1 ? u"amd64"_s : name == "i386"_L1 ? u"386"_s : name;
}

static QByteArray imageConfig(const QString &createdBy)
{
    const QJsonObject run{
        {u"Env"_s, QJsonArray{u"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"_s}},
        {u"Cmd"_s, QJsonArray{u"sh"_s}}};
    const QJsonObject config{
        {u"architecture"_s, architecture()},
        {u"os"_s, u"linux"_s},
        {u"created"_s, u"1970-01-01T00:00:00Z"_s},
        {u"config"_s, run},
        {u"rootfs"_s, QJsonObject{{u"type"_s, u"layers"_s}, {u"diff_ids"_s, QJsonArray()}}},
        {u"history"_s,
         QJsonArray{QJsonObject{{u"created"_s, u"1970-01-01T00:00:00Z"_s}, {u"created_by"_s, createdBy}}}}};
    return QJsonDocument(config).toJson(QJsonDocument::Compact);
}

static bool isMadeOf(Store &store, const QByteArray &config)
{
    const Result<QList<ImageRow>> rows = store.images({.limit = 1000, .tagPrefix = s_tag});
    for (const ImageRow &row : rows.value_or(QList<ImageRow>()))
        if (const Result<StoredImage> image = store.image(row.uuid);
            image && image->isPublic && image->config == config)
            return true;
    return false;
}

Result<> ensureBusyboxImage(Store &store, const QString &busybox)
{
    const Result<QByteArray> sha256 = sha256OfFile(busybox);
    if (!sha256)
        return std::unexpected(sha256.error());
    const QByteArray config = imageConfig(origin(*sha256));
    if (isMadeOf(store, config))
        return {};
    const Result<QList<QByteArray>> names = applets(busybox);
    if (!names)
        return std::unexpected(names.error());
    Result<LayerDraft> draft = store.beginLayer();
    if (!draft)
        return std::unexpected(draft.error());
    if (Result<> staged = stageEntries(draft->upper(), rootEntries(busybox, *names)); !staged)
        return staged;
    const Result<LayerId> layer = store.commitLayer(std::move(*draft));
    if (!layer)
        return std::unexpected(layer.error());
    const Result<StoredImage> image =
        store.createImage({.layers = {*layer}, .config = config, .isPublic = true});
    return image ? store.setTag(image->uuid, s_tag, true) : std::unexpected(image.error());
}

} // namespace cooperage::embedded
