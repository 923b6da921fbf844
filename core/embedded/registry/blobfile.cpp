#include "core/embedded/registry/blobfile.h"

#include "core/embedded/archive/scratchfile.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace cooperage::embedded {

namespace {

struct BlobText
{
    Q_DECLARE_TR_FUNCTIONS(BlobFile)
};

} // namespace

BlobFile::BlobFile(Fd file, const Descriptor &descriptor, std::function<void(qint64)> arrived)
    : m_file(std::move(file)), m_descriptor(descriptor), m_arrived(std::move(arrived))
{
}

std::string BlobFile::range() const
{
    return m_size > 0 && m_resumes ? "bytes=" + std::to_string(m_size) + '-' : std::string();
}

bool BlobFile::continues(const HttpReply &head) const
{
    const std::string expected = "bytes " + std::to_string(m_size) + '-';
    const std::string total = '/' + std::to_string(m_descriptor.size);
    const std::string range = head.header("content-range");
    return range.starts_with(expected) && range.ends_with(total);
}

Result<> BlobFile::begin(const HttpReply &head)
{
    if (head.status != 206) {
        restart();
        return {};
    }
    if (!range().empty() && continues(head))
        return {};
    rangeRefused();
    return failure(ErrorKind::Unreachable, BlobText::tr("The server sent another part than was asked for"),
                   QString::fromLatin1(m_descriptor.digest));
}

Result<> BlobFile::write(QByteArrayView bytes)
{
    const QString where = QString::fromLatin1(m_descriptor.digest);
    if (bytes.size() > m_descriptor.size - m_size)
        return failure(
            ErrorKind::BadInput,
            BlobText::tr("The server sent more than the %1 bytes of this layer").arg(m_descriptor.size),
            where,
            BlobText::tr("A proxy may have altered the download; try another network, or tell the "
                         "registry's operator."));
    if (auto wrote = writeAt(m_file.get(), bytes, m_size); !wrote)
        return wrote;
    m_hash.update(bytes);
    m_size += bytes.size();
    m_received += bytes.size();
    m_arrived(bytes.size());
    return {};
}

Result<> BlobFile::finish()
{
    const QString where = QString::fromLatin1(m_descriptor.digest);
    if (m_size < m_descriptor.size)
        return failure(
            ErrorKind::Unreachable,
            BlobText::tr("The download ended after %1 of %2 bytes").arg(m_size).arg(m_descriptor.size), where,
            BlobText::tr("Try again."));
    if ("sha256:" + m_hash.hexDigest() == m_descriptor.digest)
        return {};
    return failure(
        ErrorKind::BadInput, BlobText::tr("What was downloaded is not what its digest says"), where,
        BlobText::tr("A proxy may have altered the download; try another network, or tell the registry's "
                     "operator."));
}

void BlobFile::rangeRefused()
{
    m_resumes = false;
    restart();
}

void BlobFile::restart()
{
    m_arrived(-m_size);
    m_size = 0;
    m_hash = Sha256();
}

} // namespace cooperage::embedded
