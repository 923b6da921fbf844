#pragma once

#include <QByteArray>
#include <QIODevice>

#include <algorithm>
#include <cstring>

namespace cooperage::engine::contree {

/// A request body that can be read once. Qt sends a request again by itself when the server closes the
/// connection before answering; a command must not be run twice, so its body must not be there a second time.
class OnceBuffer : public QIODevice
{
    Q_OBJECT

public:
    explicit OnceBuffer(QByteArray bytes) : m_bytes(std::move(bytes)) {}

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    [[nodiscard]] qint64 bytesAvailable() const override
    {
        return m_bytes.size() - m_position + QIODevice::bytesAvailable();
    }
    bool seek(qint64) override { return false; } // Qt asks for it before it sends a body again.
    [[nodiscard]] bool atEnd() const override { return bytesAvailable() == 0; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, m_bytes.size() - m_position);
        if (count <= 0)
            return -1;
        std::memcpy(data, m_bytes.constData() + m_position, static_cast<size_t>(count));
        m_position += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_bytes;
    qint64 m_position = 0;
};

} // namespace cooperage::engine::contree
