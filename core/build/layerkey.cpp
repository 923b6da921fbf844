#include "core/build/layerkey.h"

#include "core/base/sha256.h"

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QByteArray pythonString(const QString &text)
{
    QByteArray result = "\"";
    for (const QChar character : text) {
        const char16_t unit = character.unicode();
        switch (unit) {
        case u'"':
            result += "\\\"";
            break;
        case u'\\':
            result += "\\\\";
            break;
        case u'\n':
            result += "\\n";
            break;
        case u'\r':
            result += "\\r";
            break;
        case u'\t':
            result += "\\t";
            break;
        case u'\b':
            result += "\\b";
            break;
        case u'\f':
            result += "\\f";
            break;
        default:
            if (unit >= 0x20 && unit < 0x7f)
                result += static_cast<char>(unit);
            else
                result += "\\u" + QByteArray::number(unit, 16).rightJustified(4, '0');
        }
    }
    return result + '"';
}

QByteArray pythonJson(const QJsonValue &value)
{
    QByteArrayList parts;
    switch (value.type()) {
    case QJsonValue::Array:
        for (const QJsonValue element : value.toArray())
            parts << pythonJson(element);
        return '[' + parts.join(", ") + ']';
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            parts << pythonString(it.key()) + ": " + pythonJson(it.value());
        return '{' + parts.join(", ") + '}';
    }
    case QJsonValue::String:
        return pythonString(value.toString());
    case QJsonValue::Double:
        return QByteArray::number(value.toInteger());
    case QJsonValue::Bool:
        return value.toBool() ? "true" : "false";
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return "null";
}

static QJsonArray pairs(const QMap<QString, QString> &map)
{
    QJsonArray result;
    for (const auto &[name, value] : map.asKeyValueRange())
        result.append(QJsonArray{name, value});
    return result;
}

static QByteArray chain(const QByteArray &parent, const QJsonValue &state, const QByteArray &contribution,
                        const QJsonArray &pending)
{
    return Sha256::hex(parent + '\0' + pythonJson(state) + '\0' + contribution + '\0' + pythonJson(pending));
}

QByteArray baseKey(const QString &imageUuid)
{
    return Sha256::hex("FROM:" + imageUuid.toUtf8());
}

QByteArray scratchKey()
{
    return baseKey(u"scratch"_s);
}

QByteArray runKey(const QByteArray &parent, const KeyState &state, const RunText &text,
                  const QJsonArray &pending)
{
    const QJsonObject json{{u"args"_s, pairs(state.args)},
                           {u"env"_s, pairs(state.env)},
                           {u"user"_s, state.user},
                           {u"workdir"_s, state.workdir}};
    QByteArray contribution = text.shell ? "RUN shell=True parts=" : "RUN shell=False parts=";
    contribution += pythonJson(QJsonArray::fromStringList(text.parts));
    if (!text.interpreter.isEmpty())
        contribution += " interpreter=" + pythonJson(QJsonArray::fromStringList(text.interpreter));
    if (!text.network.isEmpty())
        contribution += " network=" + text.network.toUtf8();
    if (!text.hostname.isEmpty())
        contribution += " hostname=" + pythonJson(text.hostname);
    if (!text.mounts.isEmpty())
        contribution += " mounts=" + pythonJson(text.mounts);
    return chain(parent, json, contribution, pending);
}

QByteArray copyKey(const QByteArray &parent, const QJsonObject &contribution, const QJsonArray &pending)
{
    return chain(parent, QJsonObject(), "COPY " + pythonJson(contribution), pending);
}

QByteArray linkedKey(const QByteArray &parent, const QByteArray &layer)
{
    return chain(parent, QJsonObject(), "LINK " + layer, {});
}

QByteArray workdirKey(const QByteArray &parent, const QString &user, const QString &path)
{
    return chain(parent, QJsonObject{{u"user"_s, user}}, "WORKDIR " + pythonJson(path), {});
}

QByteArray configKey(const QByteArray &parent, const QJsonObject &config)
{
    return chain(parent, QJsonObject(), "CONFIG " + pythonJson(config), {});
}

} // namespace cooperage::build
