#include "core/embedded/registry/memorybody.h"

#include <QCoreApplication>

namespace cooperage::embedded {

Result<> MemoryBody::begin(const HttpReply &)
{
    m_bytes.clear();
    return {};
}

Result<> MemoryBody::write(QByteArrayView bytes)
{
    if (bytes.size() > m_limit - m_bytes.size())
        return failure(ErrorKind::BadInput, QCoreApplication::translate(
                                                "MemoryBody", "The server's answer is larger than %1 bytes")
                                                .arg(m_limit));
    m_bytes.append(bytes);
    return {};
}

} // namespace cooperage::embedded
