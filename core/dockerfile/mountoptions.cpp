#include "core/dockerfile/mountoptions.h"

#include "core/dockerfile/csvfields.h"
#include "core/dockerfile/goquote.h"
#include "core/dockerfile/suggestion.h"

#include <QMap>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace cooperage::dockerfile {

using Type = MountOptions::Type;

static std::unexpected<Error> bad(const QString &message)
{
    return failure(ErrorKind::BadInput, message);
}

static QString typeName(Type type)
{
    static const QStringList names{u"bind"_s, u"cache"_s, u"tmpfs"_s, u"secret"_s, u"ssh"_s};
    return names[static_cast<int>(type)];
}

static Result<QStringList> fieldsOf(const QString &value)
{
    const auto fields = csvFields(value);
    if (!fields)
        return bad(u"failed to parse csv mounts: "_s + fields.error());
    return *fields;
}

// As Go's strconv.ParseBool.
static Result<bool> readBool(const QString &key, const QString &value)
{
    if (QStringList{u"1"_s, u"t"_s, u"T"_s, u"true"_s, u"TRUE"_s, u"True"_s}.contains(value))
        return true;
    if (QStringList{u"0"_s, u"f"_s, u"F"_s, u"false"_s, u"FALSE"_s, u"False"_s}.contains(value))
        return false;
    return bad(u"invalid value for %1: %2"_s.arg(key, value));
}

