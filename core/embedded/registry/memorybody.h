#pragma once

#include "core/embedded/registry/httptransport.h"

namespace cooperage::embedded {

/// A body kept in memory, refused above a limit.
class MemoryBody final : public BodySink
{
public:
    explicit MemoryBody(qint64 limit) : m_limit(limit) {}

    [[nodiscard]] Result<> begin(const HttpReply &head) override;
    [[nodiscard]] Result<> write(QByteArrayView bytes) override;
    [[nodiscard]] Result<> finish() override { return {}; }
    [[nodiscard]] qint64 received() const override { return m_bytes.size(); }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }

private:
    qint64 m_limit;
    QByteArray m_bytes;
};

} // namespace cooperage::embedded
