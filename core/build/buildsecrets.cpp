#include "core/build/buildsecrets.h"

#include "core/dockerfile/csvfields.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("BuildSecrets", text);
}

static constexpr qint64 s_largest = 500 * 1024;

static std::unexpected<Error> bad(const QString &what)
{
    return failure(ErrorKind::BadInput, what);
}

static bool isVariable(const QString &name)
{
    return qEnvironmentVariableIsSet(name.toLocal8Bit().constData());
}

Result<SecretSource> readSecretSource(const QString &text)
{
    const auto fields = dockerfile::csvFields(text);
    if (!fields)
        return bad(
            tr("--secret wants \"id=NAME,src=FILE\" or \"id=NAME,env=VARIABLE\", not \"%1\"").arg(text));
    SecretSource source;
    QString type;
    for (const QString &field : *fields) {
        const qsizetype equals = field.indexOf(u'=');
        if (equals < 0)
            return bad(tr("--secret: invalid field '%1' must be a key=value pair").arg(field));
        const QString key = field.first(equals).toLower();
        const QString value = field.sliced(equals + 1);
        if (key == "id"_L1)
            source.id = value;
        else if (key == "source"_L1 || key == "src"_L1)
            source.file = value;
        else if (key == "env"_L1)
            source.variable = value;
        else if (key == "type"_L1 && (value == "file"_L1 || value == "env"_L1))
            type = value;
        else
            return bad(tr("--secret: unexpected key '%1' in '%2'").arg(key, field));
    }
    if (source.id.isEmpty())
        return bad(tr("--secret: \"%1\" has no id").arg(text));
    if (type == "env"_L1 && source.variable.isEmpty())
        source.variable = std::exchange(source.file, {});
    if (source.file.isEmpty() && source.variable.isEmpty())
        (type != "file"_L1 && (type == "env"_L1 || isVariable(source.id)) ? source.variable : source.file) =
            source.id;
    return source;
}

Result<AgentSource> readAgentSource(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    AgentSource source{equals < 0 ? text : text.first(equals), {}};
    if (equals >= 0)
        source.paths = text.sliced(equals + 1).split(u',');
    if (source.id.isEmpty() || source.paths.contains(QString()))
        return bad(tr("--ssh wants \"default\", \"ID=SOCKET\" or \"ID=KEY\", not \"%1\"").arg(text));
    return source;
}

static Result<QByteArray> load(const SecretSource &source)
{
    if (!source.variable.isEmpty()) {
        if (isVariable(source.variable))
            return qgetenv(source.variable.toLocal8Bit().constData());
        return failure(ErrorKind::NotFound,
                       tr("secret %1: there is no variable %2").arg(source.id, source.variable), {},
                       tr("Set it, or give the secret with src=FILE."));
    }
    QFile file(source.file);
    if (!QFileInfo(file).isFile() || !file.open(QFile::ReadOnly))
        return failure(file.exists() ? ErrorKind::Denied : ErrorKind::NotFound,
                       tr("secret %1: the file cannot be read").arg(source.id), source.file,
                       tr("Check its name and that it is yours to read."));
    QByteArray value = file.read(s_largest + 1);
    if (value.size() > s_largest)
        return failure(ErrorKind::BadInput,
                       tr("secret %1: the file is larger than %2 bytes").arg(source.id).arg(s_largest),
                       source.file);
    return value;
}

Result<QMap<QString, QByteArray>> loadSecrets(const QList<SecretSource> &sources)
{
    QMap<QString, QByteArray> secrets;
    for (const SecretSource &source : sources) {
        Result<QByteArray> value = load(source);
        if (!value)
            return std::unexpected(value.error());
        secrets[source.id] = *std::move(value);
    }
    return secrets;
}

} // namespace cooperage::build