static Result<quint32> readNumber(const QString &key, const QString &value, int base)
{
    bool isNumber = std::ranges::all_of(value, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const quint32 number = isNumber ? value.toUInt(&isNumber, base) : 0;
    if (!isNumber)
        return bad(u"invalid value %1 for %2"_s.arg(value, key));
    return number;
}

// Numbers of bytes as Docker writes them: "64m", "1.5 GiB".
static std::optional<qint64> readSize(const QString &value)
{
    static const QString letters = u"kmgtp"_s;
    qsizetype end = value.size();
    while (end > 0 && !value[end - 1].isDigit() && value[end - 1] != u'.' && value[end - 1] != u' ')
        --end;
    const QString suffix = value.sliced(end).toLower();
    bool isNumber = false;
    const double number = value.first(end > 0 && value[end - 1] == u' ' ? end - 1 : end).toDouble(&isNumber);
    const qsizetype power = suffix.isEmpty() || suffix == "b"_L1 ? 0 : letters.indexOf(suffix[0]) + 1;
    const bool isSuffix =
        suffix.isEmpty() || suffix == "b"_L1 ||
        (power > 0 && (suffix.size() == 1 || suffix.sliced(1) == "b"_L1 || suffix.sliced(1) == "ib"_L1));
    const double size = number * std::pow(1024.0, static_cast<double>(power));
    if (!isNumber || !isSuffix || number < 0 || size >= 9.2e18)
        return std::nullopt;
    return static_cast<qint64>(size);
}

namespace {

class MountReader
{
public:
    explicit MountReader(const ValueExpander &expand) : m_expand(expand) {}

    Result<MountOptions> read(const QStringList &fields)
    {
        for (const QString &field : fields) {
            if (const Result<> taken = takeField(field); !taken)
                return std::unexpected(taken.error());
        }
        if (const Result<> fine = check(); !fine)
            return std::unexpected(fine.error());
        return m_mount;
    }

private:
    Result<> takeField(const QString &field);
    Result<> takeBare(const QString &key, const QString &field);
    Result<> takeValue(const QString &key, const QString &value, const QString &field);
    Result<> takeType(const QString &value);
    Result<> takeSharing(const QString &value);
    Result<> takeSize(const QString &key, const QString &value);
    Result<> takeFlag(const QString &key, const QString &value);
    Result<> check();
    [[nodiscard]] Result<> wrongType(const QString &key) const
    {
        return bad(u"unexpected key '%1' for mount type '%2'"_s.arg(key, typeName(m_mount.type)));
    }
    [[nodiscard]] bool canBeRequired() const
    {
        return m_mount.type == Type::Secret || m_mount.type == Type::Ssh;
    }

    const ValueExpander &m_expand;
    MountOptions m_mount;
    bool m_accessGiven = false;
};

Result<> MountReader::takeField(const QString &field)
{
    const qsizetype equals = field.indexOf(u'=');
    const QString key = (equals < 0 ? field : field.first(equals)).toLower();
    if (equals < 0)
        return takeBare(key, field);
    const Result<QString> value = m_expand(field.sliced(equals + 1));
    return value ? takeValue(key, *value, field) : std::unexpected(value.error());
}

Result<> MountReader::takeBare(const QString &key, const QString &field)
{
    static const QStringList flags{u"readonly"_s, u"ro"_s, u"readwrite"_s, u"rw"_s, u"required"_s};
    if (!flags.contains(key))
        return bad(u"invalid field '%1' must be a key=value pair"_s.arg(field));
    return takeFlag(key, u"true"_s);
}

Result<> MountReader::takeFlag(const QString &key, const QString &value)
{
    if (key == "required"_L1 && !canBeRequired())
        return wrongType(key);
    const Result<bool> flag = readBool(key, value);
    if (!flag)
        return std::unexpected(flag.error());
    if (key == "required"_L1) {
        m_mount.required = *flag;
        return {};
    }
    m_mount.readOnly = key.startsWith("readw"_L1) || key == "rw"_L1 ? !*flag : *flag;
    m_accessGiven = true;
    return {};
}

Result<> MountReader::takeType(const QString &value)
{
    QStringList names;
    for (const Type type : {Type::Bind, Type::Cache, Type::Tmpfs, Type::Secret, Type::Ssh}) {
        names << typeName(type);
        if (value.toLower() == names.last()) {
            m_mount.type = type;
            return {};
        }
    }
    return bad(u"unsupported mount type "_s + goQuoted(value) +
               suggestionFor(value, names, Qt::CaseSensitive));
}

Result<> MountReader::takeSharing(const QString &value)
{
    const QStringList modes{u"shared"_s, u"private"_s, u"locked"_s};
    m_mount.sharing = value.toLower();
    if (modes.contains(m_mount.sharing))
        return {};
    return bad(u"unsupported sharing value "_s + goQuoted(value) +
               suggestionFor(value, modes, Qt::CaseSensitive));
}

Result<> MountReader::takeSize(const QString &key, const QString &value)
{
    if (m_mount.type != Type::Tmpfs)
        return wrongType(key);
    const std::optional<qint64> size = readSize(value);
    if (!size)
        return bad(u"invalid value for %1: %2"_s.arg(key, value));
    m_mount.size = *size;
    return {};
}

Result<> MountReader::takeValue(const QString &key, const QString &value, const QString &field)
{
    static const QMap<QString, QString MountOptions::*> texts{
        {u"from"_s, &MountOptions::from},  {u"source"_s, &MountOptions::source},
        {u"src"_s, &MountOptions::source}, {u"target"_s, &MountOptions::target},
        {u"dst"_s, &MountOptions::target}, {u"destination"_s, &MountOptions::target},
        {u"id"_s, &MountOptions::id}};
    static const QMap<QString, std::optional<quint32> MountOptions::*> numbers{
        {u"mode"_s, &MountOptions::mode}, {u"uid"_s, &MountOptions::uid}, {u"gid"_s, &MountOptions::gid}};
    if (texts.contains(key)) {
        m_mount.*texts[key] = value;
        return {};
    }
    if (numbers.contains(key)) {
        const Result<quint32> number = readNumber(key, value, key == "mode"_L1 ? 8 : 10);
        if (number)
            m_mount.*numbers[key] = *number;
        return number ? Result<>() : std::unexpected(number.error());
    }
    if (key == "type"_L1)
        return takeType(value);
    if (key == "sharing"_L1)
        return takeSharing(value);
    if (key == "size"_L1)
        return takeSize(key, value);
    if (key == "env"_L1) {
        m_mount.env = value;
        return {};
    }
    static const QStringList flags{u"readonly"_s, u"ro"_s, u"readwrite"_s, u"rw"_s, u"required"_s};
    if (flags.contains(key))
        return takeFlag(key, value);
    static const QStringList known{
        u"type"_s, u"from"_s, u"source"_s, u"target"_s, u"readonly"_s, u"id"_s, u"sharing"_s, u"required"_s,
        u"mode"_s, u"uid"_s,  u"gid"_s,    u"src"_s,    u"dst"_s,      u"ro"_s, u"rw"_s,      u"readwrite"_s};
    return bad(u"unexpected key '%1' in '%2'"_s.arg(key, field) +
               suggestionFor(key, known, Qt::CaseSensitive));
}

Result<> MountReader::check()
{
    const QString type = typeName(m_mount.type);
    if (m_mount.type == Type::Bind || m_mount.type == Type::Tmpfs) {
        for (const auto &[name, given] :
             {std::pair(u"mode"_s, m_mount.mode.has_value()), std::pair(u"uid"_s, m_mount.uid.has_value()),
              std::pair(u"gid"_s, m_mount.gid.has_value())}) {
            if (given)
                return bad(u"%1 not allowed for %2 type mounts"_s.arg(name, goQuoted(type)));
        }
    }
    if (!m_accessGiven)
        m_mount.readOnly = m_mount.type != Type::Cache && m_mount.type != Type::Tmpfs;
    if (m_mount.type == Type::Secret) {
        if (!m_mount.from.isEmpty())
            return bad(u"secret mount should not have a from"_s);
        if (!m_mount.sharing.isEmpty())
            return bad(u"secret mount should not define sharing"_s);
        if (m_mount.source.isEmpty() && m_mount.target.isEmpty() && m_mount.id.isEmpty())
            return bad(u"invalid secret mount. one of source, target required"_s);
        if (!m_mount.source.isEmpty() && !m_mount.id.isEmpty())
            return bad(u"both source and id can't be set"_s);
    }
    if (!m_mount.sharing.isEmpty() && m_mount.type != Type::Cache)
        return bad(u"invalid cache sharing set for %1 mount"_s.arg(type));
    if (m_mount.type == Type::Ssh && !m_mount.source.isEmpty())
        return bad(u"ssh does not support source"_s);
    return {};
}

} // namespace

Result<MountOptions> readMount(const QString &value, const ValueExpander &expand)
{
    const Result<QStringList> fields = fieldsOf(value);
    return fields ? MountReader(expand).read(*fields) : std::unexpected(fields.error());
}

Result<QString> mountFrom(const QString &value)
{
    const Result<QStringList> fields = fieldsOf(value);
    if (!fields)
        return std::unexpected(fields.error());
    QString from;
    for (const QString &field : *fields) {
        const qsizetype equals = field.indexOf(u'=');
        if (equals < 0 || field.first(equals).toLower() != "from"_L1)
            continue;
        from = field.sliced(equals + 1);
        if (const qsizetype dollar = from.indexOf(u'$'); dollar >= 0 && dollar + 1 < from.size())
            return bad(u"'from' doesn't support variable expansion, define alias stage instead"_s);
    }
    return from;
}

} // namespace cooperage::dockerfile
