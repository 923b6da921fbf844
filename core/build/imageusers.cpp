#include "core/build/imageusers.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::build {

static QString tr(const char *text)
{
    return QCoreApplication::translate("ImageUsers", text);
}

static std::optional<quint32> number(const QString &text)
{
    bool isNumber = false;
    const quint32 value = text.toUInt(&isNumber);
    return isNumber ? std::optional(value) : std::nullopt;
}

// The fields of the line whose field `column` is `value`.
static QStringList findLine(const QByteArray &table, int column, const QString &value)
{
    for (const QString &line : QString::fromUtf8(table).split(u'\n')) {
        const QStringList fields = line.split(u':');
        if (fields.size() > 2 && fields.value(column) == value)
            return fields;
    }
    return {};
}

static std::unexpected<Error> unknown(const QString &what, const QString &file)
{
    return failure(ErrorKind::NotFound, what, {},
                   tr("Add it to %1 with a RUN before this line, or give a number.").arg(file));
}

static Result<quint32> groupId(const QString &name, OwnerUse use, const QByteArray &group)
{
    if (const auto id = number(name))
        return *id;
    if (name == "root"_L1)
        return 0;
    if (const auto id = number(findLine(group, 0, name).value(2)))
        return *id;
    if (use == OwnerUse::Chown)
        return 0;
    return unknown(tr("The image has no group \"%1\"").arg(name), u"/etc/group"_s);
}

Result<Owner> ownerFrom(const QString &text, OwnerUse use, const QByteArray &passwd, const QByteArray &group)
{
    const QString user = text.section(u':', 0, 0);
    const QString groupName = text.section(u':', 1);
    Owner owner;
    if (const auto id = number(user)) {
        owner.uid = *id;
        const auto primary = number(findLine(passwd, 2, user).value(3));
        owner.gid = use == OwnerUse::Chown ? *id : primary.value_or(0);
    } else if (!user.isEmpty() && user != "root"_L1) {
        const QStringList fields = findLine(passwd, 0, user);
        const auto uid = number(fields.value(2));
        if (!uid && use == OwnerUse::User)
            return unknown(tr("The image has no user \"%1\"").arg(user), u"/etc/passwd"_s);
        owner = {uid.value_or(0), number(fields.value(3)).value_or(0)};
    }
    if (!groupName.isEmpty()) {
        const Result<quint32> gid = groupId(groupName, use, group);
        if (!gid)
            return std::unexpected(gid.error());
        owner.gid = *gid;
    }
    return owner;
}

engine::Task<Owner> findOwner(ImageTree *tree, QString image, QString text, OwnerUse use,
                              std::stop_token stop)
{
    const auto isPlain = [](const QString &part) {
        return part.isEmpty() || part == "root"_L1 || number(part);
    };
    const bool plainUser = isPlain(text.section(u':', 0, 0));
    const bool plainGroup = isPlain(text.section(u':', 1));
    const bool numericUser = number(text.section(u':', 0, 0)).has_value();
    const bool wantsPasswd = !plainUser || (use == OwnerUse::User && numericUser && !text.contains(u':'));
    QByteArray passwd;
    QByteArray group;
    if (use == OwnerUse::Chown && image.isEmpty() && !(plainUser && plainGroup))
        co_return failure(ErrorKind::BadInput, tr("invalid user index: -1"), {},
                          tr("An empty file system has no names of users: give numbers."));
    if (wantsPasswd) {
        const auto bytes = co_await tree->read(image, u"/etc/passwd"_s, stop);
        if (!bytes)
            co_return std::unexpected(bytes.error());
        passwd = bytes->value_or(QByteArray());
    }
    if (!plainGroup) {
        const auto bytes = co_await tree->read(image, u"/etc/group"_s, stop);
        if (!bytes)
            co_return std::unexpected(bytes.error());
        group = bytes->value_or(QByteArray());
    }
    co_return ownerFrom(text, use, passwd, group);
}

} // namespace cooperage::build
