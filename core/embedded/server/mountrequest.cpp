#include "core/embedded/server/instancemounts.h"
#include "core/embedded/server/instancerequest.h"
#include "core/embedded/server/text.h"
#include "core/embedded/store/rootpath.h"

#include <limits>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;
using Type = MountRequest::Type;

static constexpr qsizetype s_mostMounts = 256;

static const QMap<QString, Type> &types()
{
    static const QMap<QString, Type> all{{u"bind"_s, Type::Bind},         {u"cache"_s, Type::Cache},
                                         {u"tmpfs"_s, Type::Memory},      {u"file"_s, Type::File},
                                         {u"variable"_s, Type::Variable}, {u"ssh"_s, Type::Agent}};
    return all;
}

static RunMount::Type runType(Type type)
{
    switch (type) {
    case Type::Memory:
        return RunMount::Type::Memory;
    case Type::File:
    case Type::Variable:
        return RunMount::Type::File;
    case Type::Agent:
        return RunMount::Type::Agent;
    case Type::Bind:
    case Type::Cache:
        break;
    }
    return RunMount::Type::Bind;
}

static std::string readTarget(JsonFields &fields)
{
    const Result<std::string> plain = plainPath(fields.requiredText("target"_L1).toStdString());
    if (!plain) {
        fields.fail("target"_L1, plain.error().what);
        return {};
    }
    for (const char *kernel : {"/proc", "/sys"})
        if (*plain == kernel || plain->starts_with(std::string(kernel) + '/'))
            fields.fail("target"_L1, Text::tr("must not be in a folder of the kernel"));
    if (*plain == "/" || *plain == "/dev")
        fields.fail("target"_L1, Text::tr("must not be / or /dev"));
    return *plain;
}

static std::string readContent(JsonFields &fields)
{
    const auto decoded = QByteArray::fromBase64Encoding(fields.text("content"_L1).toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        fields.fail("content"_L1, Text::tr("must be base64"));
    return decoded.decoded.toStdString();
}

static QString readName(JsonFields &fields, const std::string &content)
{
    const QString name = fields.requiredText("name"_L1);
    if (name.contains(u'=') || content.find('\0') != std::string::npos)
        fields.fail("name"_L1, Text::tr("is not possible, or its value holds a zero byte"));
    return name;
}

static MountRequest readOne(JsonFields &fields, bool local)
{
    MountRequest request;
    const QString type = fields.requiredText("type"_L1);
    if (!types().contains(type))
        fields.fail("type"_L1, Text::tr("must be bind, cache, tmpfs, file, variable or ssh"));
    request.type = types().value(type);
    request.mount.type = runType(request.type);
    if (request.type != Type::Variable)
        request.mount.target = readTarget(fields);
    request.mount.readOnly = fields.flag("read_only"_L1, request.type == Type::Bind);
    request.mount.uid = fields.id("uid"_L1);
    request.mount.gid = fields.id("gid"_L1);
    switch (request.type) {
    case Type::Cache:
        request.id = fields.requiredText("id"_L1);
        request.sharing = fields.text("sharing"_L1, u"shared"_s);
        if (!QStringList{u"shared"_s, u"private"_s, u"locked"_s}.contains(request.sharing))
            fields.fail("sharing"_L1, Text::tr("must be shared, private or locked"));
        [[fallthrough]];
    case Type::Bind:
        request.mount.mode = fields.mode("mode"_L1, 0755);
        request.source = fields.text("source"_L1, u"/"_s);
        break;
    case Type::Memory:
        request.mount.size = fields.integer("size"_L1, 0, 0, std::numeric_limits<qint64>::max());
        break;
    case Type::File:
    case Type::Variable:
        request.mount.mode = fields.mode("mode"_L1, 0400);
        request.mount.content = readContent(fields);
        if (request.type == Type::Variable)
            request.name = readName(fields, request.mount.content);
        break;
    case Type::Agent:
        request.mount.mode = fields.mode("mode"_L1, 0600);
        request.mount.agent = fields.requiredText("agent"_L1).toStdString();
        if (!local)
            fields.fail("agent"_L1, Text::tr("paths of this machine are for the Unix socket only"));
        break;
    }
    return request;
}

Result<std::vector<MountRequest>> MountRequest::readAll(Store &store, const QJsonArray &mounts, bool local)
{
    if (mounts.size() > s_mostMounts)
        return failure(ErrorKind::BadInput, Text::tr("must not hold more than 256 mounts"), u"mounts"_s);
    std::vector<MountRequest> result;
    for (qsizetype i = 0; i < mounts.size(); ++i) {
        JsonFields fields(mounts[i].toObject(), u"mounts[%1]."_s.arg(i));
        MountRequest request = readOne(fields, local);
        const QString from = fields.text("from"_L1);
        if (!fields.verdict())
            return std::unexpected(*fields.error());
        if (!from.isEmpty()) {
            const Result<StoredImage> image = findImage(store, from);
            if (!image)
                return std::unexpected(image.error());
            request.image = *image;
        }
        result.push_back(std::move(request));
    }
    return result;
}

QJsonObject MountRequest::shown() const
{
    QJsonObject result{{u"type"_s, types().key(type)}};
    if (type == Type::Variable) {
        result[u"name"_s] = name;
        return result;
    }
    result[u"target"_s] = QString::fromStdString(mount.target);
    result[u"read_only"_s] = mount.readOnly;
    if (image)
        result[u"from"_s] = image->uuid;
    if (type == Type::Bind || type == Type::Cache)
        result[u"source"_s] = source;
    if (type == Type::Cache) {
        result[u"id"_s] = id;
        result[u"sharing"_s] = sharing;
    }
    if (type == Type::Memory)
        result[u"size"_s] = static_cast<qint64>(mount.size);
    return result;
}

} // namespace cooperage::embedded
