#pragma once

#include "core/embedded/archive/imagemembers.h"
#include "core/embedded/store/fd.h"

namespace cooperage::embedded {

/// The files of an image in a folder: an OCI layout, or an unpacked docker-archive. Links in it end at the
/// folder.
class FolderMembers final : public ImageMembers
{
public:
    FolderMembers(Fd folder, QString name, std::stop_token stop)
        : m_folder(std::move(folder)), m_name(std::move(name)), m_stop(std::move(stop))
    {
    }

    [[nodiscard]] bool isOciLayout() const;
    [[nodiscard]] bool isDockerArchive() const;

    [[nodiscard]] const QString &name() const override { return m_name; }
    [[nodiscard]] Result<QByteArray> bytes(const std::string &member) const override;
    [[nodiscard]] Result<std::unique_ptr<ByteStream>> open(const std::string &member) const override;
    [[nodiscard]] Result<qint64> size(const std::string &member) const override;

private:
    [[nodiscard]] Result<Fd> openFile(const std::string &member) const;

    Fd m_folder;
    QString m_name;
    std::stop_token m_stop;
};

} // namespace cooperage::embedded
