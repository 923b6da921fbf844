#pragma once

#include "core/embedded/archive/imagemembers.h"
#include "core/embedded/archive/tarreader.h"
#include "core/embedded/store/fd.h"

#include <map>
#include <string>

namespace cooperage::embedded {

/// One file of an archive, read where it lies.
class MemberStream final : public ByteStream
{
public:
    MemberStream(int fd, const QString &name, qint64 headerOffset, std::stop_token stop);
    [[nodiscard]] Result<QByteArrayView> next() override;

private:
    QString m_name;
    FileStream m_file;
    TarReader m_reader;
    bool m_started = false;
    qint64 m_read = 0;
};

/// What an archive file holds: one pass over it tells whether it is an image and where its files lie. Links
/// between the files are resolved inside the archive only.
class ArchiveMembers final : public ImageMembers
{
public:
    /// `fd` must stay open. Stops looking as soon as it sees that the archive is a root filesystem.
    [[nodiscard]] static Result<ArchiveMembers> read(int fd, const QString &name, std::stop_token stop);

    /// Whether manifest.json or index.json and oci-layout are there; otherwise it is a root filesystem.
    [[nodiscard]] bool isDockerArchive() const;
    [[nodiscard]] bool isOciLayout() const;
    [[nodiscard]] bool isCompressed() const { return m_compressed; }
    /// Where to read from when the archive itself was compressed: its decompressed bytes.
    void setPlainFile(int fd) { m_fd = fd; }

    /// Where the last file ends in the decompressed bytes, but for the padding.
    [[nodiscard]] qint64 end() const;

    [[nodiscard]] const QString &name() const override { return m_name; }
    [[nodiscard]] Result<QByteArray> bytes(const std::string &member) const override;
    [[nodiscard]] Result<std::unique_ptr<ByteStream>> open(const std::string &member) const override;
    [[nodiscard]] Result<qint64> size(const std::string &member) const override;

private:
    struct Member
    {
        qint64 offset = 0;
        qint64 size = 0;
        std::string target{}; ///< Where a link leads, as a clean path of the archive.
    };

    ArchiveMembers(int fd, QString name, std::stop_token stop);
    [[nodiscard]] Result<> scan(ByteStream &stream);
    [[nodiscard]] Result<> note(TarReader &reader, archive_entry *entry, const std::string &path);
    [[nodiscard]] Result<const Member *> find(const std::string &member) const;

    int m_fd;
    QString m_name;
    std::stop_token m_stop;
    bool m_compressed = false;
    std::map<std::string, Member> m_members;
    std::map<std::string, QByteArray> m_documents; ///< The files that tell what the archive is.
};

} // namespace cooperage::embedded
