#pragma once

#include "core/base/sha256.h"
#include "core/embedded/archive/imagedocuments.h"
#include "core/embedded/registry/httptransport.h"
#include "core/embedded/store/fd.h"

namespace cooperage::embedded {

/// A blob that is written to a file as it arrives and hashed on the way. After a cut connection it goes on
/// where it stopped, if the server can; it never takes more bytes than its descriptor says, and finish()
/// fails unless they are exactly those that the digest names.
class BlobFile final : public BodySink
{
public:
    /// `arrived` is told every change of the number of bytes here, which falls when the server makes it begin
    /// again.
    BlobFile(Fd file, const Descriptor &descriptor, std::function<void(qint64 change)> arrived);

    [[nodiscard]] std::string range() const override;
    [[nodiscard]] Result<> begin(const HttpReply &head) override;
    [[nodiscard]] Result<> write(QByteArrayView bytes) override;
    [[nodiscard]] Result<> finish() override;
    void rangeRefused() override;
    [[nodiscard]] qint64 received() const override { return m_received; }

    [[nodiscard]] int fd() const { return m_file.get(); }

private:
    void restart();
    [[nodiscard]] bool continues(const HttpReply &head) const;

    Fd m_file;
    Descriptor m_descriptor;
    std::function<void(qint64)> m_arrived;
    Sha256 m_hash;
    qint64 m_size = 0;
    qint64 m_received = 0; ///< Also counts what came before beginning again.
    bool m_resumes = true;
};

} // namespace cooperage::embedded
