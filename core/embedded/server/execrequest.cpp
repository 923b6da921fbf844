#include "core/embedded/server/execrequest.h"

#include "core/embedded/server/text.h"

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

static constexpr qint64 mostOutput = 10 * 1024 * 1024;

ClosableStream ClosableStream::read(JsonFields &fields, bool required)
{
    ClosableStream stream;
    stream.close = fields.flag("close"_L1, true);
    const QString encoding = fields.text("encoding"_L1, u"ascii"_s);
    const QJsonValue value = fields.value("value"_L1);
    if (!value.isString()) {
        if (required)
            fields.fail("value"_L1, Text::tr("must be a string"));
        return stream;
    }
    if (encoding == "base64"_L1) {
        const auto decoded = QByteArray::fromBase64Encoding(value.toString().toLatin1(),
                                                            QByteArray::Base64Encoding |
                                                                QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded)
            fields.fail("value"_L1, Text::tr("is not valid base64"));
        stream.bytes = *decoded;
    } else if (encoding == "ascii"_L1) {
        stream.bytes = value.toString().toUtf8();
    } else {
        fields.fail("encoding"_L1, Text::tr("must be ascii or base64"));
    }
    return stream;
}

static void readInput(JsonFields &fields, ExecRequest &request)
{
    const QJsonObject object = fields.object("stdin"_L1);
    JsonFields stream(object, u"stdin."_s);
    request.input = ClosableStream::read(stream, !object.isEmpty());
    fields.adopt(stream);
}

static void readEnv(JsonFields &fields, ExecRequest &request)
{
    request.env = fields.textMap("env"_L1);
    const QStringList names = request.env.keys();
    for (const QString &name : names) {
        if (name.isEmpty() || name.contains(u'='))
            fields.fail("env"_L1, Text::tr("has a variable with an impossible name"));
    }
}

ExecRequest ExecRequest::read(JsonFields &fields)
{
    ExecRequest request{.command = fields.requiredText("command"_L1)};
    request.args = fields.texts("args"_L1);
    request.shell = fields.flag("shell"_L1, false);
    readEnv(fields, request);
    request.cwd = fields.text("cwd"_L1);
    if (!request.cwd.isEmpty() && !request.cwd.startsWith(u'/'))
        fields.fail("cwd"_L1, Text::tr("must be an absolute path"));
    request.uid = fields.id("uid"_L1);
    request.gid = fields.id("gid"_L1);
    readInput(fields, request);
    request.truncateAt = fields.integer("truncate_output_at"_L1, request.truncateAt, 0, mostOutput);
    return request;
}

std::vector<std::string> ExecRequest::argv() const
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

static bool isSecret(const QString &name)
{
    static constexpr QLatin1StringView endings[] = {"token"_L1,   "secret"_L1,      "password"_L1,
                                                    "api_key"_L1, "credentials"_L1, "authorization"_L1};
    return std::ranges::any_of(
        endings, [&](QLatin1StringView ending) { return name.endsWith(ending, Qt::CaseInsensitive); });
}

QJsonObject ExecRequest::shownEnv() const
{
    QJsonObject result;
    for (auto each = env.begin(); each != env.end(); ++each)
        result[each.key()] = isSecret(each.key()) ? u"<MASKED>"_s : each.value();
    return result;
}

ProcessSpec ExecRequest::spec(const QMap<QString, QString> &base) const
{
    ProcessSpec result;
    result.argv = argv();
    for (const auto &variables : {base, env}) {
        for (auto each = variables.begin(); each != variables.end(); ++each)
            result.env[each.key().toStdString()] = each.value().toStdString();
    }
    result.cwd = cwd.toStdString();
    result.uid = uid;
    result.gid = gid;
    result.stdinData = input.bytes.toStdString();
    result.keepStdinOpen = !input.close;
    result.truncateAt = truncateAt;
    return result;
}

} // namespace cooperage::embedded
