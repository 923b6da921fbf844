#include "core/embedded/server/instancerequest.h"

#include "core/embedded/server/context.h"
#include "core/embedded/server/jsonfields.h"
#include "core/embedded/server/text.h"
#include "core/images/reference.h"

#include <QJsonArray>

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr qint64 mostOutput = 10 * 1024 * 1024;

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

static QByteArray readStdin(JsonFields &fields)
{
    const QJsonObject object = fields.object("stdin"_L1);
    const QJsonValue value = object.value("value"_L1);
    const QString encoding = object.value("encoding"_L1).toString(u"ascii"_s);
    if (!object.isEmpty() && !value.isString())
        fields.fail("stdin"_L1, Text::tr("must have a value"));
    if (encoding == "base64"_L1) {
        const auto decoded = QByteArray::fromBase64Encoding(value.toString().toLatin1(),
                                                            QByteArray::Base64Encoding |
                                                                QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded)
            fields.fail("stdin"_L1, Text::tr("is not valid base64"));
        return *decoded;
    }
    if (encoding != "ascii"_L1)
        fields.fail("stdin"_L1, Text::tr("has an unknown encoding; use ascii or base64"));
    return value.toString().toUtf8();
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

static void readEnv(JsonFields &fields, InstanceRequest &request)
{
    request.env = fields.textMap("env"_L1);
    const QStringList names = request.env.keys();
    for (const QString &name : names) {
        if (name.isEmpty() || name.contains(u'='))
            fields.fail("env"_L1, Text::tr("has a variable with an impossible name"));
    }
}

Result<InstanceRequest> InstanceRequest::read(Store &store, const QJsonObject &body)
{
    JsonFields fields(body);
    InstanceRequest request{.command = fields.requiredText("command"_L1)};
    request.args = fields.texts("args"_L1);
    request.shell = fields.flag("shell"_L1, false);
    readEnv(fields, request);
    request.preserveEnv = fields.flag("preserve_env"_L1, false);
    request.cwd = fields.text("cwd"_L1);
    if (!request.cwd.isEmpty() && !request.cwd.startsWith(u'/'))
        fields.fail("cwd"_L1, Text::tr("must be an absolute path"));
    request.hostname = fields.text("hostname"_L1, u"linuxkit"_s);
    if (request.hostname.isEmpty() || request.hostname.size() > 64)
        fields.fail("hostname"_L1, Text::tr("must have 1 to 64 characters"));
    request.uid = fields.id("uid"_L1);
    request.gid = fields.id("gid"_L1);
    request.stdinData = readStdin(fields);
    request.timeout = static_cast<int>(fields.integer("timeout"_L1, request.timeout, 1, instanceMaxTimeout));
    request.truncateAt = fields.integer("truncate_output_at"_L1, request.truncateAt, 0, mostOutput);
    request.disposable = fields.flag("disposable"_L1, false);
    JsonFields limits(fields.object("resources_limits"_L1), u"resources_limits."_s);
    request.maxLayerBytes = limits.integer("max_layer_bytes"_L1, 0, 0, std::numeric_limits<qint64>::max());
    JsonFields network(fields.object("networking"_L1), u"networking."_s);
    request.networking = network.flag("enabled"_L1, true);
    const QString reference = fields.requiredText("image"_L1);
    const QJsonObject files = fields.object("files"_L1);
    for (const JsonFields *each : {&fields, &limits, &network}) {
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
    return request;
}

static bool isSecret(const QString &name)
{
    static constexpr QLatin1StringView endings[] = {"token"_L1,   "secret"_L1,      "password"_L1,
                                                    "api_key"_L1, "credentials"_L1, "authorization"_L1};
    return std::ranges::any_of(
        endings, [&](QLatin1StringView ending) { return name.endsWith(ending, Qt::CaseInsensitive); });
}

QJsonObject InstanceRequest::shownEnv() const
{
    QJsonObject result;
    for (auto each = env.begin(); each != env.end(); ++each)
        result[each.key()] = isSecret(each.key()) ? u"<MASKED>"_s : each.value();
    return result;
}

QJsonObject InstanceRequest::metadata() const
{
    QJsonObject result{{u"command"_s, command},
                       {u"image"_s, image.uuid},
                       {u"args"_s, QJsonArray::fromStringList(args)},
                       {u"shell"_s, shell},
                       {u"env"_s, shownEnv()},
                       {u"preserve_env"_s, preserveEnv},
                       {u"hostname"_s, hostname},
                       {u"uid"_s, static_cast<qint64>(uid)},
                       {u"gid"_s, static_cast<qint64>(gid)},
                       {u"timeout"_s, timeout},
                       {u"truncate_output_at"_s, truncateAt},
                       {u"disposable"_s, disposable},
                       {u"networking"_s, QJsonObject{{u"enabled"_s, networking}}}};
    if (!cwd.isEmpty())
        result[u"cwd"_s] = cwd;
    return result;
}

std::vector<std::string> InstanceRequest::argv() const
{
    std::vector<std::string> result;
    if (!shell) {
        result.push_back(command.toStdString());
        for (const QString &each : args)
            result.push_back(each.toStdString());
        return result;
    }
    QString expression = command;
    for (QString each : args)
        expression += u" '"_s + each.replace(u'\'', "'\\''"_L1) + u'\'';
    return {"/bin/sh", "-c", expression.toStdString()};
}

} // namespace cooperage::embedded
