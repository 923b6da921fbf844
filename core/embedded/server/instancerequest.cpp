#include "core/embedded/server/instancerequest.h"

#include "core/embedded/server/context.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/text.h"
#include "core/images/reference.h"

#include <QJsonArray>

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

Result<StoredImage> findImage(Store &store, const QString &reference)
{
    if (reference.startsWith("tag:"_L1)) {
        return store.uuidOfTag(reference.sliced(4)).and_then([&](const QString &uuid) {
            return store.image(uuid);
        });
    }
    if (!images::isUuid(reference))
        return failure(ErrorKind::BadInput, Text::tr("must be the uuid of an image or tag:NAME"), u"image"_s);
    return store.image(reference);
}

static Result<std::vector<StageEntry>> readFiles(Store &store, const QJsonObject &files)
{
    std::vector<StageEntry> result;
    for (auto each = files.begin(); each != files.end(); ++each) {
        const QString where = u"files."_s + each.key();
        JsonFields fields(each.value().toObject(), where + u'.');
        const QString uuid = fields.requiredText("uuid"_L1);
        StageEntry entry{
            .path = each.key().toStdString(), .uid = fields.id("uid"_L1), .gid = fields.id("gid"_L1)};
        entry.mode = fields.mode("mode"_L1, 0644);
        if (!fields.verdict())
            return std::unexpected(*fields.error());
        if (!each.key().startsWith(u'/') || each.key().contains(QChar(u'\0')))
            return failure(ErrorKind::BadInput, Text::tr("must be an absolute path"), where);
        const Result<StoredFile> file = store.fileByUuid(uuid);
        if (!file)
            return std::unexpected(file.error());
        entry.hostFile = store.filePath(*file);
        entry.lease = file->lease;
        result.push_back(std::move(entry));
    }
    return result;
}

TerminalSize readTerminalSize(JsonFields &fields)
{
    constexpr qint64 most = 4096;
    TerminalSize size;
    size.columns = static_cast<std::uint16_t>(fields.integer("columns"_L1, size.columns, 1, most));
    size.rows = static_cast<std::uint16_t>(fields.integer("rows"_L1, size.rows, 1, most));
    return size;
}

Result<InstanceRequest> InstanceRequest::read(Store &store, const QJsonObject &body, bool local)
{
    JsonFields fields(body);
    InstanceRequest request{.process = ExecRequest::read(fields)};
    request.preserveEnv = fields.flag("preserve_env"_L1, false);
    request.hostname = fields.text("hostname"_L1, u"linuxkit"_s);
    if (request.hostname.isEmpty() || request.hostname.size() > 64)
        fields.fail("hostname"_L1, Text::tr("must have 1 to 64 characters"));
    request.timeout = static_cast<int>(fields.integer("timeout"_L1, request.timeout, 1, instanceMaxTimeout));
    request.disposable = fields.flag("disposable"_L1, false);
    JsonFields limits(fields.object("resources_limits"_L1), u"resources_limits."_s);
    request.maxLayerBytes = limits.integer("max_layer_bytes"_L1, 0, 0, std::numeric_limits<qint64>::max());
    JsonFields network(fields.object("networking"_L1), u"networking."_s);
    request.networking = network.flag("enabled"_L1, true);
    JsonFields terminal(fields.object("terminal"_L1), u"terminal."_s);
    if (fields.has("terminal"_L1))
        request.terminal = readTerminalSize(terminal);
    const QString reference = fields.requiredText("image"_L1);
    const QJsonObject files = fields.object("files"_L1);
    const QJsonArray mounts = fields.array("mounts"_L1);
    for (const JsonFields *each : {&fields, &limits, &network, &terminal}) {
        if (!each->verdict())
            return std::unexpected(*each->error());
    }
    const Result<StoredImage> image = findImage(store, reference);
    if (!image)
        return std::unexpected(image.error());
    request.image = *image;
    Result<std::vector<StageEntry>> staged = readFiles(store, files);
    if (!staged)
        return std::unexpected(staged.error());
    request.files = std::move(*staged);
    Result<std::vector<MountRequest>> mounted = MountRequest::readAll(store, mounts, local);
    if (!mounted)
        return std::unexpected(mounted.error());
    request.mounts = std::move(*mounted);
    return request;
}

QJsonObject InstanceRequest::metadata() const
{
    QJsonObject result{{u"command"_s, process.command},
                       {u"image"_s, image.uuid},
                       {u"args"_s, QJsonArray::fromStringList(process.args)},
                       {u"shell"_s, process.shell},
                       {u"env"_s, process.shownEnv()},
                       {u"preserve_env"_s, preserveEnv},
                       {u"hostname"_s, hostname},
                       {u"uid"_s, static_cast<qint64>(process.uid)},
                       {u"gid"_s, static_cast<qint64>(process.gid)},
                       {u"timeout"_s, timeout},
                       {u"truncate_output_at"_s, process.truncateAt},
                       {u"disposable"_s, disposable},
                       {u"networking"_s, QJsonObject{{u"enabled"_s, networking}}}};
    if (!process.cwd.isEmpty())
        result[u"cwd"_s] = process.cwd;
    if (terminal)
        result[u"terminal"_s] = QJsonObject{{u"columns"_s, terminal->columns}, {u"rows"_s, terminal->rows}};
    if (!mounts.empty()) {
        QJsonArray shown;
        for (const MountRequest &mount : mounts)
            shown.append(mount.shown());
        result[u"mounts"_s] = shown;
    }
    if (maxLayerBytes > 0)
        result[u"resources_limits"_s] = QJsonObject{{u"max_layer_bytes"_s, maxLayerBytes}};
    return result;
}

} // namespace cooperage::embedded
