#include "core/embedded/archive/imagemembers.h"

#include "core/embedded/archive/entrypath.h"
#include "core/embedded/archive/imagedocuments.h"

#include <QCoreApplication>

namespace cooperage::embedded {

QString ImageMembers::where(const std::string &member) const
{
    return name() + QStringLiteral(": ") + shownPath(member);
}

Result<QByteArray> ImageMembers::readAll(ByteStream &stream)
{
    QByteArray bytes;
    for (;;) {
        const auto piece = stream.next();
        if (!piece)
            return std::unexpected(piece.error());
        if (piece->isEmpty())
            return bytes;
        bytes.append(*piece);
        if (bytes.size() > maximumDocument)
            return failure(ErrorKind::BadInput,
                           QCoreApplication::translate("ImageMembers",
                                                       "A description in the archive is larger than 4 MiB"));
    }
}

} // namespace cooperage::embedded
