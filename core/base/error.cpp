#include "core/base/error.h"

#include <QCoreApplication>

#include <cerrno>
#include <cstring>

namespace cooperage {

QString Error::text() const
{
    QString result = where.isEmpty() ? what : where + QStringLiteral(": ") + what;
    if (!next.isEmpty()) {
        const bool ended = result.endsWith(u'.') || result.endsWith(u'!') || result.endsWith(u'?');
        result += (ended ? QStringLiteral(" ") : QStringLiteral(". ")) + next;
    }
    return result;
}

static ErrorKind kindOfErrno(int errnoValue)
{
    switch (errnoValue) {
    case ENOSPC:
    case EDQUOT:
        return ErrorKind::Full;
    case ENOENT:
        return ErrorKind::NotFound;
    case EACCES:
    case EPERM:
        return ErrorKind::Denied;
    default:
        return ErrorKind::Failed;
    }
}

Error systemError(int errnoValue, const QString &what, const QString &where)
{
    Error error{kindOfErrno(errnoValue),
                what + QStringLiteral(": ") + QString::fromLocal8Bit(std::strerror(errnoValue)), where};
    if (error.kind == ErrorKind::Full)
        error.next = QCoreApplication::translate("Error", "Free some space on that disk and try again.");
    return error;
}

} // namespace cooperage
