#include "core/embedded/archive/foldermembers.h"

#include "core/embedded/store/rootpath.h"

#include <QCoreApplication>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace cooperage::embedded {

namespace {

struct FolderText
{
    Q_DECLARE_TR_FUNCTIONS(FolderMembers)
};

/// A file with its own descriptor.
class OwnedFileStream final : public ByteStream
{
public:
    OwnedFileStream(Fd fd, QString name, std::stop_token stop)
        : m_fd(std::move(fd)), m_file(m_fd.get(), std::move(name), std::move(stop))
    {
    }
    [[nodiscard]] Result<QByteArrayView> next() override { return m_file.next(); }

private:
    Fd m_fd;
    FileStream m_file;
};

} // namespace

bool FolderMembers::isOciLayout() const
{
    return openFile("index.json") && openFile("oci-layout");
}

bool FolderMembers::isDockerArchive() const
{
    return openFile("manifest.json").has_value();
}

Result<Fd> FolderMembers::openFile(const std::string &member) const
{
    // Not blocking: a pipe in the place of a file must not hold up the import.
    Fd fd(openInRoot(m_folder.get(), member, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) < 0)
        return std::unexpected(
            systemError(errno, FolderText::tr("A file of the image cannot be opened"), where(member)));
    if (!S_ISREG(info.st_mode))
        return failure(ErrorKind::BadInput, FolderText::tr("The image refers to something that is no file"),
                       where(member), FolderText::tr("Save the image again."));
    return fd;
}

Result<QByteArray> FolderMembers::bytes(const std::string &member) const
{
    const auto stream = open(member);
    return stream ? readAll(**stream) : std::unexpected(stream.error());
}

Result<std::unique_ptr<ByteStream>> FolderMembers::open(const std::string &member) const
{
    return openFile(member).transform([&](Fd fd) -> std::unique_ptr<ByteStream> {
        return std::make_unique<OwnedFileStream>(std::move(fd), where(member), m_stop);
    });
}

Result<qint64> FolderMembers::size(const std::string &member) const
{
    return openFile(member).transform([](const Fd &fd) {
        struct stat info{};
        return ::fstat(fd.get(), &info) == 0 ? qint64(info.st_size) : 0;
    });
}

} // namespace cooperage::embedded
