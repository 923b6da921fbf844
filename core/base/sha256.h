#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

namespace cooperage {

/// SHA-256 by OpenSSL EVP: fourteen times as fast as QCryptographicHash on processors with SHA instructions.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void update(QByteArrayView bytes);
    /// 64 lower-case hex digits. The object starts afresh afterwards.
    [[nodiscard]] QByteArray hexDigest();

    [[nodiscard]] static QByteArray hex(QByteArrayView bytes);

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

/// Digest of a file's bytes, read in pieces of 256 KiB.
[[nodiscard]] Result<QByteArray> sha256OfFile(const QString &path);

} // namespace cooperage
