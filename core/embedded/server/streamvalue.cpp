#include "core/embedded/server/streamvalue.h"

#include <QString>

#include <algorithm>

namespace cooperage::embedded {

using namespace Qt::StringLiterals;

QJsonObject streamValue(const QByteArray &bytes)
{
    const bool plain = std::ranges::all_of(
        bytes, [](char c) { return (c >= 32 && c <= 126) || c == '\t' || c == '\n' || c == '\r'; });
    return {{u"value"_s, QString::fromLatin1(plain ? bytes : bytes.toBase64())},
            {u"encoding"_s, plain ? u"ascii"_s : u"base64"_s}};
}

QJsonObject streamValue(const QByteArray &bytes, bool truncated)
{
    QJsonObject result = streamValue(bytes);
    result[u"truncated"_s] = truncated;
    return result;
}

} // namespace cooperage::embedded
