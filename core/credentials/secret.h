#pragma once

#include <QByteArray>
#include <QString>

#include <openssl/crypto.h>
#include <utility>

namespace cooperage::credentials {

/// A password or token in memory. Its bytes are its own (never shared with another string) and are
/// overwritten when it is gone.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArrayView bytes) : m_bytes(bytes.data(), bytes.size()) {}
    explicit Secret(const QString &text) : m_bytes(text.toUtf8()) {}
    Secret(const Secret &other) : Secret(QByteArrayView(other.m_bytes)) {}
    Secret(Secret &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}
    Secret &operator=(Secret other) noexcept
    {
        m_bytes.swap(other.m_bytes);
        return *this;
    }
    ~Secret()
    {
        if (!m_bytes.isEmpty())
            OPENSSL_cleanse(m_bytes.data(), static_cast<size_t>(m_bytes.size()));
    }

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] QByteArrayView bytes() const { return m_bytes; }
    /// A copy that the caller must drop soon: see `wipe`.
    [[nodiscard]] QString text() const { return QString::fromUtf8(m_bytes); }

private:
    QByteArray m_bytes;
};

/// Overwrites a text that nothing else shares, and empties it.
inline void wipe(QString &text)
{
    if (!text.isEmpty() && text.isDetached())
        OPENSSL_cleanse(text.data(), static_cast<size_t>(text.size()) * sizeof(QChar));
    text.clear();
}

} // namespace cooperage::credentials
