#include "core/base/sha256.h"

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

namespace cooperage {

struct Sha256::Context
{
    EVP_MD_CTX *evp = EVP_MD_CTX_new();
    ~Context() { EVP_MD_CTX_free(evp); }
};

// Fetched once: EVP_sha256() looks the implementation up at every use.
static const EVP_MD *algorithm()
{
    static EVP_MD *const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

Sha256::Sha256() : m_context(std::make_unique<Context>())
{
    EVP_DigestInit_ex2(m_context->evp, algorithm(), nullptr);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::update(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_context->evp, bytes.data(), static_cast<size_t>(bytes.size()));
}

QByteArray Sha256::hexDigest()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_context->evp, digest.data(), &length);
    EVP_DigestInit_ex2(m_context->evp, algorithm(), nullptr);
    return QByteArray(reinterpret_cast<const char *>(digest.data()), length).toHex();
}

QByteArray Sha256::hex(QByteArrayView bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.hexDigest();
}

Result<QByteArray> sha256OfFile(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return std::unexpected(
            systemError(errno, QCoreApplication::translate("Sha256", "Cannot read the file"), path));
    Sha256 hash;
    QByteArray buffer(256 * 1024, Qt::Uninitialized);
    ssize_t got = 0;
    while ((got = ::read(fd, buffer.data(), static_cast<size_t>(buffer.size()))) > 0)
        hash.update(QByteArrayView(buffer.constData(), got));
    const int readError = errno;
    ::close(fd);
    if (got < 0)
        return std::unexpected(
            systemError(readError, QCoreApplication::translate("Sha256", "Cannot read the file"), path));
    return hash.hexDigest();
}

} // namespace cooperage
